import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Directory } from '#contract'
import { openNamesFeed } from '../../../web/namesFeed.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

/** A feed before a service that has these versions from these instants on (ms); says when it was asked and what it gave. */
function play(versions: Record<number, number | Error>) {
  const asked: number[] = []
  const shown: number[] = []
  const failures: unknown[] = []
  const feed = openNamesFeed({
    read: async (): Promise<Directory> => {
      asked.push(Date.now())
      const [, given = new Error('none')] =
        Object.entries(versions).findLast(([from]) => Number(from) <= Date.now()) ?? []
      if (given instanceof Error) throw given
      return { raceId: 'final', version: given, entries: [] }
    },
    names: ({ version }) => shown.push(version),
    error: failure => failures.push(failure)
  })
  return { asked, shown, failures, ...feed, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}

test('names are read at once when there are any, and not again while they are the same', async () => {
  const race = play({ 0: 1 })
  race.changed(1)
  await race.pass(60_000)
  race.changed(1)
  await race.pass(600_000)
  expect([race.asked, race.shown]).toEqual([[0], [1]])
})

test('of a race without names nothing is asked', async () => {
  const race = play({})
  race.changed(0)
  await race.pass(60_000)
  expect(race.asked).toEqual([])
})

test('changed names are read until they come, as a cache may be behind, and then no more', async () => {
  const race = play({ 0: 1, 11200: 2 })
  race.changed(1)
  await race.pass(10_000)
  race.changed(2)
  await race.pass(60_000)
  expect(race.asked).toEqual([0, 10_000, 10_500, 11_500])
  expect(race.shown).toEqual([1, 2])
})

test('a cache that stays behind is asked ever more seldom, and one that fails as well', async () => {
  const race = play({ 0: 1, 5000: new Error('no link') })
  race.changed(2)
  await race.pass(16_000)
  expect(race.asked).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500])
  expect([race.shown, race.failures.length]).toEqual([[1], 3])
})

test('what a change while one asks tells of is read as well', async () => {
  const race = play({ 0: 1, 100: 3 })
  race.changed(1)
  race.changed(3)
  await race.pass(60_000)
  expect([race.asked, race.shown]).toEqual([
    [0, 500],
    [1, 3]
  ])
})

test('names that are newer than told spare the next reading, and older ones are not shown', async () => {
  const race = play({ 0: 5, 1000: 4 })
  race.changed(3)
  await race.pass(1_000)
  race.changed(5)
  race.changed(6)
  await race.pass(100)
  expect([race.asked, race.shown]).toEqual([[0, 1_000], [5]])
  race.close()
})

test('what comes after the end is shown to nobody, and nothing is asked any more', async () => {
  const race = play({ 0: 1 })
  race.changed(2)
  race.close()
  await race.pass(60_000)
  expect([race.asked, race.shown]).toEqual([[0], []])
})
