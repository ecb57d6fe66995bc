import type { BibPage, Directory, Head, PageRef, RankPage } from '#contract'
import { pageId } from '#race/publication'
import { createFreshValue } from './freshValue.ts'
import { Refused } from './problem.ts'

/** How old an answer may be: each process reads a race's head once in this time, however many phones ask. */
export const FRESH_MS = 1_000
/** A page that is just being rewritten is found by reading the head again, this often. */
const ATTEMPTS = 3
/** Races that one process keeps in memory. */
const KEPT_RACES = 256

/** Point reads of the `standings` container; undefined where there is no such item. */
export type LookupPorts = {
  readHead(raceId: string): Promise<Head | undefined>
  readRankPage(raceId: string, id: string): Promise<RankPage | undefined>
  readBibPage(raceId: string, id: string): Promise<BibPage | undefined>
  readDirectory(raceId: string): Promise<Directory | undefined>
  now(): number
}

/** What the reading API answers with. Each throws `Refused` for what does not exist. */
export type Lookups = {
  head(raceId: string): Promise<Head>
  rankPage(raceId: string, page: number): Promise<RankPage>
  bibPage(raceId: string, page: number): Promise<BibPage>
  directory(raceId: string): Promise<Directory>
}

/** Answers from memory, reading the store at most once a second and race, and a page only when asked for and changed. */
export function createLookups(ports: LookupPorts): Lookups {
  const fresh = { freshMs: FRESH_MS, kept: KEPT_RACES, now: ports.now }
  const heads = createFreshValue(fresh, ports.readHead)
  const directories = createFreshValue(fresh, ports.readDirectory)
  const pages = new Map<string, RankPage | BibPage>()
  const asked = new Map<string, Promise<RankPage | BibPage>>()

  async function head(raceId: string): Promise<Head> {
    return (await heads.get(raceId)) ?? missing(`There is no board of a race ${raceId} yet.`)
  }

  /** One search for a page at a time, however many ask. */
  async function page<P extends RankPage | BibPage>(
    raceId: string,
    kind: 'rank' | 'bib',
    index: number,
    read: (raceId: string, id: string) => Promise<P | undefined>
  ): Promise<P> {
    const key = `${raceId}/${kind}/${index}`
    const under = asked.get(key)
    if (under) return under as Promise<P>
    const search = find(raceId, kind, index, read).finally(() => asked.delete(key))
    asked.set(key, search)
    return search
  }

  async function find<P extends RankPage | BibPage>(
    raceId: string,
    kind: 'rank' | 'bib',
    index: number,
    read: (raceId: string, id: string) => Promise<P | undefined>
  ): Promise<P> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) heads.forget(raceId)
      const { rankPages, bibPages } = await head(raceId)
      const ref: PageRef | undefined = (kind === 'rank' ? rankPages : bibPages)[index]
      if (!ref) return missing(`The board of ${raceId} has no page ${index} by ${kind}.`)
      const key = `${raceId}/${kind}/${index}`
      const known = pages.get(key)
      if (known?.version === ref.version) return known as P
      const found = await read(raceId, pageId(kind, index, ref.slot))
      if (found?.version !== ref.version) continue
      remember(key, found)
      return found
    }
    throw new Refused('unavailable', 'The page is just being rewritten: ask again in a second.')
  }

  function remember(key: string, found: RankPage | BibPage): void {
    pages.delete(key)
    pages.set(key, found)
    if (pages.size > KEPT_RACES) pages.delete(pages.keys().next().value!)
  }

  return {
    head,
    rankPage: (raceId, index) => page(raceId, 'rank', index, ports.readRankPage),
    bibPage: (raceId, index) => page(raceId, 'bib', index, ports.readBibPage),
    directory: async raceId =>
      (await directories.get(raceId)) ?? missing(`There are no competitors of a race ${raceId}.`)
  }
}

function missing(detail: string): never {
  throw new Refused('not-found', detail)
}
