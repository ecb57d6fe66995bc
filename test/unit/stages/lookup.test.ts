import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  CompetitorDetail,
  type Directory,
  type Fact,
  type Head,
  type Race,
  type Ties
} from '#contract'
import { foldFacts } from '#race/facts'
import { type PageWrite, type Publication, pageId, publication } from '#race/publication'
import type { RaceState } from '#race/state'
import { createLookups, FRESH_MS } from '../../../functions/stages/lookup.ts'
import { Refused } from '../../../functions/stages/problem.ts'
import { boardOfRiders, rankPageOf, withPages } from '../../stories/boards.ts'
import { correctionFact, entryFact, laps, statusFact } from '../../stories/facts.ts'
import { aRace, FASTEST_LAP, GUN, running } from '../../stories/races.ts'

const RACE = 'evening-race'
const kindOf = async (refused: Promise<unknown>) => {
  const error = await refused.then(
    () => undefined,
    (reason: unknown) => reason
  )
  if (!(error instanceof Refused)) throw new Error(`not refused: ${error}`)
  return error.problem.type.split('/').at(-1)
}

type Page = PageWrite['page']

/** The store of one race, its clock, and how often each item was read. */
function aStore() {
  const clock = { now: 0 }
  const reads: string[] = []
  const store: {
    head: Head | undefined
    pages: Map<string, Page>
    directory: Directory | undefined
  } = { head: undefined, pages: new Map(), directory: undefined }
  const write = (version: number, slot: 0 | 1) => {
    const { head, rows } = boardOfRiders(version, 3)
    store.pages.set(pageId('rank', 0, slot), rankPageOf(version, rows))
    store.head = withPages(head, [{ version, slot }])
  }
  /** Writes what an entity would. */
  const close = ({ pages, head }: Publication) => {
    for (const { id, page } of pages) store.pages.set(id, page)
    store.head = head
  }
  const readPage = async <P extends Page>(_raceId: string, id: string) => {
    reads.push(id)
    return store.pages.get(id) as P | undefined
  }
  const lookups = () =>
    createLookups({
      async readHead() {
        reads.push('head')
        return store.head && { ...store.head }
      },
      readRankPage: readPage,
      readBibPage: readPage,
      readLapPage: readPage,
      async readDirectory() {
        reads.push('directory')
        return store.directory
      },
      now: () => clock.now
    })
  return {
    clock,
    reads,
    store,
    write,
    close,
    lookups,
    count: (what: string) => reads.filter(r => r === what).length
  }
}

const crowd = <T>(ask: () => Promise<T>) => Promise.all(Array.from({ length: 1_000 }, ask))

describe('the head', () => {
  it('is read once a second however many phones ask at once', async () => {
    const { clock, write, lookups, count } = aStore()
    write(1, 0)
    const { head } = lookups()
    await crowd(() => head(RACE))
    clock.now = FRESH_MS - 1
    await crowd(() => head(RACE))
    expect(count('head')).toBe(1)
    clock.now = FRESH_MS
    await crowd(() => head(RACE))
    expect(count('head')).toBe(2)
  })

  it('tells the version of the names, which are read once a second however many phones ask', async () => {
    const { clock, store, write, lookups, count } = aStore()
    write(1, 0)
    const { head } = lookups()
    expect((await head(RACE)).names).toBe(0)
    store.directory = directoryOf([1])
    clock.now = FRESH_MS
    await crowd(() => head(RACE))
    expect((await head(RACE)).names).toBe(4)
    expect(count('directory')).toBe(2)
  })

  it('that does not exist is not found, and is asked for once a second as well', async () => {
    const { lookups, count } = aStore()
    const { head } = lookups()
    expect(await kindOf(head(RACE))).toBe('not-found')
    expect(await kindOf(head(RACE))).toBe('not-found')
    expect(count('head')).toBe(1)
  })
})

