import { crc32 } from 'node:zlib'

/** An event that is to be stored. */
export type NewEvent = {
  /** Its partition key, or empty. */
  key: string
  /** Encoded AMQP sections from the properties on; before them only what IoT Hub annotates. */
  message: Buffer
}

/** An event as it lies in its partition's file. */
export type StoredEvent = NewEvent & {
  sequence: number
  /** Milliseconds since 1970. */
  enqueuedAt: number
  /** Byte positions of its record's start, which is the offset that clients see, and of the next record. */
  position: number
  end: number
}

// length u32, CRC32 u32 | sequence u64, enqueued ms u64, key length u16, key, message.
// Length and CRC are of what follows them.
const PREFIX_BYTES = 8
const FIXED_BYTES = 18

/** Writes an event's record. */
export function encodeRecord(event: Omit<StoredEvent, 'end' | 'position'>): Buffer {
  const key = Buffer.from(event.key)
  const fixed = Buffer.allocUnsafe(PREFIX_BYTES + FIXED_BYTES)
  fixed.writeUInt32BE(FIXED_BYTES + key.length + event.message.length, 0)
  fixed.writeBigUInt64BE(BigInt(event.sequence), 8)
  fixed.writeBigUInt64BE(BigInt(event.enqueuedAt), 16)
  fixed.writeUInt16BE(key.length, 24)
  const record = Buffer.concat([fixed, key, event.message])
  record.writeUInt32BE(crc32(record.subarray(PREFIX_BYTES)), 4)
  return record
}

/** Reads the whole records at the start of `bytes`, which begin at `position` of the file; stops at the first torn one. */
export function decodeRecords(bytes: Buffer, position: number): StoredEvent[] {
  const events: StoredEvent[] = []
  for (let at = 0; at + PREFIX_BYTES + FIXED_BYTES <= bytes.length; ) {
    const end = at + PREFIX_BYTES + bytes.readUInt32BE(at)
    const content = bytes.subarray(at + PREFIX_BYTES, end)
    if (end > bytes.length || content.length < FIXED_BYTES) break
    if (crc32(content) !== bytes.readUInt32BE(at + 4)) break
    const message = FIXED_BYTES + content.readUInt16BE(16)
    events.push({
      sequence: Number(content.readBigUInt64BE(0)),
      enqueuedAt: Number(content.readBigUInt64BE(8)),
      key: content.toString('utf8', FIXED_BYTES, message),
      message: content.subarray(message),
      position: position + at,
      end: position + end
    })
    at = end
  }
  return events
}
