/**
 * The front of the field: for each second of the race the furthest value that anyone reached in it, and when.
 * From it follows when the front passed any value, so a gap is how long ago the leader was here, not distance over speed.
 */
export type Front = { value: Uint32Array; offset: Uint16Array }

/** Longest race whose front is kept, in s; beyond it gaps are not told. */
export const FRONT_MAX_SECONDS = 7_200
const SECOND_MS = 1_000

export const emptyFront = (): Front => ({ value: new Uint32Array(0), offset: new Uint16Array(0) })

/** The front with one reading more: `at` ms since the start. Any order of readings gives the same front. */
export function reach(front: Front, at: number, value: number): Front {
  const second = Math.min(Math.floor(at / SECOND_MS), FRONT_MAX_SECONDS - 1)
  const grown = second < front.value.length ? front : grow(front, second)
  const offset = Math.min(at - second * SECOND_MS, 0xffff)
  const known = grown.value[second]!
  if (value > known) {
    grown.value[second] = value
    grown.offset[second] = offset
  } else if (value === known && offset < grown.offset[second]!) {
    grown.offset[second] = offset
  }
  return grown
}

/** When the front passed a value, as a function of the value: ms since the start, linear between readings. */
export function passing(front: Front): (value: number) => number {
  const values = [0]
  const times = [0]
  for (let second = 0; second < front.value.length; second++) {
    const value = front.value[second]!
    if (value <= values.at(-1)!) continue
    values.push(value)
    times.push(second * SECOND_MS + front.offset[second]!)
  }
  return value => {
    let low = 0
    let high = values.length - 1
    if (value >= values[high]!) return times[high]!
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (values[middle]! <= value) low = middle
      else high = middle
    }
    const share = (value - values[low]!) / (values[high]! - values[low]!)
    return Math.round(times[low]! + share * (times[high]! - times[low]!))
  }
}

/** Base64 of values, then offsets. */
export const packFront = (front: Front): string =>
  Buffer.concat([
    Buffer.from(front.value.buffer, front.value.byteOffset, front.value.byteLength),
    Buffer.from(front.offset.buffer, front.offset.byteOffset, front.offset.byteLength)
  ]).toString('base64')

/** The inverse of `packFront`. */
export function unpackFront(text: string): Front {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'))
  const seconds = bytes.byteLength / 6
  return {
    value: new Uint32Array(bytes.buffer, 0, seconds),
    offset: new Uint16Array(bytes.buffer, seconds * 4, seconds)
  }
}

function grow(front: Front, second: number): Front {
  const grown = { value: new Uint32Array(second + 1), offset: new Uint16Array(second + 1) }
  grown.value.set(front.value)
  grown.offset.set(front.offset)
  return grown
}
