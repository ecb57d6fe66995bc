import { BOARD_TOP_ROWS, type BoardId, type CourseRecord, type Row } from '#contract'
import { comparison } from './boardId.ts'

/** What one competitor did best, and where. `at` is that race's start in ms since 1970. */
export type Best = {
  competitorId: string
  class: string
  value: number
  raceId: string
  bib: number
  at: number
}

/** Who a row of a classification is. */
export type Who = { competitorId: string; class: string }

/** The order of bests on a board: the better value, of equal ones who was there first, then the id, so that it is never left to chance. */
export function orderOf(board: BoardId): (a: Best, b: Best) => number {
  const compare = comparison(board)
  return (a, b) =>
    compare(a.value, b.value) || a.at - b.at || (a.competitorId < b.competitorId ? -1 : 1)
}

/** What counts on boards of a classification: a place, nobody else's driving, and somebody whom later races know. */
export const candidates = (
  rows: Row[],
  who: Map<number, Who>,
  race: { raceId: string; at: number }
): Best[] =>
  rows.flatMap(({ bib, rank, value, proxy }) => {
    const known = who.get(bib)
    if (rank === null || value === null || proxy || !known) return []
    return [{ ...known, value, bib, ...race }]
  })

/**
 * The first rows with a competitor's new best in its place, and without what the same one had there before. As bests only
 * ever get better, who fell out of them could come back only by such a new best: they are always the exact first.
 */
export function withBest(
  top: Best[],
  best: Best,
  order: (a: Best, b: Best) => number,
  kept = BOARD_TOP_ROWS
): Best[] {
  const others = top.filter(({ competitorId }) => competitorId !== best.competitorId)
  const below = others.findIndex(other => order(best, other) < 0)
  const index = below < 0 ? others.length : below
  return others.toSpliced(index, 0, best).slice(0, kept)
}

/**
 * Records that fell: in each class, and over all under the empty one, the best of a race where it is better than the best
 * until then, which is null on a board that had none: the first mark is a record too. Who share it share it.
 */
export function fallen(
  board: BoardId,
  bests: Best[],
  before: { class: string; value: number | null }[]
): CourseRecord[] {
  const compare = comparison(board)
  return before.flatMap(known => {
    const own = bests.filter(best => known.class === '' || best.class === known.class)
    const value = own.map(best => best.value).sort(compare)[0]
    if (value === undefined || (known.value !== null && compare(value, known.value) >= 0)) return []
    return own
      .filter(best => best.value === value)
      .map(({ bib }) => ({ bib, class: known.class, value, before: known.value }))
  })
}
