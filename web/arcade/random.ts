/** One draw of mulberry32, a small generator of well spread numbers: the next state, and a value in [0, 1). */
export function drawn(state: number): { state: number; value: number } {
  const next = (state + 0x6d2b79f5) >>> 0
  let word = Math.imul(next ^ (next >>> 15), next | 1)
  word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
  return { state: next, value: ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296 }
}
