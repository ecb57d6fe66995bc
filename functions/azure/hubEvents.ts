import type { InvocationContext } from '@azure/functions'
import * as v from 'valibot'
import type { HubEvent } from '../stages/telemetry.ts'

/** By what name IoT Hub says which device it has let in: no sender reaches the system properties. */
export const DEVICE_PROPERTY = 'iothub-connection-device-id'

/** What the Event Hubs trigger says of a batch beside its bodies; all arrays are as long as the batch. */
const BatchMetadata = v.object({
  partitionContext: v.object({ partitionId: v.union([v.string(), v.number()]) }),
  propertiesArray: v.array(v.record(v.string(), v.unknown())),
  systemPropertiesArray: v.array(v.record(v.string(), v.unknown())),
  sequenceNumberArray: v.array(v.unknown()),
  enqueuedTimeUtcArray: v.array(v.union([v.string(), v.date()]))
})

/** A trigger batch as the telemetry stage knows it. Numbers may come as objects or text from the host: normalised here. */
export function hubEvents(bodies: unknown, context: InvocationContext): HubEvent[] {
  const metadata = v.parse(BatchMetadata, context.triggerMetadata)
  const partition = String(metadata.partitionContext.partitionId)
  return (bodies as unknown[]).map((body, i) => ({
    body,
    partition,
    properties: metadata.propertiesArray[i] ?? {},
    device: metadata.systemPropertiesArray[i]?.[DEVICE_PROPERTY],
    sequence: Number(metadata.sequenceNumberArray[i]),
    enqueued: new Date(metadata.enqueuedTimeUtcArray[i] ?? 0).getTime()
  }))
}
