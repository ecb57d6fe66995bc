import rhea from 'rhea'
import { Refusal } from './errors.ts'
import type { NewEvent, StoredEvent } from './record.ts'

const { types } = rhea

/** Message format of an envelope whose data sections are encoded messages; the official clients send no other. */
export const BATCH_FORMAT = 0x80013700
/** Code of the last section before the bare message: header, delivery annotations, message annotations. */
const MESSAGE_ANNOTATIONS = 0x72

/** The end of the AMQP value at `at`, told from its constructor alone (AMQP 1.0, part 1, 1.2). */
function endOfValue(bytes: Buffer, at: number): number {
  const width = bytes.readUInt8(at) >> 4
  if (width === 0x4) return at + 1
  if (width >= 0x5 && width <= 0x9) return at + 1 + 2 ** (width - 5)
  if (width === 0xa || width === 0xc || width === 0xe) return at + 2 + bytes.readUInt8(at + 1)
  if (width === 0xb || width === 0xd || width === 0xf) return at + 5 + bytes.readUInt32BE(at + 1)
  throw new Refusal('argument', 'The event is not an AMQP message')
}

const startOfContent = (bytes: Buffer, section: number) => endOfValue(bytes, section + 1)
const endOfSection = (bytes: Buffer, section: number) =>
  endOfValue(bytes, startOfContent(bytes, section))

/** Message annotations by name. */
type Annotations = Record<string, unknown>

/** A message's annotations, and its sections from the properties on. */
function split(encoded: Buffer): { annotations: Annotations; bare: Buffer } {
  let annotations: Annotations = {}
  for (let at = 0; ; at = endOfSection(encoded, at)) {
    // A descriptor's last byte is its code, in the short and in the long form.
    const code = encoded.readUInt8(startOfContent(encoded, at) - 1)
    if (code > MESSAGE_ANNOTATIONS) return { annotations, bare: encoded.subarray(at) }
    if (code < MESSAGE_ANNOTATIONS) continue
    const section = encoded.subarray(at, endOfSection(encoded, at))
    annotations = rhea.message.decode(section).message_annotations ?? {}
  }
}

function withAnnotations(annotations: Annotations, message: Buffer): Buffer {
  const encoded = rhea.message.encode({ message_annotations: annotations })
  // The encoder writes header, annotations, properties and body; the latter two are the message's.
  const head = encoded.subarray(0, endOfSection(encoded, endOfSection(encoded, 0)))
  return Buffer.concat([head, message])
}

/** What a sender says beside the partition key, which the envelope has too. */
const ownAnnotations = (annotations: Annotations): Annotations =>
  Object.fromEntries(Object.entries(annotations).filter(([name]) => !name.startsWith('x-opt-')))

/**
 * The events in an envelope, all with its partition key. Their bodies and properties are not decoded. `isAnnotated`
 * says that some have annotations of the sender's own, as IoT Hub's routed messages have.
 */
export function unpackBatch(envelope: Buffer): {
  key: string
  isAnnotated: boolean
  events: NewEvent[]
} {
  const { body, message_annotations: annotations } = rhea.message.decode(envelope)
  const key: string = annotations?.['x-opt-partition-key'] ?? ''
  const messages: unknown[] = body?.multiple ? body.content : [body?.content]
  let isAnnotated = false
  const events = messages.map(message => {
    if (!Buffer.isBuffer(message)) throw new Refusal('argument', 'The batch holds no data')
    const { annotations, bare } = split(message)
    const own = ownAnnotations(annotations)
    if (Object.keys(own).length === 0) return { key, message: bare }
    isAnnotated = true
    return { key, message: withAnnotations(own, bare) }
  })
  return { key, isAnnotated, events }
}

/** An event made of a body and application properties. */
export function packEvent(key: string, properties: Record<string, string>, body: Buffer): NewEvent {
  const message = rhea.message.encode({
    application_properties: properties,
    body: rhea.message.data_section(body)
  })
  return { key, message: split(message).bare }
}

/** The stored message with the service's annotations before it, ready to be sent. */
export function annotated({ sequence, position, enqueuedAt, key, message }: StoredEvent): Buffer {
  const { annotations, bare } = split(message)
  return withAnnotations(
    {
      ...annotations,
      'x-opt-sequence-number': types.wrap_long(sequence),
      'x-opt-offset': String(position),
      'x-opt-enqueued-time': types.wrap_timestamp(enqueuedAt),
      ...(key && { 'x-opt-partition-key': key })
    },
    bare
  )
}
