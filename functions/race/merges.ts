import type { RaceState } from './state.ts'

/**
 * The bib that what `bib` did counts for: where merges lead, one after the other. Merges that lead back to their own
 * bib are none, so that merging a bib into itself takes an earlier merge of it back.
 */
export function countsFor({ merges }: Pick<RaceState, 'merges'>, bib: number): number {
  const way = [bib]
  for (;;) {
    const next = merges.get(way.at(-1)!)?.bib
    if (next === undefined) return way.at(-1)!
    // A way that meets itself goes in a circle from there on: it ends where it entered that.
    if (way.includes(next)) return next
    way.push(next)
  }
}
