import { describe, expect, it } from 'vitest'
import type { Head, RankPage } from '#contract'
import { pageId } from '#race/publication'
import { createFreshValue } from '../../../functions/stages/freshValue.ts'
import { createLookups, FRESH_MS } from '../../../functions/stages/lookup.ts'
import { Refused } from '../../../functions/stages/problem.ts'
import { boardOfRiders, rankPageOf, withPages } from '../../stories/boards.ts'

const RACE = 'evening-race'
const kindOf = async (refused: Promise<unknown>) => {
  const error = await refused.then(
    () => undefined,
    (reason: unknown) => reason
  )
  if (!(error instanceof Refused)) throw new Error(`not refused: ${error}`)
  return error.problem.type.split('/').at(-1)
}

/** The store of one race, its clock, and how often each item was read. */
function aStore() {
  const clock = { now: 0 }
  const reads: string[] = []
  const store: { head: Head | undefined; pages: Map<string, RankPage> } = {
    head: undefined,
    pages: new Map()
  }
  const write = (version: number, slot: 0 | 1) => {
    const { head, rows } = boardOfRiders(version, 3)
    store.pages.set(pageId('rank', 0, slot), rankPageOf(version, rows))
    store.head = withPages(head, [{ version, slot }])
  }
  const lookups = () =>
    createLookups({
      async readHead() {
        reads.push('head')
        return store.head
      },
      async readRankPage(_raceId, id) {
        reads.push(id)
        return store.pages.get(id)
      },
      async readBibPage(_raceId, id) {
        reads.push(id)
        return undefined
      },
      async readDirectory() {
        reads.push('directory')
        return undefined
      },
      now: () => clock.now
    })
  return {
    clock,
    reads,
    store,
    write,
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
    const { rankPage, bibPage, directory } = lookups()
    expect(await kindOf(rankPage(RACE, 1))).toBe('not-found')
    expect(await kindOf(bibPage(RACE, 0))).toBe('not-found')
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

describe('a fresh value', () => {
  it('that could not be read is read again at once', async () => {
    let tries = 0
    const values = createFreshValue({ freshMs: 1_000, kept: 2, now: () => 0 }, async () => {
      tries++
      if (tries === 1) throw new Error('away')
      return tries
    })
    await expect(values.get('a')).rejects.toThrow('away')
    expect(await values.get('a')).toBe(2)
    expect(await values.get('a')).toBe(2)
  })

  it('is forgotten when more keys are asked for than are kept', async () => {
    const read: string[] = []
    const values = createFreshValue({ freshMs: 1_000, kept: 2, now: () => 0 }, async key =>
      read.push(key)
    )
    for (const key of ['a', 'b', 'c', 'b', 'a']) await values.get(key)
    expect(read).toEqual(['a', 'b', 'c', 'a'])
  })

  it('that is fresh survives the late failure of an older reading', async () => {
    const fail: ((error: Error) => void)[] = []
    let tries = 0
    const values = createFreshValue({ freshMs: 1_000, kept: 2, now: () => 0 }, () => {
      tries++
      return tries === 1
        ? new Promise<number>((_, reject) => fail.push(reject))
        : Promise.resolve(tries)
    })
    const first = values.get('a')
    values.forget('a')
    expect(await values.get('a')).toBe(2)
    fail[0]!(new Error('away'))
    await expect(first).rejects.toThrow('away')
    expect(await values.get('a')).toBe(2)
  })
})
