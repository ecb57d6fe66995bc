import * as v from 'valibot'
import { expect, test } from 'vitest'
import { type Fact, type Race, TimedRun } from '#contract'
import { timedRuns } from '#race/timedRuns'
import {
  clockFact,
  correctionFact,
  lapFact,
  laps,
  mergeFact,
  resetFact,
  retractionFact,
  runEndFact,
  runFact
} from '../../stories/facts.ts'
import { handLap, ledgerOf } from '../../stories/ledger.ts'
import { aRace, FASTEST_LAP, GUN } from '../../stories/races.ts'

const runsOf = (facts: Fact[], changes: Partial<Race> = {}) =>
  timedRuns(ledgerOf(aRace(FASTEST_LAP, changes), facts))

test('a run shows its devices, who drives, and when it began and ended', () => {
  const facts = [
    { ...runFact(1), sensorId: 'line-1', proxy: true },
    runEndFact('run-1', 9_000),
    runFact(2, 'run-2', 500)
  ]
  const runs = runsOf(facts)
  expect(v.parse(v.array(TimedRun), runs)).toEqual(runs)
  expect(runs).toEqual([
    {
      runId: 'run-2',
      bib: 2,
      deviceId: 'car-2',
      sensorId: null,
      proxy: false,
      startedAt: GUN + 500,
      endedAt: null,
      pausedAt: null,
      pausedMs: 0,
      submitted: false,
      resets: 0,
      laps: []
    },
    expect.objectContaining({
      runId: 'run-1',
      deviceId: 'car-1',
      sensorId: 'line-1',
      proxy: true,
      startedAt: GUN,
      endedAt: GUN + 9_000
    })
  ])
})

test('every timing of a lap is there with its state, who recorded it and when the ledger got it', () => {
  const late = { ...handLap(1, 1, 3_040, 3_020), recordedAt: GUN + 70_000 }
  const [run] = runsOf([
    runFact(1, 'run-1', 0, { by: 'ada' }),
    ...laps(1, [3_000]),
    late,
    lapFact(1, 1, 2_990, 2_995, { source: 'sensor', id: 'sensed' }),
    handLap(1, 1, 3_100, 3_060, 'ben'),
    handLap(1, 9, 1_000, 9_000)
  ])
  expect(run!.laps).toHaveLength(5)
  const lap = (id: string) => run!.laps.find(({ lapId }) => lapId === id)
  expect(lap('run-1-1')).toEqual({
    lapId: 'run-1-1',
    runId: 'run-1',
    bib: 1,
    lap: 1,
    ms: 3_000,
    state: 'counts',
    why: '',
    source: 'telemetry',
    resets: 0,
    at: GUN + 3_000,
    recordedAt: null,
    by: { kind: 'app', app: 'timekeeper' },
    revision: 0
  })
  expect(lap(late.id)).toMatchObject({
    state: 'superseded',
    source: 'hand',
    recordedAt: GUN + 70_000,
    by: { object: 'ada' }
  })
  expect(lap('sensed')).toMatchObject({ state: 'superseded', source: 'sensor' })
  expect(lap('run-1-ben-1')).toMatchObject({ state: 'superseded', by: { object: 'ben' } })
  expect(lap('run-1-ada-9')).toMatchObject({ state: 'counts' })
  expect(run!.laps.filter(({ state, why }) => (why === '') !== (state === 'counts'))).toEqual([])
})

test('the revision of a lap counts all decisions on it, so that the next one knows of each', () => {
  const facts = [
    ...laps(1, [3_000, 3_000]),
    correctionFact('run-1-1', { lapMs: 2_900, ms: 7_000 }),
    retractionFact('run-1-1', 'retract', 8_000),
    retractionFact('run-1-1', 'restore', 9_000),
    retractionFact('run-1-2', 'retract', 9_500)
  ]
  expect(runsOf(facts)[0]!.laps).toMatchObject([
    { ms: 2_900, state: 'counts', revision: 3 },
    { ms: 3_000, state: 'retracted', revision: 1 }
  ])
})

test('the clock of a run holds from a pause to the next resume', () => {
  const facts = [
    runFact(1),
    clockFact('pause', 'run-1', 2_000),
    clockFact('resume', 'run-1', 5_000),
    clockFact('pause', 'run-1', 6_000)
  ]
  expect(runsOf(facts)).toMatchObject([{ pausedAt: GUN + 6_000, pausedMs: 3_000 }])
  expect(runsOf(facts.slice(0, 3))).toMatchObject([{ pausedAt: null, pausedMs: 3_000 }])
})

test('a run is submitted once somebody said so', () => {
  const facts = [runFact(1), runEndFact('run-1', 9_000)]
  expect(runsOf(facts)[0]!.submitted).toBe(false)
  expect(runsOf([...facts, clockFact('submit', 'run-1', 10_000)])[0]!.submitted).toBe(true)
})

test('resets are of the lap that they were in, and those after the last of the present one', () => {
  const facts = [runFact(1), ...laps(1, [3_000]), resetFact(1, 2_000), resetFact(1, 4_000)]
  const [run] = runsOf([...facts, resetFact(1, 5_000)])
  expect([run!.laps[0]!.resets, run!.resets]).toEqual([1, 2])
  const taken = retractionFact('run-1-reset-4000', 'retract', 6_000)
  expect(runsOf([...facts, taken])[0]!.resets).toBe(0)
})

test('laps of a run that nobody began, or whose beginning was taken back, are not lost', () => {
  const driven = laps(1, [3_000, 3_000], 'lost', 1_000)
  expect(runsOf(driven)).toMatchObject([
    { runId: 'lost', bib: 1, deviceId: null, startedAt: GUN + 1_000, laps: [{}, {}] }
  ])
  const takenBack = [runFact(1, 'lost', 500), retractionFact('lost', 'retract', 9_000)]
  expect(runsOf([...driven, ...takenBack])).toMatchObject([{ startedAt: GUN + 1_000 }])
  expect(runsOf(takenBack)).toEqual([])
})

test('a run of a bib that was merged is a run of the bib that it counts for', () => {
  const facts = [runFact(2), ...laps(2, [3_000]), mergeFact(1, 2, 9_000)]
  expect(runsOf(facts)).toMatchObject([{ runId: 'run-2', bib: 1, laps: [{ bib: 1 }] }])
})
