import * as v from 'valibot'

/** An event as it lies in the archive. */
export type ArchivedEvent = {
  partition: string
  sequence: number
  /** When the hub got it first, in ms since 1970. */
  enqueued: number
  /** Whether that is known to the millisecond: else it is the whole second that it fell into. */
  isExact: boolean
  key: string | undefined
  properties: Record<string, string | number | Buffer>
  body: Buffer
}

const Value = v.union([v.string(), v.number(), v.instance(Buffer)])
/** A map's value comes under the name of its type. */
const Wrapped = v.pipe(
  v.record(v.string(), Value),
  v.transform(wrapped => Object.values(wrapped)[0] ?? '')
)
const Properties = v.record(v.string(), Wrapped)

/** What Capture writes; other parts are of no use here. */
const EventData = v.object({
  SequenceNumber: v.number(),
  EnqueuedTimeUtc: v.string(),
  SystemProperties: Properties,
  Properties,
  Body: v.nullable(v.instance(Buffer))
})

/** `M/d/yyyy h:mm:ss tt`, as .NET prints an instant in the United States. */
const PRINTED = /^(\d+)\/(\d+)\/(\d{4}) (\d+):(\d\d):(\d\d) ([AP])M$/

/**
 * A record of a file of Capture. The milliseconds are among the system properties; a file that lacks them tells whole
 * seconds. What an operator has sent again says itself when the hub got it first. Throws where it is no such record.
 */
export function archivedEvent(partition: string, record: unknown): ArchivedEvent {
  const { SequenceNumber, EnqueuedTimeUtc, SystemProperties, Properties, Body } = v.parse(
    EventData,
    { ...(record as object) }
  )
  const told = Properties.enqueuedAt ?? SystemProperties['x-opt-enqueued-time']
  const key = SystemProperties['x-opt-partition-key']
  return {
    partition,
    sequence: SequenceNumber,
    enqueued: told === undefined ? secondOf(EnqueuedTimeUtc) : Number(told),
    isExact: told !== undefined,
    key: key === undefined ? undefined : String(key),
    properties: Properties,
    body: Body ?? Buffer.alloc(0)
  }
}

function secondOf(printed: string): number {
  const [, month, day, year, hour, minute, second, half] = PRINTED.exec(printed) ?? []
  if (!half) throw new Error(`The archive has an event of "${printed}", which is no instant.`)
  const hours = (Number(hour) % 12) + (half === 'P' ? 12 : 0)
  return Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    hours,
    Number(minute),
    Number(second)
  )
}
