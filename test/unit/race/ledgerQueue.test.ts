import * as v from 'valibot'
import { expect, test } from 'vitest'
import { type Fact, Queue, type Race } from '#contract'
import { queueOf } from '#race/ledgerQueue'
import {
  clockFact,
  entryFact,
  laps,
  mergeFact,
  retractionFact,
  runEndFact,
  runFact,
  statusFact,
  withdrawalFact
} from '../../stories/facts.ts'
import { ledgerOf } from '../../stories/ledger.ts'
import { aRace, FASTEST_LAP, GUN } from '../../stories/races.ts'

const NAMES = [{ bib: 1, name: 'Ada', country: 'GBR', class: '' }]
const queue = (facts: Fact[], changes: Partial<Race> = {}) =>
  queueOf(ledgerOf(aRace(FASTEST_LAP, changes), facts), NAMES, GUN + 99_000)
const bibs = (facts: Fact[]) => queue(facts).racers.map(({ bib }) => bib)
/** A run of two seconds. */
const run = (bib: number, runId: string, from: number) => [
  runFact(bib, runId, from),
  runEndFact(runId, from + 2_000)
]

test('a racer is shown with name, place, status, and what was raced so far', () => {
  const facts = [entryFact(1), entryFact(2), ...run(1, 'a', 1_000), ...laps(1, [2_000], 'a', 1_000)]
  const shown = queue([...facts, statusFact(2, 'dns', 3_000)])
  expect(v.parse(Queue, shown)).toEqual(shown)
  expect(shown).toMatchObject({ raceId: 'evening-race', asOf: GUN + 99_000 })
  expect(shown.racers).toEqual([
    {
      bib: 2,
      competitorId: 'rider-2',
      name: '',
      status: 'dns',
      rank: null,
      runs: 0,
      lastRunAt: null
    },
    {
      bib: 1,
      competitorId: 'rider-1',
      name: 'Ada',
      status: 'running',
      rank: 1,
      runs: 1,
      lastRunAt: GUN + 1_000
    }
  ])
  expect(shown.runs.map(({ runId }) => runId)).toEqual(['a'])
  expect(shown.review.map(({ kind }) => kind)).toEqual(['unsubmitted'])
})

test('what the race allows is said before anybody has raced', () => {
  const rules = { maxRuns: 3, runMs: 180_000, allowedResets: 0, classes: ['PRO', 'AM'] }
  expect(queue([], rules)).toMatchObject({ ...rules, racers: [], runs: [] })
  const unlimited = { maxRuns: null, runMs: null, allowedResets: null, classes: [] }
  expect(queue([])).toMatchObject(unlimited)
})

test('fewest runs are next, then who waits longest, then the lower bib', () => {
  const entries = [1, 2, 3, 4, 5, 6].map(bib => entryFact(bib, bib === 5 ? -70_000 : -60_000))
  const facts = [
    ...entries,
    ...run(1, 'a', 1_000),
    ...run(1, 'b', 2_500),
    ...run(2, 'c', 5_000),
    ...run(3, 'd', 3_500)
  ]
  expect(bibs(facts)).toEqual([5, 4, 6, 3, 2, 1])
  expect(queue(facts).racers.at(-1)).toMatchObject({ runs: 2, lastRunAt: GUN + 2_500 })
})

test('who is on the track waits the shortest', () => {
  const facts = [entryFact(1), entryFact(2), runFact(1, 'a', 1_000), ...run(2, 'b', 5_000)]
  expect(bibs(facts)).toEqual([2, 1])
})

test('a run whose beginning was taken back is none; one of a merged bib is one of the other', () => {
  const facts = [entryFact(1), entryFact(2), entryFact(3), ...run(1, 'a', 1_000)]
  const runs = (more: Fact[]) =>
    queue([...facts, ...more]).racers.map(({ bib, runs }) => [bib, runs])
  expect(runs([retractionFact('a', 'retract', 9_000)])).toContainEqual([1, 0])
  expect(runs([mergeFact(2, 1, 9_000)])).toEqual([
    [3, 0],
    [2, 1]
  ])
})

test('who is not on the start list does not queue, though the run is shown', () => {
  const facts = [entryFact(1), withdrawalFact(1), runFact(2, 'b', 1_000)]
  expect(queue(facts)).toMatchObject({ racers: [], runs: [{ runId: 'b' }] })
})

test('runs that go on or wait to be looked through are shown, and of the others the last five', () => {
  const submitted = Array.from({ length: 7 }, (_, i) => [
    ...run(1, `done-${i}`, i * 100),
    clockFact('submit', `done-${i}`, 90_000 + i)
  ]).flat()
  const facts = [runFact(1, 'on', -900), ...run(1, 'open', -800), ...submitted]
  expect(queue(facts).runs.map(({ runId }) => runId)).toEqual([
    'done-6',
    'done-5',
    'done-4',
    'done-3',
    'done-2',
    'open',
    'on'
  ])
})
