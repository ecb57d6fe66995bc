import type {
  EventHubConsumerClient,
  PartitionProperties,
  ReceivedEventData
} from '@azure/event-hubs'
import type { HubEvent } from '../stages/telemetry.ts'
import { openHub, partitionsOf } from './hub.ts'
import { DEVICE_PROPERTY } from './hubEvents.ts'

const GROUP = 'replay'
/** Events of one batch, and how long one that is not full is waited for, in s. */
const BATCH_EVENTS = 500
const BATCH_WAIT_S = 1
/** A replay that takes longer is given up: whoever asked for it asks again. */
const TIMEOUT_MS = 300_000

/**
 * Hands on a race's events that the hub got after `from` and until `to` (ms since 1970), of a partition in their order.
 * Partitions are read side by side, each to where it ended at the beginning. Rejects when the hub failed.
 */
export async function replayRace(
  raceId: string,
  { from, to }: { from: number; to: number },
  take: (events: HubEvent[]) => Promise<void>
): Promise<void> {
  const hub = openHub(GROUP)
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const partitions = await partitionsOf(hub)
    await Promise.all(
      partitions
        .filter(({ isEmpty, lastEnqueuedOnUtc }) => !isEmpty && lastEnqueuedOnUtc.getTime() > from)
        .map(partition =>
          readPartition(hub, partition, { from, to, signal }, events =>
            take(
              events
                .filter(event => event.properties?.race === raceId)
                .map(event => hubEvent(event, partition.partitionId))
            )
          )
        )
    )
  } finally {
    await hub.close()
  }
}

/** Reads one partition from an instant on until it is past `to`, or where it ended. */
async function readPartition(
  hub: EventHubConsumerClient,
  { partitionId, lastEnqueuedSequenceNumber }: PartitionProperties,
  { from, to, signal }: { from: number; to: number; signal: AbortSignal },
  take: (events: ReceivedEventData[]) => Promise<void>
): Promise<void> {
  const { promise: read, resolve, reject } = Promise.withResolvers<void>()
  const onTimeout = () => reject(new Error(`partition ${partitionId} was not read in time`))
  signal.addEventListener('abort', onTimeout, { once: true })
  const subscription = hub.subscribe(
    partitionId,
    {
      async processEvents(events) {
        await take(events.filter(({ enqueuedTimeUtc }) => enqueuedTimeUtc.getTime() <= to))
        const last = events.at(-1)
        const isOver =
          last &&
          (last.sequenceNumber >= lastEnqueuedSequenceNumber || last.enqueuedTimeUtc.getTime() > to)
        if (isOver) resolve()
      },
      async processError(error) {
        reject(error)
      }
    },
    {
      startPosition: { enqueuedOn: from },
      maxBatchSize: BATCH_EVENTS,
      maxWaitTimeInSeconds: BATCH_WAIT_S
    }
  )
  try {
    await read
  } finally {
    signal.removeEventListener('abort', onTimeout)
    await subscription.close()
  }
}

/** An event as the telemetry stage knows it from the trigger. */
const hubEvent = (event: ReceivedEventData, partition: string): HubEvent => ({
  body: event.body,
  properties: event.properties ?? {},
  device: event.systemProperties?.[DEVICE_PROPERTY],
  partition,
  sequence: event.sequenceNumber,
  enqueued: event.enqueuedTimeUtc.getTime()
})
