import { expect, test } from 'vitest'
import type { Fact, Phase, Race } from '#contract'
import { classify } from '#race/classification'
import { foldFacts } from '#race/facts'
import { publication } from '#race/publication'
import { foldReadings } from '#race/readings'
import { closeAll } from '#race/window'
import {
  clockFact,
  correctionFact,
  entryFact,
  lapFact,
  laps,
  mergeFact,
  orderFact,
  protestFact,
  runFact,
  settlementFact,
  statusFact,
  withdrawalFact
} from '../../stories/facts.ts'
import {
  aRace,
  averageOf,
  DISTANCE,
  enter,
  FASTEST_LAP,
  FLAG,
  GUN,
  MOST_LAPS,
  running
} from '../../stories/races.ts'
import { reading } from '../../stories/readings.ts'

const trial = (changes: Partial<Race> = {}) => aRace(FASTEST_LAP, changes)
function told(facts: Fact[], race = trial()) {
  const state = running(race)
  foldFacts(state, facts)
  return state
}
const rows = (facts: Fact[], race?: Race) => classify(told(facts, race))
const places = (facts: Fact[], race?: Race) =>
  rows(facts, race).map(({ bib, rank, tied }) => [bib, rank, tied])
const racingOf = (facts: Fact[], race?: Race) => publication(told(facts, race), 1, GUN).head.racing
const equals = (...bibs: number[]) => bibs.flatMap(bib => laps(bib, [3_000]))

test('what a merged racer did counts for the other one, and the racer is off the race', () => {
  const facts = [
    entryFact(1),
    entryFact(2),
    runFact(2),
    ...laps(1, [3_000]),
    ...laps(2, [2_900]),
    mergeFact(1, 2)
  ]
  expect(rows(facts)).toMatchObject([{ bib: 1, value: 2_900, laps: 2 }])
  expect(racingOf(facts)).toMatchObject([{ bib: 1, laps: 1, best: 2_900 }])
})

test('merges lead on, and none leads back', () => {
  const facts = [...laps(1, [3_000]), ...laps(2, [2_900]), ...laps(3, [2_800])]
  const chain = [mergeFact(2, 3), mergeFact(1, 2)]
  expect(rows([...chain, ...facts])).toMatchObject([{ bib: 1, value: 2_800, laps: 3 }])
  const circle = [mergeFact(2, 1), mergeFact(1, 2), mergeFact(1, 3)]
  expect(rows([...circle, ...facts])).toMatchObject([
    { bib: 1, laps: 2, value: 2_800 },
    { bib: 2, laps: 1 }
  ])
})

test('the latest merge of a racer holds, and one into itself takes it back', () => {
  const facts = [...laps(1, [3_000]), ...laps(2, [2_900]), ...laps(3, [2_800])]
  const merges = [mergeFact(1, 3, 5), mergeFact(2, 3, 6)]
  expect(rows([...facts, ...merges.toReversed()]).map(({ bib, laps }) => [bib, laps])).toEqual([
    [2, 2],
    [1, 1]
  ])
  expect(rows([...facts, ...merges, mergeFact(3, 3, 7)])).toHaveLength(3)
})

test('runs of merged racers are together within the limit', () => {
  const facts = [
    runFact(1, 'a', 0),
    runFact(2, 'b', 5_000),
    ...laps(2, [3_000], 'b', 5_000),
    mergeFact(1, 2)
  ]
  expect(rows(facts, trial({ maxRuns: 2 }))).toMatchObject([{ bib: 1, value: 3_000 }])
  expect(rows(facts, trial({ maxRuns: 1 }))).toMatchObject([{ bib: 1, value: null }])
})

test('in a ride a merged racer is off the race, and the other one keeps what it had', () => {
  const state = told([mergeFact(1, 2)], aRace(DISTANCE))
  foldReadings(state, '0', [reading(DISTANCE, 1, 900, 7), reading(DISTANCE, 2, 900, 9)], FLAG)
  closeAll(state)
  expect(classify(state)).toMatchObject([{ bib: 1, value: 7, rank: 1 }])
  const entered = [entryFact(1), entryFact(2), mergeFact(1, 2)]
  expect(rows(entered, aRace(DISTANCE)).map(({ bib }) => bib)).toEqual([1])
})

test('a photo finish gives equals places of their own, and moves nobody else', () => {
  const facts = [...equals(1, 2, 3), ...laps(4, [2_999]), ...laps(5, [3_001])]
  expect(places([...facts, orderFact([5, 3, 1, 4])])).toEqual([
    [4, 1, false],
    [3, 2, false],
    [1, 3, false],
    [2, 4, false],
    [5, 5, false]
  ])
  expect(places([...facts, orderFact([5, 3])])).toEqual(places(facts))
  const dense = trial({ ties: 'dense' })
  expect(places([...equals(1, 2, 3, 4), orderFact([4, 2])], dense)).toEqual([
    [4, 1, false],
    [2, 2, false],
    [1, 3, true],
    [3, 3, true]
  ])
})

test('the latest photo finish that names a racer holds for that one', () => {
  const all = equals(1, 2, 3, 4)
  const bibs = (...orders: Fact[]) => places([...orders, ...all]).map(([bib]) => bib)
  expect(bibs(orderFact([4, 3], 2), orderFact([3, 4], 1))).toEqual([4, 3, 1, 2])
  expect(bibs(orderFact([4, 3, 2], 1), orderFact([3, 9], 2))).toEqual([4, 2, 1, 3])
  expect(bibs(orderFact([2, 1], 2), orderFact([4, 3], 1))).toEqual([4, 3, 2, 1])
})

