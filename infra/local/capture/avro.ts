import { Readable } from 'node:stream'
import avro from 'avsc'

const values = ['long', 'double', 'string', 'bytes']

/** What Capture writes of each event. */
const EVENT_DATA = avro.Type.forSchema({
  type: 'record',
  name: 'EventData',
  namespace: 'Microsoft.ServiceBus.Messaging',
  fields: [
    { name: 'SequenceNumber', type: 'long' },
    { name: 'Offset', type: 'string' },
    { name: 'EnqueuedTimeUtc', type: 'string' },
    { name: 'SystemProperties', type: { type: 'map', values } },
    { name: 'Properties', type: { type: 'map', values } },
    { name: 'Body', type: ['null', 'bytes'] }
  ]
})

/** A value of a map, under the name of its type. */
export type Wrapped = { long: number } | { double: number } | { string: string } | { bytes: Buffer }

export type EventData = {
  SequenceNumber: number
  Offset: string
  /** Whole seconds, as .NET prints them in the United States: `12/2/2021 2:58:24 PM`. */
  EnqueuedTimeUtc: string
  SystemProperties: Record<string, Wrapped>
  Properties: Record<string, Wrapped>
  Body: Buffer | null
}

/** An object container file of these events. */
export async function encodeFile(events: EventData[]): Promise<Buffer> {
  const encoder = new avro.streams.BlockEncoder(EVENT_DATA, { codec: 'null' })
  return Buffer.concat(await Readable.from(events).pipe(encoder).toArray())
}

/** The sequence number of a file's last event. */
export async function lastSequence(file: Buffer): Promise<number> {
  const decoder = new avro.streams.BlockDecoder({ parseHook: () => EVENT_DATA })
  decoder.end(file)
  let last = -1
  for await (const { SequenceNumber } of decoder) last = SequenceNumber
  return last
}
