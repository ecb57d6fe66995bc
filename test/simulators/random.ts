/** Uniform numbers in [0, 1). */
export type Random = () => number

/** The Mulberry32 generator: the same seed and stream give the same numbers on every machine. */
export function createRandom(seed: number, stream = 0): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A uniform number in [low, high). */
export const between = (random: Random, low: number, high: number): number =>
  low + random() * (high - low)

/** A normally distributed number by Box and Muller, cut off at `low` and `high`. */
export function normal(random: Random, mean: number, deviation: number, low: number, high: number) {
  const unit = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.min(high, Math.max(low, mean + deviation * unit))
}

/** One entry of a list. */
export const pick = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)]!