describe('a page', () => {
  it('is read when asked for, and again only when it has changed', async () => {
    const { clock, reads, write, lookups } = aStore()
    write(1, 0)
    const { rankPage } = lookups()
    expect((await rankPage(RACE, 0)).version).toBe(1)
    clock.now = 5 * FRESH_MS
    await rankPage(RACE, 0)
    write(2, 1)
    clock.now = 7 * FRESH_MS
    expect((await rankPage(RACE, 0)).version).toBe(2)
    expect(reads).toEqual(['head', 'rank-0-0', 'head', 'head', 'rank-0-1'])
  })

  it('is read once however many phones ask at once', async () => {
    const { write, lookups, count } = aStore()
    write(1, 0)
    const { rankPage } = lookups()
    await crowd(() => rankPage(RACE, 0))
    expect(count('rank-0-0')).toBe(1)
  })

  it('that was rewritten since the head was read is found by reading the head again', async () => {
    const { write, lookups, count } = aStore()
    write(1, 0)
    const { head, rankPage } = lookups()
    await head(RACE)
    write(2, 1)
    write(3, 0)
    expect((await rankPage(RACE, 0)).version).toBe(3)
    expect(count('head')).toBe(2)
  })

  it('that was rewritten costs a reading of the head or two, not one for each phone', async () => {
    const { write, lookups, count } = aStore()
    write(1, 0)
    const { head, rankPage } = lookups()
    await head(RACE)
    write(2, 1)
    write(3, 0)
    await crowd(() => rankPage(RACE, 0))
    expect(count('head')).toBeLessThanOrEqual(3)
  })

  it('that is never as the head says is unavailable, and the next request tries anew', async () => {
    const { clock, store, write, lookups, reads } = aStore()
    write(1, 0)
    store.pages.clear()
    const { rankPage } = lookups()
    expect(await kindOf(rankPage(RACE, 0))).toBe('unavailable')
    expect(reads).toHaveLength(6)
    write(1, 0)
    clock.now = FRESH_MS
    expect((await rankPage(RACE, 0)).version).toBe(1)
  })

  it('beyond the board is not found', async () => {
    const { write, lookups } = aStore()
    write(1, 0)
    const { rankPage, bibPage, lapPage, directory } = lookups()
    expect(await kindOf(rankPage(RACE, 1))).toBe('not-found')
    expect(await kindOf(bibPage(RACE, 0))).toBe('not-found')
    expect(await kindOf(lapPage(RACE, 0))).toBe('not-found')
    expect(await kindOf(directory(RACE))).toBe('not-found')
  })

  it('is the same from two instances', async () => {
    const { write, lookups } = aStore()
    const [one, two] = [lookups(), lookups()]
    write(1, 0)
    await one.rankPage(RACE, 0)
    write(2, 1)
    write(3, 0)
    expect((await two.rankPage(RACE, 0)).version).toBe(3)
    // The first still has version 1 by its head: whole, and a second old at most.
    const { version, rows } = await one.rankPage(RACE, 0)
    expect([version, rows]).toEqual([1, boardOfRiders(1, 3).rows])
  })
})

const directoryOf = (bibs: number[], names = bibs.map(bib => `Racer ${bib}`)): Directory => ({
  raceId: RACE,
  version: 4,
  entries: bibs.map((bib, i) => ({ bib, name: names[i] ?? '', country: '', class: '' }))
})

/** A time trial whose closes go to a store; bibs 1 to 250 unless said otherwise. */
function aTrial(facts: Fact[], changes: Partial<Race> = {}) {
  const told = aStore()
  const state: RaceState = running(aRace(FASTEST_LAP, changes))
  const close = (more: Fact[]) => {
    foldFacts(state, more)
    const next = publication(state, state.version + 1, GUN)
    state.version = next.head.version
    state.published = { etag: null, at: GUN, changedAt: 0, ...next.written }
    told.close(next)
    return next
  }
  told.store.directory = directoryOf(Array.from({ length: 251 }, (_, i) => i + 1))
  return { ...told, state, close, first: close(facts) }
}

/** Bibs 1 to 220 with equal bests in threes, 221 to 240 out, 241 to 250 entered. */
const FIELD = [
  ...Array.from({ length: 240 }, (_, i) => laps(i + 1, [9_000, 5_000 + Math.floor(i / 3)])).flat(),
  ...Array.from({ length: 20 }, (_, i) => statusFact(221 + i, 'dnf')),
  ...Array.from({ length: 10 }, (_, i) => entryFact(241 + i))
]

