import type { Ghost, Ghosts } from '#contract/boards'

const MS_PER_S = 1_000

/** The place among all earlier performances at one second, and of how many with this one. */
export type GhostPlace = {
  place: number
  of: number
  /** Others were in the same bin, so the place may be this or a later one. */
  about: boolean
}

/** How a value stands among all earlier performances, `second` s after the start; undefined where none got so far. */
export function placeAmong(
  { seconds, width }: Pick<Ghosts, 'seconds' | 'width'>,
  second: number,
  value: number
): GhostPlace | undefined {
  const bins = seconds[second]
  const all = bins?.counts.reduce((sum, count) => sum + count, 0) ?? 0
  if (!bins || all === 0) return undefined
  const own = Math.floor(value / width) - bins.first
  const ahead = bins.counts.slice(Math.max(0, own + 1)).reduce((sum, count) => sum + count, 0)
  return { place: ahead + 1, of: all + 1, about: (bins.counts[own] ?? 0) > 0 }
}

/** Where a ghost was so long after the start, between its seconds; it stands where it ended. */
export function ghostValue({ values }: Pick<Ghost, 'values'>, elapsedMs: number): number {
  // Entry `s` is of the end of second `s`.
  const at = elapsedMs / MS_PER_S
  const second = Math.floor(at)
  const before = second === 0 ? 0 : (values[second - 1] ?? values.at(-1) ?? 0)
  const after = values[second] ?? values.at(-1) ?? 0
  return before + (after - before) * (at - second)
}

/** When a ghost had a value, in ms after the start; undefined where it never had. */
export function ghostTime({ values }: Pick<Ghost, 'values'>, value: number): number | undefined {
  const second = values.findIndex(reached => reached >= value)
  if (second < 0) return undefined
  const before = second === 0 ? 0 : (values[second - 1] ?? 0)
  const after = values[second] ?? before
  const share = after > before ? Math.max(0, value - before) / (after - before) : 0
  return (second + share) * MS_PER_S
}
