import type { BibPage, Directory, Head, LapPage, RankPage } from '#contract'
import { BIB_PAGE_ROWS, LAP_PAGE_BIBS } from '#contract/race'

/** Everything of one race that a phone has. A page may be older than the head, or newer. */
export type Held = {
  head: Head
  directory: Directory | undefined
  ranks: ReadonlyMap<number, RankPage>
  bibs: ReadonlyMap<number, BibPage>
  laps: ReadonlyMap<number, LapPage>
}

/** Where a bib's column is: the page by bibs and the index in it. */
export const bibPlace = (bib: number) => placed(bib, BIB_PAGE_ROWS)
/** Where a bib's laps are. */
export const lapPlace = (bib: number) => placed(bib, LAP_PAGE_BIBS)

const placed = (bib: number, size: number): { page: number; index: number } => ({
  page: Math.floor((bib - 1) / size),
  index: (bib - 1) % size
})
