import type { LapLine, Row } from '#contract'
import { RANK_PAGE_ROWS } from '#contract/race'
import { bibPlace, type Held, lapPlace } from './held.ts'

/** Rows shown before and after one's own. */
export const AROUND = 3

/** Where a competitor is in the classification, counted from 0, as far as is held. */
export function indexOf({ head, ranks }: Held, bib: number): number | undefined {
  const top = head.top.findIndex(row => row.bib === bib)
  if (top >= 0) return top
  // Of two pages with the same competitor the newer one is right.
  for (const { page, rows } of [...ranks.values()].sort((a, b) => b.version - a.version)) {
    const index = rows.findIndex(row => row.bib === bib)
    // The first places are the head's affair: a page may be older.
    if (index >= 0 && page * RANK_PAGE_ROWS + index >= head.top.length) {
      return page * RANK_PAGE_ROWS + index
    }
  }
  return undefined
}

/** The row at an index of the classification, as far as is held. */
export const rowAt = ({ head, ranks }: Held, index: number): Row | undefined =>
  index < head.top.length
    ? head.top[index]
    : ranks.get(Math.floor(index / RANK_PAGE_ROWS))?.rows[index % RANK_PAGE_ROWS]

function columnOf({ bibs }: Held, key: 'rank' | 'value' | 'gap', bib: number): number | null {
  const { page, index } = bibPlace(bib)
  return bibs.get(page)?.[key][index] ?? null
}

/** A competitor's place by the page that the bib is on. */
export const rankOf = (held: Held, bib: number): number | null => columnOf(held, 'rank', bib)

/** What is known of a competitor's result: the whole row where it is held, else the columns by bib. */
export type Result = Pick<Row, 'bib' | 'rank' | 'tied' | 'value' | 'at' | 'gap' | 'lapsDown'> & {
  row: Row | undefined
}

/** A competitor's result as far as is held. */
export function resultOf(held: Held, bib: number): Result {
  const index = indexOf(held, bib)
  const row = index === undefined ? undefined : rowAt(held, index)
  if (row) return { ...row, row }
  const rank = rankOf(held, bib)
  const sharers = [...held.bibs.values()].flatMap(page => page.rank.filter(other => other === rank))
  return {
    bib,
    rank,
    tied: rank !== null && sharers.length > 1,
    value: columnOf(held, 'value', bib),
    at: null,
    gap: columnOf(held, 'gap', bib),
    lapsDown: 0,
    row: undefined
  }
}

/** The competitor's row between its neighbours; empty while it is not held. */
export function around(held: Held, bib: number): Row[] {
  const index = indexOf(held, bib)
  if (index === undefined) return []
  const rows = []
  for (let i = Math.max(0, index - AROUND); i <= index + AROUND; i++) {
    const row = rowAt(held, i)
    if (row) rows.push(row)
  }
  return rows
}

/** The competitor's laps in the order driven; none where laps are not counted or not held. */
export function lapsOf({ laps }: Held, bib: number): LapLine[] {
  const { page, index } = lapPlace(bib)
  return laps.get(page)?.laps[index] ?? []
}
