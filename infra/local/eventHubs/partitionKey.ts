/** Bytes that one round of the hash takes: three little-endian words. */
const ROUND_BYTES = 12

const rotate = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits))

/**
 * The partition that a key belongs to: Jenkins' lookup3 of its UTF-8 bytes, folded to a signed 16-bit number,
 * as the service and the official buffered producer compute it.
 */
export function partitionOfKey(key: string, partitions: number): number {
  const length = Buffer.byteLength(key)
  const words = Buffer.alloc(Math.max(1, Math.ceil(length / ROUND_BYTES)) * ROUND_BYTES)
  words.write(key)
  let a = (0xdeadbeef + length) | 0
  let b = a
  let c = a
  const take = (at: number) => {
    a = (a + words.readInt32LE(at)) | 0
    b = (b + words.readInt32LE(at + 4)) | 0
    c = (c + words.readInt32LE(at + 8)) | 0
  }
  const last = words.length - ROUND_BYTES
  for (let at = 0; at < last; at += ROUND_BYTES) {
    take(at)
    a = (a - c) ^ rotate(c, 4)
    c = (c + b) | 0
    b = (b - a) ^ rotate(a, 6)
    a = (a + c) | 0
    c = (c - b) ^ rotate(b, 8)
    b = (b + a) | 0
    a = (a - c) ^ rotate(c, 16)
    c = (c + b) | 0
    b = (b - a) ^ rotate(a, 19)
    a = (a + c) | 0
    c = (c - b) ^ rotate(b, 4)
    b = (b + a) | 0
  }
  if (length > 0) {
    take(last)
    c = (c ^ b) - rotate(b, 14)
    a = (a ^ c) - rotate(c, 11)
    b = (b ^ a) - rotate(a, 25)
    c = (c ^ b) - rotate(b, 16)
    a = (a ^ c) - rotate(c, 4)
    b = (b ^ a) - rotate(a, 14)
    c = (c ^ b) - rotate(b, 24)
  }
  const folded = ((c ^ b) << 16) >> 16
  return Math.abs(folded % partitions)
}
