import type { Row } from '#contract'

/** The longest gap line ends here, as a share of the whole: it stays clear of the edge. */
const LINE_SHARE = 0.88
/** Lengths of the road that read well. */
const ROADS = {
  s: [1, 2, 3, 6, 12, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600],
  points: [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]
} as const

const longest = (rows: readonly Row[]): number =>
  Math.max(
    0,
    ...rows.filter(row => row.rank !== null && row.lapsDown === 0).map(row => row.gap ?? 0)
  )

/** What a gap line of full width stands for, in the unit of gaps. */
export const lineScale = (rows: readonly Row[]): number => Math.max(1, longest(rows) / LINE_SHARE)

/** What the whole road stands for: a round number that takes the last row, whose gap has so many `parts` of one. */
export const roadLength = (rows: readonly Row[], unit: keyof typeof ROADS, parts: number): number =>
  ROADS[unit].find(length => length * parts >= longest(rows)) ?? ROADS[unit].at(-1)!

/** Round values between two, about `count` of them, for an axis. */
export function roundTicks(from: number, to: number, count: number): number[] {
  if (to <= from) return [from]
  const rough = (to - from) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find(factor => factor * power >= rough) ?? 10)
  const first = Math.ceil(from / step)
  const length = Math.floor(to / step) - first + 1
  return Array.from({ length }, (_, i) => (first + i) * step)
}
