import {
  BIB_PAGE_ROWS,
  type BibPage,
  type CompetitorDetail,
  type Directory,
  type Head,
  LAP_PAGE_BIBS,
  type LapLine,
  type LapPage,
  RANK_PAGE_ROWS,
  type RankPage,
  type Row
} from '#contract'
import { findNames } from '#race/findNames'
import { pageId } from '#race/publication'
import type { PageFamily } from '#race/state'
import { createFreshValue } from './freshValue.ts'
import { Refused } from './problem.ts'

/** How old an answer may be: each process reads a race's head once in this time, however many phones ask. */
export const FRESH_MS = 1_000
/** A page that is just being rewritten is found by reading the head again, this often. */
const ATTEMPTS = 3
/** Races that one process keeps in memory, and their pages: more than a race of 10,000 has, so that none is read twice. */
const KEPT_RACES = 256
const KEPT_PAGES = 512
/** Most entries that a search by name answers. */
const FOUND_MAX = 50

type Pages = { rank: RankPage; bib: BibPage; lap: LapPage }
type Page = Pages[PageFamily]
const REFS = { rank: 'rankPages', bib: 'bibPages', lap: 'lapPages' } as const

/** Point reads of the `standings` container; undefined where there is no such item. */
export type LookupPorts = {
  readHead(raceId: string): Promise<Head | undefined>
  readRankPage(raceId: string, id: string): Promise<RankPage | undefined>
  readBibPage(raceId: string, id: string): Promise<BibPage | undefined>
  readLapPage(raceId: string, id: string): Promise<LapPage | undefined>
  readDirectory(raceId: string): Promise<Directory | undefined>
  now(): number
}

/** What the reading API answers with. Each throws `Refused` for what does not exist. */
export type Lookups = {
  /** The head, and with it the version of the directory. */
  head(raceId: string): Promise<Head>
  rankPage(raceId: string, page: number): Promise<RankPage>
  bibPage(raceId: string, page: number): Promise<BibPage>
  lapPage(raceId: string, page: number): Promise<LapPage>
  directory(raceId: string): Promise<Directory>
  /** The part of the directory that `findNames` finds, the first 50. */
  search(raceId: string, text: string): Promise<Directory>
  /** One competitor, all of one version. */
  competitor(raceId: string, bib: number): Promise<CompetitorDetail>
}

