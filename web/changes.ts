import type { Board, Row } from '#contract'

/** Whether both rows have the same last lap. */
export const isSameLap = (a: Row, b: Row): boolean =>
  a.laps === b.laps && a.last?.ms === b.last?.ms && a.last?.valid === b.last?.valid

/** What a reader should notice between two boards, by bib: places gained (lost: negative), 0 for a new lap or status in place. */
export function changesBetween(before: Board, after: Board): Map<number, number> {
  const known = new Map(before.top.map(row => [row.bib, row]))
  const changes = new Map<number, number>()
  for (const row of after.top) {
    const old = known.get(row.bib)
    if (!old) continue
    const by = old.rank !== null && row.rank !== null ? old.rank - row.rank : 0
    const lapped = row.last !== null && !isSameLap(old, row)
    if (by !== 0 || lapped || old.status !== row.status) changes.set(row.bib, by)
  }
  return changes
}

/** The best placed competitor who finished a lap between two boards. */
export function latestLap(before: Board, after: Board): number | undefined {
  const known = new Map(before.top.map(row => [row.bib, row]))
  return after.top.find(row => {
    const old = known.get(row.bib)
    return row.last !== null && old !== undefined && !isSameLap(old, row)
  })?.bib
}
