import { expect, test } from 'vitest'
import type { Fact, LapLine, LapPage, Race } from '#contract'
import { foldFacts } from '#race/facts'
import { publication } from '#race/publication'
import { correctionFact, lapFact, laps, resetFact, runFact } from '../../stories/facts.ts'
import { aRace, averageOf, FASTEST_LAP, GUN, MOST_LAPS, running } from '../../stories/races.ts'

const timedBy = (timedBy: Race['timedBy'], changes: Partial<Race> = {}) =>
  aRace(FASTEST_LAP, { timedBy, ...changes })
const limited = (allowedResets: number) => aRace(FASTEST_LAP, { allowedResets })

function board(race: Race, facts: Fact[]) {
  const state = running(race)
  foldFacts(state, facts)
  const { head, rows, pages } = publication(state, 1, GUN)
  const lines = pages.flatMap(({ kind, page }) =>
    kind === 'lapPage' ? (page as LapPage).laps : []
  )
  return { rows, lines: lines.flat(), racing: head.racing, folded: state.folded }
}
/** Time, validity and source of each lap that is shown. */
const shown = (race: Race, facts: Fact[]) =>
  board(race, facts).lines.map(({ ms, valid, source }) => [ms, valid, source])
const resets = (race: Race, facts: Fact[]) =>
  board(race, facts).lines.map(({ valid, resets }) => [valid, resets])

const sensed = (lap: number, ms: number, at: number, run = 'run-1') =>
  lapFact(1, lap, ms, at, { source: 'sensor', run, id: `${run}-sensor-${lap}` })
const derived = (lap: number, ms: number, at: number, valid = true, run = 'run-1') =>
  lapFact(1, lap, ms, at, { valid, run })
const timed = (lap: number, ms: number, at: number) =>
  lapFact(1, lap, ms, at, { source: 'hand', id: `hand-${lap}` })

test('laps of a sensor are left out of a race by telemetry, also where there are no others', () => {
  const race = timedBy('telemetry')
  const both = [runFact(1), derived(1, 3_000, 3_000), sensed(1, 2_990, 2_991)]
  expect(shown(race, both)).toEqual([[3_000, true, 'telemetry']])
  const { rows, racing } = board(race, [runFact(1), sensed(1, 2_990, 2_991)])
  expect(rows).toMatchObject([{ bib: 1, value: null, laps: 0, last: null, status: 'running' }])
  expect(racing).toMatchObject([{ laps: 0, last: null, best: null }])
  expect(board(race, [sensed(1, 2_990, 2_991)]).rows).toEqual([])
})

test('derived laps are left out of runs that a sensor told a lap of, and of no others', () => {
  const facts = [
    runFact(1),
    derived(1, 3_000, 3_000),
    derived(2, 2_800, 5_800),
    sensed(1, 3_004, 3_001),
    derived(1, 3_100, 13_000, true, 'other')
  ]
  const { rows, lines, racing } = board(timedBy('sensor'), facts)
  expect(lines.map(({ ms, source }) => [ms, source])).toEqual([
    [3_004, 'sensor'],
    [3_100, 'telemetry']
  ])
  expect(rows).toMatchObject([{ value: 3_004, laps: 2 }])
  expect(racing).toMatchObject([{ laps: 1, best: 3_004, last: { ms: 3_004, valid: true } }])
})

test('derived laps that are left out break no average of sensed laps', () => {
  const race = aRace(averageOf(2), { timedBy: 'sensor' })
  const facts = [1, 2].flatMap(lap => [
    derived(lap, 3_000, lap * 3_000 - 1),
    sensed(lap, 3_001, lap * 3_000)
  ])
  expect(board(race, facts).rows).toMatchObject([{ value: 6_002, laps: 2 }])
})

test('laps by hand count whichever machine times the race', () => {
  for (const machine of ['telemetry', 'sensor'] as const) {
    const facts = [timed(2, 2_000, 5_000), derived(1, 3_000, 3_000)]
    expect(shown(timedBy(machine), facts)).toHaveLength(2)
    const [best] = board(timedBy(machine), [...facts, sensed(1, 3_001, 3_001)]).rows
    expect(best).toMatchObject({ value: 2_000, laps: 2 })
  }
})

test('a correction lets a lap count that was left out for its source, and one against it does not show it', () => {
  const facts = [derived(1, 3_000, 3_000), sensed(1, 3_001, 3_001), sensed(2, 3_100, 6_100)]
  const others = { telemetry: 'run-1-sensor-2', sensor: 'run-1-1' }
  for (const machine of ['telemetry', 'sensor'] as const) {
    const race = timedBy(machine, { format: MOST_LAPS })
    const [before] = board(race, facts).rows
    const lapId = others[machine]
    const letIn = board(race, [...facts, correctionFact(lapId, { lapMs: 2_500 })])
    expect(letIn.rows).toMatchObject([{ laps: before!.laps + 1 }])
    expect(letIn.lines.map(({ ms }) => ms)).toContain(2_500)
    const against = board(race, [...facts, correctionFact(lapId, { valid: false })])
    const sources = (lines: LapLine[]) => lines.map(({ source }) => source)
    expect(sources(against.lines)).toEqual(sources(board(race, facts).lines))
  }
})