test('a photo finish concerns racers by distance too, and none without a place', () => {
  const state = told([orderFact([3, 2, 1]), statusFact(3, 'dsq')], aRace(DISTANCE))
  const readings = [1, 2, 3].map(bib => reading(DISTANCE, bib, 900, 7))
  foldReadings(state, '0', readings, FLAG)
  closeAll(state)
  expect(classify(state).map(({ bib, rank }) => [bib, rank])).toEqual([
    [2, 1],
    [1, 2],
    [3, null]
  ])
})

const validity = (phase: Phase, facts: Fact[], race = trial()) => {
  const state = told(facts, race)
  enter(state, phase)
  return publication(state, 1, GUN).head.validity
}

test('a provisional classification is under review until every protest is settled', () => {
  const protests = [protestFact(1, 1), protestFact(1, 2)]
  expect(validity('provisional', protests)).toBe('underReview')
  expect(validity('running', protests)).toBe('provisional')
  expect(validity('official', protests)).toBe('official')
  const [one, other] = protests.map(({ id }) => settlementFact(id))
  expect(validity('provisional', [one!, ...protests])).toBe('underReview')
  expect(validity('provisional', [one!, other!, ...protests])).toBe('provisional')
  expect(validity('provisional', protests, aRace(DISTANCE))).toBe('underReview')
})

test('a provisional classification is under review while a lap of it is held', () => {
  const race = trial({ minLapMs: 3_001 })
  expect(validity('provisional', equals(1), race)).toBe('underReview')
  expect(validity('provisional', [...equals(1), correctionFact('run-1-1', {})], race)).toBe(
    'provisional'
  )
  expect(validity('provisional', [...equals(1), withdrawalFact(1)], race)).toBe('provisional')
})

test("a run's clock holds from a pause to the next resume, whatever else is told between", () => {
  const facts = [
    runFact(1, 'r', 1_000),
    clockFact('pause', 'r', 2_000),
    clockFact('pause', 'r', 2_500),
    clockFact('resume', 'r', 5_000),
    clockFact('resume', 'r', 6_000),
    clockFact('pause', 'r', 9_000)
  ]
  const clock = (all: Fact[]) => racingOf(all, trial({ runMs: 60_000 }))
  const held = [{ pausedAt: GUN + 9_000, pausedMs: 3_000, runMs: 60_000 }]
  expect(clock(facts)).toMatchObject(held)
  expect(clock([...facts, ...facts].toReversed())).toMatchObject(held)
  expect(clock(facts.slice(0, -1))).toMatchObject([{ pausedAt: null, pausedMs: 3_000 }])
  const early = [clockFact('pause', 'r', 0), clockFact('resume', 'r', 1_500)]
  expect(clock([facts[0]!, ...early])).toMatchObject([{ pausedAt: null, pausedMs: 500 }])
})

test("a lap that is begun within the run's time may be finished, a later one does not count", () => {
  const race = trial({ runMs: 5_000 })
  const begun = (at: number, more: Fact[] = []) => [
    runFact(1),
    lapFact(1, 1, 3_000, at + 3_000),
    ...more
  ]
  expect(rows(begun(5_000), race)).toMatchObject([{ value: 3_000 }])
  expect(rows(begun(5_001), race)).toMatchObject([{ value: null }])
  const pause = [clockFact('pause', 'run-1', 4_000), clockFact('resume', 'run-1', 6_000)]
  expect(rows(begun(7_000, pause), race)).toMatchObject([{ value: 3_000 }])
  expect(rows(begun(7_001, pause), race)).toMatchObject([{ value: null }])
  expect(rows(begun(9_000, pause.slice(0, 1)), race)).toMatchObject([{ value: 3_000 }])
  expect(rows(begun(5_001, [correctionFact('run-1-1', {})]), race)).toMatchObject([
    { value: 3_000 }
  ])
})

test('a row tells that its value was driven by somebody else', () => {
  const facts = [
    runFact(1, 'own', 0),
    ...laps(1, [3_000, 2_900], 'own'),
    runFact(1, 'lent', 8_000, { proxy: true }),
    ...laps(1, [2_950, 2_960], 'lent', 8_000)
  ]
  const proxies = (race: Race, more: Fact[] = []) =>
    rows([...facts, ...more], race).map(({ proxy }) => proxy)
  expect(proxies(trial())).toEqual([undefined])
  expect(proxies(trial(), [correctionFact('own-2', { valid: false })])).toEqual([true])
  expect(proxies(aRace(averageOf(2)))).toEqual([undefined])
  expect(proxies(aRace(MOST_LAPS))).toEqual([true])
})

test('what concerns the office alone changes nothing, and each decision on a subject counts as folded once', () => {
  const base = { raceId: 'evening-race', at: GUN, actor: { kind: 'app', app: 'a' } } as const
  const office: Fact[] = [
    { ...base, id: 'look', kind: 'look', competitorId: 'c' },
    { ...base, id: 'erase', kind: 'erase', competitorId: 'c' },
    { ...base, id: 'propose', kind: 'propose', below: 1 },
    { ...base, id: 'configure', kind: 'configure', race: trial(), before: trial() }
  ]
  const state = told(office)
  expect(state).toEqual(running(trial()))
  const decided = [
    mergeFact(1, 2, 1),
    mergeFact(3, 2, 2),
    protestFact(1),
    settlementFact('p', 1),
    settlementFact('p', 2),
    clockFact('pause', 'r', 1),
    clockFact('submit', 'r', 1),
    clockFact('submit', 'r', 2)
  ]
  const count = (facts: Fact[]) => told(facts).folded
  expect(count(decided)).toBe(5)
  expect(count([...decided, ...decided].toReversed())).toBe(5)
})
