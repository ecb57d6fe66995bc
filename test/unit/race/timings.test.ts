import { expect, test } from 'vitest'
import type { Fact, Race } from '#contract'
import { classify } from '#race/classification'
import { foldFacts } from '#race/facts'
import { judgedLaps } from '#race/judgedLaps'
import {
  correctionFact,
  lapFact,
  laps,
  resetFact,
  retractionFact,
  runFact
} from '../../stories/facts.ts'
import { aRace, FASTEST_LAP, MOST_LAPS, running } from '../../stories/races.ts'

const trial = (changes: Partial<Race> = {}) => aRace(FASTEST_LAP, changes)

/** Every timing of every lap as the race has it: by id its state, and the lap that stands for it or why. */
function judged(facts: Fact[], race = trial()) {
  const state = running(race)
  foldFacts(state, facts)
  return Object.fromEntries(
    judgedLaps(state).all.map(({ id, state, why, twin }) => [id, [state, twin ?? why]])
  )
}
const counts = ['counts', '']
const byHand = (lap: number, ms: number, at: number, by?: string, valid = true) =>
  lapFact(1, lap, ms, at, { source: 'hand', by, valid, id: `${by ?? 'app'}-${lap}` })
const machine = laps(1, [3_000])

test('a lap that a machine timed too is superseded by that, up to half of its time away', () => {
  for (const at of [1_500, 3_000, 4_500]) {
    expect(judged([...machine, byHand(1, 3_000, at)])).toEqual({
      'run-1-1': counts,
      'app-1': ['superseded', 'run-1-1']
    })
  }
  for (const at of [1_499, 4_501]) {
    expect(judged([...machine, byHand(1, 3_000, at)])).toEqual({
      'run-1-1': counts,
      'app-1': counts
    })
  }
})

test('a lap that the machine missed counts by hand, and every one of a run that no machine timed', () => {
  const driven = laps(1, [3_000, 3_000, 3_000]).filter(({ lap }) => lap !== 2)
  const hands = [1, 2, 3].map(lap => byHand(lap, 3_010, lap * 3_000 + 10))
  expect(judged([...driven, ...hands])).toMatchObject({ 'app-2': counts })
  expect(Object.values(judged(hands))).toEqual([counts, counts, counts])
})

test('laps of a machine that is not listened to stand for none by hand', () => {
  const sensed = lapFact(1, 1, 3_000, 3_000, { source: 'sensor' })
  expect(judged([sensed, byHand(1, 3_000, 3_001)])).toMatchObject({
    'run-1-1': ['superseded', "the car's positions time this run"],
    'app-1': counts
  })
  expect(judged([sensed, byHand(1, 3_000, 3_001)], trial({ timedBy: 'sensor' }))).toMatchObject({
    'run-1-1': counts,
    'app-1': ['superseded', 'run-1-1']
  })
})

test("a machine's lap takes over the fault that a person saw, unless it was corrected", () => {
  const facts = [...machine, byHand(1, 3_000, 3_010, 'ada', false)]
  expect(judged(facts)).toMatchObject({ 'run-1-1': ['invalid', 'not valid by hand'] })
  expect(judged([...facts, correctionFact('run-1-1', {})])).toMatchObject({
    'run-1-1': ['counts', 'corrected']
  })
  expect(judged([...facts, retractionFact('ada-1')])).toMatchObject({ 'run-1-1': counts })
  const found = [...machine, byHand(1, 3_000, 3_010), correctionFact('app-1', { valid: false })]
  expect(judged(found)).toMatchObject({ 'run-1-1': ['invalid', 'not valid by hand'] })
})

test('who began a run times it: laps of others are superseded by the nearest that stands, or by none', () => {
  const facts = [
    runFact(1, 'run-1', 0, { by: 'ada' }),
    byHand(1, 3_000, 3_000, 'ada'),
    byHand(1, 3_100, 3_100, 'bo'),
    byHand(2, 3_000, 9_000, 'bo')
  ]
  expect(judged(facts)).toEqual({
    'ada-1': counts,
    'bo-1': ['superseded', 'ada-1'],
    'bo-2': ['superseded', "another person's timing"]
  })
  expect(judged([...facts, ...machine])).toMatchObject({
    'ada-1': ['superseded', 'run-1-1'],
    'bo-1': ['superseded', 'run-1-1']
  })
  const later = lapFact(1, 3, 3_000, 19_000, { id: 'derived' })
  expect(judged([...facts, later])).toMatchObject({ 'bo-1': ['superseded', 'ada-1'] })
  expect(judged([...facts, correctionFact('bo-2', {})])).toMatchObject({
    'bo-2': ['counts', 'corrected']
  })
})

test('a run that an app began, or nobody, is timed by who told the first lap of it by hand', () => {
  const hands = [byHand(1, 3_000, 3_001, 'ada'), byHand(1, 3_000, 3_000, 'bo')]
  for (const facts of [hands, [runFact(1), ...hands]]) {
    expect(judged(facts)).toMatchObject({ 'ada-1': ['superseded', 'bo-1'], 'bo-1': counts })
  }
  expect(judged([...hands, retractionFact('bo-1')])).toMatchObject({ 'ada-1': counts })
})

test('a lap takes no fault of another one by the same machine', () => {
  const facts = [lapFact(1, 1, 3_000, 3_000, { valid: false }), lapFact(1, 2, 3_000, 3_000)]
  expect(judged(facts)).toMatchObject({ 'run-1-2': counts })
})

test('another person sees no fault of a lap', () => {
  const facts = [
    ...machine,
    runFact(1, 'run-1', 0, { by: 'ada' }),
    byHand(1, 3_000, 3_000, 'bo', false)
  ]
  expect(judged(facts)).toMatchObject({ 'run-1-1': counts })
})