test('a sensed lap takes over the fault of the derived one that was complete nearest to it', () => {
  const race = timedBy('sensor')
  const faulty = derived(1, 3_000, 3_000, false)
  expect(shown(race, [faulty, sensed(1, 3_004, 3_001)])).toEqual([[3_004, false, 'sensor']])
  const nearer = derived(2, 3_000, 3_002)
  expect(shown(race, [faulty, nearer, sensed(1, 3_004, 3_001)])).toEqual([[3_004, false, 'sensor']])
  expect(shown(race, [faulty, nearer, sensed(1, 3_004, 3_002)])).toEqual([[3_004, true, 'sensor']])
})

test('a sensed lap takes no fault of a lap further off than half its time, nor of another run', () => {
  const race = timedBy('sensor')
  const faulty = derived(1, 3_000, 3_000, false)
  for (const at of [1_500, 4_500]) {
    expect(shown(race, [faulty, sensed(1, 3_000, at)])).toEqual([[3_000, false, 'sensor']])
  }
  for (const at of [1_499, 4_501]) {
    expect(shown(race, [faulty, sensed(1, 3_000, at)])).toEqual([[3_000, true, 'sensor']])
  }
  const elsewhere = [faulty, sensed(1, 3_000, 3_000, 'other')]
  expect(shown(race, elsewhere)).toContainEqual([3_000, true, 'sensor'])
})

test('of two derived laps as near, a sensed one takes the fault of the earlier', () => {
  const race = timedBy('sensor')
  const facts = [sensed(1, 3_000, 3_000), derived(2, 3_000, 3_100), derived(1, 3_000, 2_900, false)]
  expect(shown(race, facts)).toEqual([[3_000, false, 'sensor']])
  for (const at of [2_900, 3_000, 3_100]) {
    const atOnce = [derived(2, 3_000, at), derived(1, 3_000, at, false), sensed(1, 3_000, 3_000)]
    expect(shown(race, atOnce)).toEqual([[3_000, false, 'sensor']])
  }
})

test('corrections overrule a fault that was taken over, of either lap', () => {
  const race = timedBy('sensor')
  const facts = [derived(1, 3_000, 3_000, false), sensed(1, 3_004, 3_001)]
  const ofSensed = correctionFact('run-1-sensor-1', {})
  expect(shown(race, [...facts, ofSensed])).toEqual([[3_004, true, 'sensor']])
  const voided = correctionFact('run-1-1', { valid: false })
  const clean = [derived(1, 3_000, 3_000), sensed(1, 3_004, 3_001), voided]
  expect(shown(race, clean)).toEqual([[3_004, false, 'sensor']])
})

test('a reset belongs to the first lap of its run that was complete then or later', () => {
  const facts = [
    ...laps(1, [3_000, 3_000]),
    resetFact(1, 1),
    resetFact(1, 3_000),
    resetFact(1, 3_001),
    resetFact(1, 3_002, 'other')
  ]
  expect(resets(aRace(FASTEST_LAP), facts)).toEqual([
    [true, 2],
    [true, 1]
  ])
})

test('a reset after the last lap is of the lap that is driven, until that is complete', () => {
  const facts = [runFact(1), ...laps(1, [3_000]), resetFact(1, 3_500), resetFact(1, 4_000)]
  expect(board(limited(1), facts).racing).toMatchObject([{ resets: 2, allowedResets: 1 }])
  const complete = board(limited(1), [...facts, lapFact(1, 2, 3_000, 6_000)])
  expect(complete.racing).toMatchObject([{ resets: 0, last: { valid: false } }])
  expect(complete.lines.map(lap => lap.resets)).toEqual([0, 2])
})

test('a lap with more resets than allowed does not count; without a limit any number is right', () => {
  const facts = [...laps(1, [3_000]), resetFact(1, 1_000), resetFact(1, 2_000)]
  expect(resets(limited(2), facts)).toEqual([[true, 2]])
  expect(resets(limited(1), facts)).toEqual([[false, 2]])
  expect(resets(limited(0), facts.slice(0, 2))).toEqual([[false, 1]])
  expect(resets(aRace(FASTEST_LAP), facts)).toEqual([[true, 2]])
  expect(board(aRace(FASTEST_LAP), [runFact(1), ...facts]).racing[0]!.allowedResets).toBeNull()
})

test('a correction lets a lap count in spite of its resets', () => {
  const facts = [...laps(1, [3_000]), resetFact(1, 1_000), correctionFact('run-1-1', {})]
  expect(resets(limited(0), facts)).toEqual([[true, 1]])
})

test('resets are of laps that are shown: one that is left out has none', () => {
  const race = aRace(FASTEST_LAP, { timedBy: 'sensor', allowedResets: 0 })
  const facts = [derived(1, 3_000, 3_000), sensed(1, 3_000, 3_010), resetFact(1, 2_000)]
  expect(resets(race, facts)).toEqual([[false, 1]])
  const letIn = [...facts, correctionFact('run-1-1', {})]
  expect(resets(race, letIn)).toEqual([
    [true, 1],
    [true, 0]
  ])
})

test('a reset counts in what was folded once, however often it is told', () => {
  const reset = resetFact(1, 1_000)
  expect(board(limited(1), [reset]).folded).toBe(1)
  expect(board(limited(1), [reset, reset]).folded).toBe(1)
})
