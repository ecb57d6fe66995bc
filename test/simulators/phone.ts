import type { BibPage, Directory, Head, LapPage, RankPage } from '#contract'
import { bibPlace, type Held } from '../../web/mobile/held.ts'
import { isDirectoryDue, type PageDue, pagesDue } from '../../web/mobile/plan.ts'

/** What a phone hears: `body` is parsed JSON, undefined unless the status is 200. */
export type Heard = { status: number; etag: string | undefined; body: unknown }
/** Asks for a path, naming the tag that is held already. */
export type Ask = (path: string, etag: string | undefined) => Heard | Promise<Heard>

/** What phones did and heard, in requests. */
export type PhoneCounts = {
  looks: number
  requests: number
  fresh: number
  same: number
  refused: number
  /** Answers of an earlier version than the one held. */
  backward: number
  /** Pages older than the head that was heard just before names them: a cache between had them still. */
  behind: number
}

export const noPhoneCounts = (): PhoneCounts => ({
  looks: 0,
  requests: 0,
  fresh: 0,
  same: 0,
  refused: 0,
  backward: 0,
  behind: 0
})

/** A spectator's phone that follows one competitor of one race. */
export type Phone = {
  /** One look: everything at first, later the head and the pages that it says have changed. */
  look(ask: Ask): Promise<void>
  /** The competitor's place and value as last heard; undefined before, null in place of either where there is none. */
  own(): { rank: number | null; value: number | null } | undefined
}

type Pages = { ranks: RankPage; bibs: BibPage; laps: LapPage }

/** A phone that asks for what the phone page asks for, by the page's own plan. */
export function createPhone(options: { raceId: string; bib: number; counts: PhoneCounts }): Phone {
  const { raceId, bib, counts } = options
  const race = `/races/${raceId}`
  const tags = new Map<string, string>()
  const ranks = new Map<number, RankPage>()
  const bibs = new Map<number, BibPage>()
  const laps = new Map<number, LapPage>()
  const pages = { ranks, bibs, laps }
  const wanted = { bibs: [bib], me: bib }
  let held: Held | undefined

  /** The answer's body; undefined where it is what is held, or refused. */
  async function read<T>(ask: Ask, path: string): Promise<T | undefined> {
    counts.requests++
    const asked = ask(path, tags.get(path))
    const { status, etag, body } = asked instanceof Promise ? await asked : asked
    counts[status === 200 ? 'fresh' : status === 304 ? 'same' : 'refused']++
    if (status !== 200) return undefined
    if (etag) tags.set(path, etag)
    return body as T
  }

  async function readPage<K extends PageDue['kind']>(
    ask: Ask,
    { head }: Held,
    { kind, page }: PageDue & { kind: K }
  ): Promise<void> {
    const refs = { ranks: head.rankPages, bibs: head.bibPages, laps: head.lapPages }[kind]
    const of: Map<number, Pages[K]> = pages[kind] as Map<number, Pages[K]>
    const found = await read<Pages[K]>(ask, `${race}/standings/${kind}/${page}`)
    if (!found) return
    if (found.version < (of.get(page)?.version ?? 0)) counts.backward++
    if (found.version < (refs[page]?.version ?? 0)) counts.behind++
    of.set(page, found)
  }

  /** Where others stood a while ago is nothing to find anybody by. */
  function dropOldPlaces({ head }: Held, asked: ReadonlySet<string>): void {
    for (const [page, { version }] of ranks) {
      const isOld = version < (head.rankPages[page]?.version ?? Number.POSITIVE_INFINITY)
      if (isOld && !asked.has(`ranks/${page}`)) ranks.delete(page)
    }
  }

  return {
    async look(ask) {
      counts.looks++
      if (!held) await read(ask, '/races')
      const head = await read<Head>(ask, `${race}/standings`)
      if (head && held && head.version < held.head.version) counts.backward++
      else if (head) held = { directory: undefined, ...held, head, ...pages }
      if (!held) return
      if (isDirectoryDue(held)) {
        held.directory = (await read<Directory>(ask, `${race}/competitors`)) ?? held.directory
      }
      const asked = new Set<string>()
      for (;;) {
        const due = pagesDue(held, wanted, asked)
        if (due.length === 0) break
        for (const page of due) {
          asked.add(`${page.kind}/${page.page}`)
          await readPage(ask, held, page)
        }
      }
      dropOldPlaces(held, asked)
    },
    own() {
      const { page, index } = bibPlace(bib)
      const known = bibs.get(page)
      return known && { rank: known.rank[index] ?? null, value: known.value[index] ?? null }
    }
  }
}
