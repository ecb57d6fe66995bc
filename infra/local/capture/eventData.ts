import rhea from 'rhea'
import type { StoredEvent } from '../eventHubs/record.ts'
import type { EventData, Wrapped } from './avro.ts'

/** A stored event as Capture writes it. What the service knows in milliseconds is among the system properties. */
export function toEventData(event: StoredEvent): EventData {
  const { message_annotations, application_properties, body } = rhea.message.decode(event.message)
  return {
    SequenceNumber: event.sequence,
    Offset: String(event.position),
    EnqueuedTimeUtc: printed(new Date(event.enqueuedAt)),
    SystemProperties: {
      ...wrapAll(message_annotations),
      'x-opt-enqueued-time': { long: event.enqueuedAt },
      ...(event.key && { 'x-opt-partition-key': { string: event.key } })
    },
    Properties: wrapAll(application_properties),
    Body: bytesOf(body)
  }
}

/** `M/d/yyyy h:mm:ss tt`, in UTC. */
const printed = (at: Date): string =>
  at
    .toLocaleString('en-US', { timeZone: 'UTC', hourCycle: 'h12' })
    .replace(',', '')
    // A narrow space before AM and PM, by newer rules than .NET's.
    .replaceAll('\u202f', ' ')

const wrapAll = (properties: Record<string, unknown> = {}): Record<string, Wrapped> =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, wrap(value)]))

function wrap(value: unknown): Wrapped {
  if (Buffer.isBuffer(value)) return { bytes: value }
  if (value instanceof Date) return { long: value.getTime() }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { long: value } : { double: value }
  }
  return { string: String(value) }
}

/** The data sections of a body; null for bodies of another kind, which the product does not send. */
function bytesOf(body: unknown): Buffer | null {
  const content: unknown[] = [(body as { content?: unknown } | undefined)?.content].flat()
  return content.every(part => Buffer.isBuffer(part)) ? Buffer.concat(content) : null
}
