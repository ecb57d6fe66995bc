import type { Row } from '#contract'
import { RANK_PAGE_ROWS } from '#contract/race'
import { bibPlace, type Held } from '../mobile/held.ts'
import type { Result } from '../mobile/places.ts'
import { isOut } from '../order.ts'

/** A line of a board: `rank` and `tied` are of the whole classification, `place` and `shared` of what is shown. */
export type Line = Result & { place: number | null; shared: boolean }

/** The first rows of the classification as far as is held, each competitor once. */
export function overall(held: Held): Row[] {
  const rows = new Map<number, Row>(held.head.top.map(row => [row.bib, row]))
  for (let page = 0; ; page++) {
    const found = held.ranks.get(page)
    if (!found) break
    found.rows.forEach((row, index) => {
      // The first places are the head's affair: a page may be older.
      const below = page * RANK_PAGE_ROWS + index >= held.head.top.length
      if (below && !rows.has(row.bib)) rows.set(row.bib, row)
    })
  }
  return [...rows.values()]
}

/** The whole classification as far as is held. */
export const linesOf = (held: Held): Line[] =>
  overall(held).map(row => ({ ...row, row, place: row.rank, shared: row.tied }))

/** The bibs of a class, as the directory has them. */
export const bibsOf = ({ directory }: Pick<Held, 'directory'>, group: string): number[] =>
  (directory?.entries ?? []).filter(entry => entry.class === group).map(({ bib }) => bib)

/** Everybody of a class with the place in it; who has none comes last. */
export function linesOfClass(held: Held, group: string): Line[] {
  const rows = new Map(overall(held).map(row => [row.bib, row]))
  const results = bibsOf(held, group).map((bib): Result => {
    const row = rows.get(bib)
    if (row) return { ...row, row }
    const { page, index } = bibPlace(bib)
    const columns = held.bibs.get(page)
    const of = (key: 'rank' | 'value' | 'gap') => columns?.[key][index] ?? null
    const figures = { rank: of('rank'), value: of('value'), gap: of('gap') }
    return { bib, ...figures, tied: false, at: null, lapsDown: 0, row: undefined }
  })
  const last = (result: Result): number => (result.row && isOut(result.row) ? 1 : 0)
  const ordered = results.sort(
    (a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || last(a) - last(b) || a.bib - b.bib
  )
  const sharers = new Map<number | null, number>()
  for (const { rank } of ordered) sharers.set(rank, (sharers.get(rank) ?? 0) + 1)
  let place = 0
  return ordered.map((result, index) => {
    if (result.rank !== ordered[index - 1]?.rank) place = index + 1
    if (result.rank === null) return { ...result, place: null, shared: false }
    return { ...result, place, shared: (sharers.get(result.rank) ?? 0) > 1 }
  })
}
