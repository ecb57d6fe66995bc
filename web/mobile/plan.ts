import { RANK_PAGE_ROWS } from '#contract/race'
import { bibPlace, type Held, lapPlace } from './held.ts'
import { AROUND, indexOf, rankOf } from './places.ts'

/** What the phone shows beside the top: whose places, and who is in the middle of it. */
export type Wanted = { bibs: readonly number[]; me: number | undefined }

/** A page to ask for, by the last two parts of its path. */
export type PageDue = { kind: 'ranks' | 'bibs' | 'laps'; page: number }

/** Rank pages looked through for one competitor in one round: shared places begin pages before their last row. */
const SEARCHED_PAGES = 3

/** A page's name in a set of pages. */
export const keyOf = ({ kind, page }: PageDue): string => `${kind}/${page}`

/** Whether a page must be asked for. */
type IsDue = (page: PageDue) => boolean

function isOlder(held: Held, { kind, page }: PageDue): boolean {
  const { rankPages, bibPages, lapPages } = held.head
  const ref = { ranks: rankPages, bibs: bibPages, laps: lapPages }[kind][page]
  return ref !== undefined && (held[kind].get(page)?.version ?? -1) < ref.version
}

/** Whether the directory must be asked for: the head tells of another one. An API that does not tell has some. */
export const isDirectoryDue = ({ head, directory }: Held): boolean =>
  (directory?.version ?? 0) < (head.names ?? 1)

/**
 * The pages to ask for next: only such as the head names with a newer version than is held. A place leads from the
 * page by bib to those by rank, so ask again when these have come. What was `asked` for in this round is not asked for
 * again: a cache may answer with a page that is older than its head, and places are then looked for by that.
 */
export function pagesDue(
  held: Held,
  { bibs, me }: Wanted,
  asked: ReadonlySet<string> = new Set()
): PageDue[] {
  const isDue: IsDue = page => isOlder(held, page) && !asked.has(keyOf(page))
  const whose = me === undefined ? bibs : [me, ...bibs]
  const due = [...new Set(whose.map(bib => bibPlace(bib).page))].map(
    (page): PageDue => ({ kind: 'bibs', page })
  )
  if (me !== undefined) {
    due.push({ kind: 'laps', page: lapPlace(me).page })
    // Without the present place the pages around it are not known.
    if (!isDue({ kind: 'bibs', page: bibPlace(me).page })) due.push(...aroundOf(held, me, isDue))
  }
  return due.filter(isDue)
}

/** The rank pages with the competitor and the neighbours: first those on which the competitor may be. */
function aroundOf(held: Held, me: number, isDue: IsDue): PageDue[] {
  const { top, competitors, rankPages, bibPages } = held.head
  const inTop = competitors <= top.length || top.some(row => row.bib === me)
  const searched = inTop || !bibPages[bibPlace(me).page] ? 0 : SEARCHED_PAGES
  const rank = rankOf(held, me)
  for (let step = 0; step < searched; step++) {
    const first =
      rank === null ? rankPages.length - 1 - step : Math.floor((rank - 1) / RANK_PAGE_ROWS) + step
    const page: PageDue = { kind: 'ranks', page: first }
    if (isDue(page)) return [page]
    if (held.ranks.get(first)?.rows.some(row => row.bib === me)) break
  }
  const index = indexOf(held, me)
  if (index === undefined) return []
  const last = Math.min(index + AROUND, competitors - 1)
  if (last < top.length) return []
  const from = Math.floor(Math.max(0, index - AROUND) / RANK_PAGE_ROWS)
  const to = Math.floor(last / RANK_PAGE_ROWS)
  return Array.from({ length: to - from + 1 }, (_, i) => ({ kind: 'ranks', page: from + i }))
}