/** Answers from memory, reading the store at most once a second and race, and a page only when asked for and changed. */
export function createLookups(ports: LookupPorts): Lookups {
  const fresh = { freshMs: FRESH_MS, kept: KEPT_RACES, now: ports.now }
  const heads = createFreshValue(fresh, ports.readHead)
  const directories = createFreshValue(fresh, ports.readDirectory)
  /** Heads as they were read that a page was newer than: each is forgotten once, however many find it so. */
  const outdated = new WeakSet<Head>()
  const pages = new Map<string, Page>()
  const asked = new Map<string, Promise<Page | undefined>>()
  const read: { [F in PageFamily]: (raceId: string, id: string) => Promise<Page | undefined> } = {
    rank: ports.readRankPage,
    bib: ports.readBibPage,
    lap: ports.readLapPage
  }

  async function head(raceId: string): Promise<Head> {
    return (await heads.get(raceId)) ?? missing(`There is no board of a race ${raceId} yet.`)
  }

  async function directory(raceId: string): Promise<Directory> {
    const known = await directories.get(raceId)
    return known ?? missing(`There are no competitors of a race ${raceId}.`)
  }

  /** What `look` finds by the head; where it finds a page rewritten, by a newer head, which one asks for on behalf of all. */
  async function byHead<T>(
    raceId: string,
    look: (head: Head) => Promise<T | undefined>
  ): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const known = await head(raceId)
      const found = await look(known)
      if (found !== undefined) return found
      if (!outdated.has(known)) heads.forget(raceId)
      outdated.add(known)
    }
    throw new Refused('unavailable', 'The page is just being rewritten: ask again in a second.')
  }

  /** The page as a head names it; undefined when it was rewritten since. */
  async function pageOf<F extends PageFamily>(
    head: Head,
    family: F,
    index: number
  ): Promise<Pages[F] | undefined> {
    const { raceId } = head
    const ref = head[REFS[family]][index]
    if (!ref) return missing(`The board of ${raceId} has no page ${index} by ${family}.`)
    const key = `${raceId}/${family}/${index}`
    const known = pages.get(key)
    if (known?.version === ref.version) return known as Pages[F]
    const found = await reading(raceId, family, pageId(family, index, ref.slot))
    if (found?.version !== ref.version) return undefined
    remember(key, found)
    return found as Pages[F]
  }

  /** One reading of an item at a time, however many ask. */
  function reading(raceId: string, family: PageFamily, id: string): Promise<Page | undefined> {
    const key = `${raceId}/${id}`
    const under = asked.get(key)
    if (under) return under
    const started = read[family](raceId, id).finally(() => asked.delete(key))
    asked.set(key, started)
    return started
  }

  function remember(key: string, found: Page): void {
    pages.delete(key)
    pages.set(key, found)
    if (pages.size > KEPT_PAGES) pages.delete(pages.keys().next().value!)
  }

  /** A competitor's row by a head: null without one, undefined when a page was rewritten since. */
  async function rowOf(head: Head, bib: number): Promise<Row | null | undefined> {
    const index = Math.floor((bib - 1) / BIB_PAGE_ROWS)
    if (!head.bibPages[index]) return null
    const columns = await pageOf(head, 'bib', index)
    if (!columns) return undefined
    const rank = columns.rank[(bib - 1) % BIB_PAGE_ROWS] ?? null
    // Rows that share a place may stand pages below its number; who has no place stands at the end.
    const all = head.rankPages.map((_, page) => page)
    const order = rank ? all.slice(Math.floor((rank - 1) / RANK_PAGE_ROWS)) : all.toReversed()
    for (const page of order) {
      const found = await pageOf(head, 'rank', page)
      const row = found?.rows.find(row => row.bib === bib)
      if (!found || row) return row
      if (!rank && found.rows[0]?.rank) return null
    }
    return null
  }

  /** A competitor's laps by a head; undefined when the page was rewritten since. */
  async function lapsOf(head: Head, bib: number): Promise<LapLine[] | undefined> {
    const index = Math.floor((bib - 1) / LAP_PAGE_BIBS)
    if (!head.lapPages[index]) return []
    const page = await pageOf(head, 'lap', index)
    return page && (page.laps[(bib - 1) % LAP_PAGE_BIBS] ?? [])
  }

  return {
    async head(raceId) {
      const [known, names] = await Promise.all([head(raceId), directories.get(raceId)])
      return { ...known, names: names?.version ?? 0 }
    },
    rankPage: (raceId, index) => byHead(raceId, head => pageOf(head, 'rank', index)),
    bibPage: (raceId, index) => byHead(raceId, head => pageOf(head, 'bib', index)),
    lapPage: (raceId, index) => byHead(raceId, head => pageOf(head, 'lap', index)),
    directory,
    async search(raceId, text) {
      const { entries, ...rest } = await directory(raceId)
      return { ...rest, entries: findNames(entries, text).slice(0, FOUND_MAX) }
    },
    competitor: (raceId, bib) =>
      byHead(raceId, async head => {
        const names = await directories.get(raceId)
        const competitor = names?.entries.find(entry => entry.bib === bib)
        const row = await rowOf(head, bib)
        const laps = await lapsOf(head, bib)
        if (row === undefined || !laps) return undefined
        if (!competitor && !row) return missing(`There is no competitor ${bib} in ${raceId}.`)
        const nameless = { bib, name: '', country: '', class: '' }
        return { raceId, version: head.version, competitor: competitor ?? nameless, row, laps }
      })
  }
}

function missing(detail: string): never {
  throw new Refused('not-found', detail)
}
