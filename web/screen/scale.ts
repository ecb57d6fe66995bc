import type { Row } from '#contract'

/** The longest gap line ends here, as a share of the whole: it stays clear of the edge. */
const LINE_SHARE = 0.88
/** Lengths of the road that read well, in s. */
const ROADS_S = [1, 2, 3, 6, 12, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600] as const

const longest = (rows: readonly Row[]): number =>
  Math.max(
    0,
    ...rows.filter(row => row.rank !== null && row.lapsDown === 0).map(row => row.gap ?? 0)
  )

/** What a gap line of full width stands for, in the unit of gaps. */
export const lineScale = (rows: readonly Row[]): number => Math.max(1, longest(rows) / LINE_SHARE)

/** What the whole road stands for, in s: a round number that takes the last row. */
export const roadSeconds = (rows: readonly Row[]): number =>
  ROADS_S.find(s => s * 1_000 >= longest(rows)) ?? ROADS_S[ROADS_S.length - 1]!

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
