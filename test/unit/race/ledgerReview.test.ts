import { expect, test } from 'vitest'
import type { Fact, Race } from '#contract'
import { reviewItems } from '#race/reviewItems'
import {
  clockFact,
  correctionFact,
  lapFact,
  laps,
  protestFact,
  retractionFact,
  runEndFact,
  runFact,
  settlementFact,
  withdrawalFact
} from '../../stories/facts.ts'
import { handLap, ledgerOf } from '../../stories/ledger.ts'
import { aRace, FASTEST_LAP, GUN } from '../../stories/races.ts'

const LIMITS = { minLapMs: 2_000, maxLapMs: 9_000, toleranceMs: 300 }
const review = (facts: Fact[], changes: Partial<Race> = LIMITS) =>
  reviewItems(ledgerOf(aRace(FASTEST_LAP, changes), facts))
const kinds = (facts: Fact[]) => review(facts).map(({ kind }) => kind)
const run = runFact(1, 'run-1', 0, { by: 'ada' })

test('a clean race leaves nothing to settle', () => {
  const facts = [run, ...laps(1, [3_000]), runEndFact('run-1', 4_000)]
  expect(review([...facts, clockFact('submit', 'run-1', 5_000)])).toEqual([])
})

test('laps beyond reason are to be judged until somebody did', () => {
  const facts = [run, ...laps(1, [1_999, 3_000, 9_001])]
  expect(review(facts)).toEqual([
    {
      kind: 'held',
      bib: 1,
      runId: 'run-1',
      of: ['run-1-1'],
      detail: expect.stringMatching(/^Lap 1 of 0:01\.999 is held: it is below .*2000 ms\.$/)
    },
    expect.objectContaining({ of: ['run-1-3'] })
  ])
  const judged = [correctionFact('run-1-1', {}), correctionFact('run-1-3', { valid: false })]
  expect(kinds([...facts, ...judged])).toEqual([])
})

test('a lap by hand further from its machine than the tolerance is a matter for review, at it none', () => {
  const facts = [run, ...laps(1, [3_000])]
  expect(review([...facts, handLap(1, 1, 3_300, 3_010)])).toEqual([])
  expect(review([...facts, handLap(1, 1, 3_301, 3_010)])).toEqual([
    {
      kind: 'disagreement',
      bib: 1,
      runId: 'run-1',
      of: ['run-1-ada-1', 'run-1-1'],
      detail: "Lap 1 took 0:03.000 by the car's positions and 0:03.301 by hand: 301 ms apart."
    }
  ])
})

test('two machines are not compared: the race says which one counts', () => {
  const sensed = lapFact(1, 1, 4_000, 3_010, { source: 'sensor', id: 'sensed' })
  expect(review([run, ...laps(1, [3_000]), sensed])).toEqual([])
})

test("a second person's lap is compared with the first one's, and one that only they saw is told", () => {
  const facts = [run, handLap(1, 1, 3_000, 3_000), handLap(1, 2, 3_000, 6_000)]
  const near = handLap(1, 1, 3_200, 3_000, 'ben')
  expect(review([...facts, near])).toEqual([])
  const far = handLap(1, 1, 3_400, 3_000, 'ben')
  expect(review([...facts, far])).toMatchObject([
    {
      kind: 'disagreement',
      of: ['run-1-ben-1', 'run-1-ada-1'],
      detail: 'Lap 1 took 0:03.000 by hand and 0:03.400 by a second person: 400 ms apart.'
    }
  ])
  const alone = handLap(1, 3, 3_000, 9_000, 'ben')
  expect(review([...facts, near, alone])).toMatchObject([
    {
      kind: 'disagreement',
      of: ['run-1-ben-3'],
      detail: 'Lap 3 of 0:03.000 was timed by a second person alone.'
    }
  ])
})

test('a disagreement is settled by a decision on either lap, but by none from before both were known', () => {
  const facts = [
    run,
    ...laps(1, [3_000]),
    { ...handLap(1, 1, 3_500, 3_010), recordedAt: GUN + 50_000 }
  ]
  for (const lapId of ['run-1-1', 'run-1-ada-1']) {
    expect(kinds([...facts, correctionFact(lapId, { valid: false, ms: 49_999 })])).toEqual([
      'disagreement'
    ])
    expect(kinds([...facts, correctionFact(lapId, { valid: false, ms: 50_000 })])).toEqual([])
  }
  expect(kinds([...facts, retractionFact('run-1-ada-1', 'retract', 60_000)])).toEqual([])
  const together = correctionFact('run-1-1', { lapMs: 3_500, ms: 10_000 })
  expect(kinds([...facts, together])).toEqual([])
})

test('a run that is over waits to be looked through, one that goes on does not', () => {
  const facts = [run, ...laps(1, [3_000])]
  expect(review(facts)).toEqual([])
  expect(review([...facts, runEndFact('run-1', 4_000)])).toEqual([
    {
      kind: 'unsubmitted',
      bib: 1,
      runId: 'run-1',
      of: [],
      detail: expect.stringMatching(/^The run is over, .*\.$/)
    }
  ])
})

test('a protest stands until it is settled, whoever else is', () => {
  const protest = { ...protestFact(1, 9_000), id: 'p-1', reason: 'Cut the corner.' }
  const other = settlementFact('p-2', 9_500)
  expect(review([protest, other])).toEqual([
    {
      kind: 'protest',
      bib: 1,
      runId: null,
      of: ['p-1'],
      detail: 'The result is contested: Cut the corner.'
    }
  ])
  expect(review([protest, settlementFact('p-1', 9_500)])).toEqual([])
})

test('of a bib that is withdrawn nothing is to be settled but its protest', () => {
  const facts = [run, ...laps(1, [1_000]), runEndFact('run-1', 4_000), withdrawalFact(1)]
  expect(kinds(facts)).toEqual([])
  expect(kinds([...facts, protestFact(1, 9_000)])).toEqual(['protest'])
})

test('items come by kind and the oldest first', () => {
  const second = runFact(2, 'run-2', 1_000, { by: 'ada' })
  const ends = [runEndFact('run-2', 9_000), runEndFact('run-1', 9_000)]
  const facts = [second, run, ...ends, ...laps(2, [1_000]), ...laps(1, [1_500])]
  const items = review([protestFact(2, 9_000), ...facts])
  expect(items.map(({ kind, bib }) => [kind, bib])).toEqual([
    ['held', 2],
    ['held', 1],
    ['unsubmitted', 1],
    ['unsubmitted', 2],
    ['protest', 2]
  ])
})
