import type { Board } from '#contract'
import { spreadOf } from '../bench/spread.ts'

/** A board as somebody came to know it; `at` by the service's clock. */
export type Seen = { at: number; board: Pick<Board, 'top' | 'window'> }

/** From each reading that moved a row of the top to the board that showed it, ms; none before the second board. */
export function delaysOf(startsAt: number, seen: readonly Seen[]): number[] {
  return seen.flatMap(({ at, board }, i) => {
    const before = seen[i - 1]
    if (!before || board.window <= before.board.window) return []
    const known = new Map(before.board.top.map(row => [row.bib, row.value]))
    return board.top
      .filter(row => row.value !== known.get(row.bib))
      .flatMap(row => (row.at === null ? [] : [at - startsAt - row.at]))
  })
}

/** Median and 99th percentile in words. */
export function spoken(delays: readonly number[]): string {
  const { p50, p99, n } = spreadOf(delays)
  const seconds = (ms: number) => (ms / 1_000).toFixed(2)
  return `p50 ${seconds(p50)} s, p99 ${seconds(p99)} s of ${n}`
}