describe('a competitor', () => {
  it.each(['competition', 'dense', 'ordinal'] satisfies Ties[])(
    'has the row and laps of the board and the name of the directory, with %s ties',
    async ties => {
      const { lookups, first } = aTrial(FIELD, { ties })
      const { competitor } = lookups()
      expect(first.rows).toHaveLength(250)
      for (const row of first.rows) {
        const detail = await competitor(RACE, row.bib)
        expect(detail.row).toEqual(row)
        expect(detail.competitor.name).toBe(`Racer ${row.bib}`)
        expect(detail.laps.map(({ ms }) => ms)).toEqual(
          row.bib > 240 ? [] : [9_000, 5_000 + Math.floor((row.bib - 1) / 3)]
        )
        expect(v.is(CompetitorDetail, detail)).toBe(true)
      }
    }
  )

  it('costs no reading but head, directory and each page once, however many ask', async () => {
    const { lookups, reads } = aTrial(FIELD)
    const { competitor } = lookups()
    await Promise.all(FIELD.flatMap(fact => ('bib' in fact ? [competitor(RACE, fact.bib)] : [])))
    expect(reads.toSorted()).toEqual([...new Set(reads)].toSorted())
    const pages = ['rank', 'rank', 'rank', 'bib', 'lap', 'lap', 'lap', 'lap', 'lap']
    expect(reads).toHaveLength(['head', 'directory', ...pages].length)
  })

  it('in the directory alone has neither row nor laps, one that is not there is not found', async () => {
    const { lookups } = aTrial(FIELD)
    const { competitor } = lookups()
    expect(await competitor(RACE, 251)).toMatchObject({ version: 1, row: null, laps: [] })
    expect(await kindOf(competitor(RACE, 252))).toBe('not-found')
  })

  it('without a name, as who was erased, keeps bib, row and laps under an empty one', async () => {
    const { store, lookups, first } = aTrial(FIELD)
    for (const names of [directoryOf([2]), undefined]) {
      store.directory = names
      const detail = await lookups().competitor(RACE, 1)
      expect(detail.competitor).toEqual({ bib: 1, name: '', country: '', class: '' })
      expect(detail.row).toEqual(first.rows.find(({ bib }) => bib === 1))
      expect(detail.laps.map(({ ms }) => ms)).toEqual([9_000, 5_000])
      expect(v.is(CompetitorDetail, detail)).toBe(true)
    }
  })

  it('of a race without a board is not found', async () => {
    const { store, lookups } = aTrial(FIELD)
    store.directory = directoryOf([1])
    store.head = undefined
    expect(await kindOf(lookups().competitor(RACE, 1))).toBe('not-found')
  })

  it('is of one version, although boards are closed between the readings', async () => {
    const { close, store, lookups } = aTrial(laps(1, [5_000]))
    const correct = (lapMs: number) => correctionFact('run-1-1', { lapMs, ms: 60_000 - lapMs })
    const { head, bibPage, competitor } = lookups()
    await head(RACE)
    await bibPage(RACE, 0)
    close([correct(4_900)])
    close([correct(4_800)])
    const detail = await competitor(RACE, 1)
    expect(detail.version).toBe(store.head!.version)
    expect([detail.row?.value, detail.laps[0]?.ms]).toEqual([4_800, 4_800])
  })
})

describe('a search', () => {
  it('answers at most 50 entries of the directory, with its version', async () => {
    const { lookups } = aTrial([])
    const { search } = lookups()
    expect(await search(RACE, 'racer 251')).toEqual(directoryOf([251]))
    expect((await search(RACE, 'racer')).entries.map(({ bib }) => bib)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1)
    )
    expect((await search(RACE, 'nobody')).entries).toEqual([])
  })

  it('reads the directory once a second, however many ask', async () => {
    const { lookups, count } = aTrial([])
    const { search } = lookups()
    await crowd(() => search(RACE, 'racer'))
    expect(count('directory')).toBe(1)
  })

  it('in a race without names is not found', async () => {
    expect(await kindOf(aStore().lookups().search(RACE, 'racer'))).toBe('not-found')
  })
})
