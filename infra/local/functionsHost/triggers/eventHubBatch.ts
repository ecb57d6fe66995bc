import type { ReceivedEventData } from '@azure/event-hubs'
import type { Invocation } from '../invoke.ts'

type PartitionContext = {
  fullyQualifiedNamespace: string
  eventHubName: string
  consumerGroup: string
  partitionId: string
}

/**
 * A batch as the service hands it to the app. Bodies go as strings, which the library reads as JSON
 * where it can. The service removes empty strings from arrays unless the app advertises
 * `IncludeEmptyEntriesInMessagePayload`, so keys may then not line up with the events.
 */
export function toInvocation(
  events: ReceivedEventData[],
  partitionContext: PartitionContext,
  withEmptyEntries: boolean
): Invocation {
  const entries = (texts: string[]) => (withEmptyEntries ? texts : texts.filter(Boolean))
  const json = (value: unknown) => ({ json: JSON.stringify(value) })
  const bodies = events.map(({ body }) => (Buffer.isBuffer(body) ? body.toString() : String(body)))
  const keys = events.map(({ partitionKey }) => partitionKey ?? '')
  return {
    data: { collectionString: { string: entries(bodies) } },
    triggerMetadata: {
      PartitionContext: json(partitionContext),
      PartitionKeyArray: json(entries(keys).map(decode)),
      OffsetArray: json(events.map(({ offset }) => decode(offset))),
      SequenceNumberArray: json(events.map(({ sequenceNumber }) => sequenceNumber)),
      EnqueuedTimeUtcArray: json(events.map(({ enqueuedTimeUtc }) => enqueuedTimeUtc)),
      PropertiesArray: json(events.map(({ properties }) => properties ?? {})),
      SystemPropertiesArray: json(
        events.map(event => ({
          ...event.systemProperties,
          SequenceNumber: event.sequenceNumber,
          Offset: event.offset,
          PartitionKey: event.partitionKey ?? null,
          EnqueuedTimeUtc: event.enqueuedTimeUtc
        }))
      )
    }
  }
}

/**
 * The library reads strings of a string array as JSON where it can: key `44` becomes a number. Done
 * here, because it does so by catching an error per plain string, at ten times the cost.
 */
function decode(text: string): unknown {
  if (!/^[\s\d"{[tfn-]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
