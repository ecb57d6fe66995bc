import { expect, test } from 'vitest'
import type { Directory } from '#contract'
import { openNamesFeed } from '../../../web/namesFeed.ts'

const directoryOf = (version: number, bibs: number[]): Directory => ({
  raceId: 'final',
  version,
  entries: bibs.map(bib => ({ bib, name: `N ${bib}`, country: '', class: '' }))
})

/** A feed by a clock of its own; says at which seconds names were asked for. */
function play(answer: () => Directory | Error) {
  const asked: number[] = []
  const shown: Directory[] = []
  let second = 0
  const feed = openNamesFeed({
    read: async () => {
      asked.push(second)
      const given = answer()
      if (given instanceof Error) throw given
      return given
    },
    names: directory => shown.push(directory),
    error: () => undefined,
    now: () => second * 1_000
  })
  const settle = () => new Promise(resolve => setImmediate(resolve))
  return {
    asked,
    shown,
    changed: async (version: number) => {
      feed.changed(version)
      await settle()
    },
    /** Shows these bibs once a second up to a second. */
    until: async (last: number, bibs: number[]) => {
      for (; second < last; second++) {
        feed.show(bibs)
        await settle()
      }
    },
    close: feed.close
  }
}

test('names are read once while everybody has one, and compared once a minute', async () => {
  const race = play(() => directoryOf(1, [1, 2]))
  await race.until(130, [1, 2])
  expect(race.asked).toEqual([0, 60, 120])
})

test('somebody new without a name is asked for within two seconds', async () => {
  let bibs = [1]
  const race = play(() => directoryOf(1, bibs))
  await race.until(10, [1])
  bibs = [1, 7]
  await race.until(20, [1, 7])
  expect(race.asked).toEqual([0, 10])
})

test('somebody who never gets a name is asked for ever more seldom, and never hides the next one', async () => {
  let bibs = [1]
  const race = play(() => directoryOf(1, bibs))
  await race.until(200, [1, 9])
  expect(race.asked).toEqual([0, 4, 12, 28, 60, 120, 180])
  bibs = [1, 7]
  await race.until(210, [1, 7, 9])
  expect(race.asked.slice(7)).toEqual([200, 204])
})

test('a failed answer is asked for again at once, not ever more seldom', async () => {
  const race = play(() => new Error('no link'))
  await race.until(9, [1])
  expect(race.asked).toEqual([0, 2, 4, 6, 8])
})

test('changed names are read at once, and again where a cache is behind', async () => {
  let version = 1
  const race = play(() => directoryOf(version, [1]))
  await race.until(5, [1])
  await race.changed(2)
  await race.until(10, [1])
  version = 2
  await race.until(60, [1])
  expect(race.asked.slice(0, 3)).toEqual([0, 5, 9])
  expect(race.asked).toHaveLength(4)
  expect(race.shown.at(-1)?.version).toBe(2)
})

test('what comes after the end is shown to nobody', async () => {
  const race = play(() => directoryOf(1, [1]))
  race.close()
  await race.until(1, [1])
  expect(race.asked).toEqual([0])
  expect(race.shown).toEqual([])
})