test('a lap beyond reason is held until a correction judges it, one that does not count anyway is not', () => {
  const race = trial({ minLapMs: 2_000, maxLapMs: 4_000, allowedResets: 0 })
  const facts = laps(1, [1_999, 2_000, 4_000, 4_001])
  expect(judged(facts, race)).toEqual({
    'run-1-1': ['held', 'below the shortest lap of 2000 ms'],
    'run-1-2': counts,
    'run-1-3': counts,
    'run-1-4': ['held', 'above the longest lap of 4000 ms']
  })
  const verdicts = [correctionFact('run-1-1', {}), correctionFact('run-1-4', { valid: false })]
  expect(judged([...facts, ...verdicts], race)).toMatchObject({
    'run-1-1': ['counts', 'corrected'],
    'run-1-4': ['invalid', 'corrected']
  })
  expect(judged([...facts, resetFact(1, 1_000)], race)).toMatchObject({
    'run-1-1': ['invalid', 'resets: 1 of 0 allowed']
  })
})

test('a sensed lap takes over no hold: whether its own time is beyond reason decides', () => {
  const race = trial({ timedBy: 'sensor', minLapMs: 3_000 })
  const sensed = lapFact(1, 1, 3_000, 3_001, { source: 'sensor', id: 'sensed' })
  expect(judged([...laps(1, [2_999]), sensed], race)).toMatchObject({ sensed: counts })
})

test('a lap that is taken back is as if never told, and comes back', () => {
  const facts = [...laps(1, [3_000, 2_900]), retractionFact('run-1-2')]
  const best = (all: Fact[]) => {
    const state = running(trial())
    foldFacts(state, all)
    return classify(state)[0]
  }
  expect(judged(facts)).toEqual({ 'run-1-1': counts, 'run-1-2': ['retracted', 'taken back'] })
  expect(best(facts)).toMatchObject({ value: 3_000, laps: 1, last: { ms: 3_000 } })
  const back = [...facts, retractionFact('run-1-2', 'restore', 60_001)]
  expect(best(back.toReversed())).toMatchObject({ value: 2_900, laps: 2 })
  expect(judged([...back, retractionFact('no-such-fact')])).toEqual({
    'run-1-1': counts,
    'run-1-2': counts
  })
  expect(judged([...machine, byHand(1, 3_000, 3_001), retractionFact('run-1-1')])).toMatchObject({
    'app-1': counts
  })
})

test('a reset by hand is the same as one by telemetry up to three seconds from it', () => {
  const resets = (...instants: number[]) => {
    const state = running(trial())
    const told = instants.map(at => resetFact(1, at, 'run-1', `hand-${at}`, 'hand'))
    foldFacts(state, [...laps(1, [19_000]), resetFact(1, 6_000), ...told])
    return judgedLaps(state).all[0]!.resets
  }
  expect(resets()).toBe(1)
  expect(resets(3_000, 6_000, 9_000)).toBe(1)
  expect(resets(2_999, 9_001)).toBe(3)
})

test('a reset that was taken back is none, and one by hand is not the same as that, nor as one of another run', () => {
  const present = (...facts: Fact[]) => {
    const state = running(trial())
    foldFacts(state, facts)
    return judgedLaps(state).presentResets.get('run-1')
  }
  const seen = resetFact(1, 6_000)
  const hands = [5_000, 6_000].map(at => resetFact(1, at, 'run-1', `hand-${at}`, 'hand'))
  expect(present(...hands, seen)).toBe(1)
  expect(present(...hands, { ...seen, runId: 'other' })).toBe(2)
  expect(present(...hands, seen, retractionFact(seen.id))).toBe(2)
  expect(present(...hands, retractionFact('hand-5000'))).toBe(1)
})

test('laps of runs beyond the limit do not count, by the order in which runs began', () => {
  const race = trial({ maxRuns: 1 })
  const facts = ['b', 'a', 'c'].flatMap((run, i) => [
    runFact(1, run, i * 5_000),
    ...laps(1, [3_000 - i], run, i * 5_000)
  ])
  expect(judged(facts.toReversed(), race)).toEqual({
    'b-1': counts,
    'a-1': ['invalid', 'run 2 of 1 allowed'],
    'c-1': ['invalid', 'run 3 of 1 allowed']
  })
  expect(judged([...facts, retractionFact('b')], race)).toMatchObject({
    'b-1': counts,
    'a-1': counts,
    'c-1': ['invalid', 'run 2 of 1 allowed']
  })
})

test('two thousand laps of one run by a car, a sensor and two persons are judged as those of short runs are', () => {
  const race = aRace(MOST_LAPS, {
    timedBy: 'sensor',
    timetable: { ...trial().timetable, durationMs: 86_400_000 }
  })
  const facts = Array.from({ length: 500 }, (_, i) => i + 1).flatMap(lap => {
    const end = lap * 10_000
    return [
      lapFact(1, lap, 10_000, end, { id: `derived-${lap}` }),
      lapFact(1, lap, 10_000, end + 20, { id: `sensed-${lap}`, source: 'sensor' }),
      byHand(lap, 10_000, end + 300, 'ada', lap % 10 > 0),
      byHand(lap, 10_000, end + 400, 'bo')
    ]
  })
  const state = running(race)
  foldFacts(state, facts)
  const states = Object.values(judged(facts, race)).map(([state]) => state)
  expect(states.filter(one => one === 'superseded')).toHaveLength(1_500)
  expect(classify(state)[0]).toMatchObject({ laps: 450 })
})
