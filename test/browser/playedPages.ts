import { isDeepStrictEqual } from 'node:util'
import {
  BIB_PAGE_ROWS,
  type BibPage,
  type Head,
  LAP_PAGE_BIBS,
  type LapLine,
  type LapPage,
  type PageRef,
  RANK_PAGE_ROWS,
  type RankPage,
  type Row
} from '#contract'

type Kind = 'ranks' | 'bibs' | 'laps'
type Page = RankPage | BibPage | LapPage

/** A whole classification, and the laps of some bibs; without laps there are no pages of them. */
export type Classification = { rows: Row[]; laps?: ReadonlyMap<number, LapLine[]> }

const KINDS: readonly Kind[] = ['ranks', 'bibs', 'laps']

const cut = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size)
  )

/** What each page holds beside its name, page by page. */
function contentsOf({ rows, laps }: Classification): Record<Kind, object[]> {
  const highest = Math.max(0, ...rows.map(row => row.bib))
  const byBib: (Row | undefined)[] = Array.from({ length: highest })
  for (const row of rows) byBib[row.bib - 1] = row
  const column = (page: (Row | undefined)[], key: 'rank' | 'value' | 'gap') =>
    page.map(row => row?.[key] ?? null)
  return {
    ranks: cut(rows, RANK_PAGE_ROWS).map(page => ({ rows: page })),
    bibs: cut(byBib, BIB_PAGE_ROWS).map(page => ({
      rank: column(page, 'rank'),
      value: column(page, 'value'),
      gap: column(page, 'gap')
    })),
    laps: laps
      ? cut(byBib, LAP_PAGE_BIBS).map(page => ({
          laps: page.map(row => laps.get(row?.bib ?? 0) ?? [])
        }))
      : []
  }
}

/** A race's pages as the product cuts them: a page keeps the version that changed it last. */
export class PlayedPages {
  #pages: Record<Kind, Page[]> = { ranks: [], bibs: [], laps: [] }

  /** The classification of a new version. */
  set(raceId: string, version: number, classification: Classification): void {
    const contents = contentsOf(classification)
    for (const kind of KINDS) {
      this.#pages[kind] = contents[kind].map((content, page) => {
        const known = this.#pages[kind][page]
        const same = known && isDeepStrictEqual({ ...known, ...content }, known)
        return same ? known : ({ raceId, version, page, ...content } as Page)
      })
    }
  }

  page(kind: Kind, page: number): Page | undefined {
    return this.#pages[kind][page]
  }

  /** What the head says of the pages. */
  refs(): Pick<Head, 'rankPages' | 'bibPages' | 'lapPages'> {
    const refs = (kind: Kind): PageRef[] =>
      this.#pages[kind].map(({ version }) => ({ version, slot: 0 }))
    return { rankPages: refs('ranks'), bibPages: refs('bibs'), lapPages: refs('laps') }
  }
}
