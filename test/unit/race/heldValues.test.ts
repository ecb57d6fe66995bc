import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FactOf, Format, Race } from '#contract'
import { classify } from '#race/classification'
import { isContested } from '#race/contested'
import { foldFacts } from '#race/facts'
import { heldScores } from '#race/heldValues'
import { publication } from '#race/publication'
import { foldReadings, type Reading } from '#race/readings'
import { packState, type RaceState, unpackState } from '#race/state'
import { closeAll } from '#race/window'
import { judgeFact, withdrawalFact } from '../../stories/facts.ts'
import { aRace, DISTANCE, enter, FLAG, GAME, OUTPUT, running, WORK } from '../../stories/races.ts'
import { deliveries, field, played, reading } from '../../stories/readings.ts'
import { expectedRows } from '../../stories/rideOracle.ts'

const LIMITED: Format = { kind: 'game', limits: { shotPoints: 10, shotMs: 1_000 } }

/** A race after its end, with these readings and judgements. */
function over(race: Race, readings: Reading[], judged: FactOf<'judge'>[] = []): RaceState {
  const state = running(race)
  expect(foldReadings(state, '0', readings, FLAG)).toEqual([])
  foldFacts(state, judged)
  enter(state, 'provisional')
  closeAll(state)
  return state
}
const isHeld = (format: Format, one: Reading) =>
  classify(over(aRace(format), [one]))[0]!.held !== undefined
const shot = (score: number, shots: number, ms = 8_000): Reading => ({
  ...reading(GAME, 1, ms, 0),
  figures: played(score, 3, shots)
})
const rowsOf = (state: RaceState) =>
  classify(state).map(({ bib, rank, value, held }) => [bib, rank, value, held])

/** Rider 1 went 30 m in 10 s, and says one second later that it were 2 km. */
const jumped = [
  reading(DISTANCE, 1, 10_000, 30_000),
  reading(DISTANCE, 1, 11_000, 2_000_000),
  reading(DISTANCE, 2, 10_000, 50_000)
]

test.each<[string, Format, Reading, Reading]>([
  ['30 m/s', DISTANCE, reading(DISTANCE, 1, 8_000, 300_000), reading(DISTANCE, 1, 8_000, 300_001)],
  ['2,500 W', WORK, reading(WORK, 1, 8_000, 25_000), reading(WORK, 1, 8_000, 25_001)],
  ['300 points a shot', GAME, shot(3_000, 10), shot(3_001, 10)],
  ['a shot each 100 ms', GAME, shot(0, 100), shot(0, 101)],
  ['its own points a shot', LIMITED, shot(100, 10), shot(101, 10)],
  ['its own time between shots', LIMITED, shot(0, 10), shot(0, 11)]
])('more than %s, with two seconds of slack, is held', (_, format, most, more) => {
  expect([isHeld(format, most), isHeld(format, more)]).toEqual([false, true])
})

test('output is never held: each of its readings is bounded, and so is their number', () => {
  expect(isHeld(OUTPUT, reading(OUTPUT, 1, 1_000, 47_000))).toBe(false)
})

test('what is held does not count and shows, and what counts beside it stands', () => {
  const state = over(aRace(DISTANCE), jumped)
  expect(rowsOf(state)).toEqual([
    [2, 1, 50_000, undefined],
    [1, 2, 30_000, 2_000_000]
  ])
  expect(classify(state)[1]).toMatchObject({ laps: 1, at: 10_000 })
})

test('a held reading is in the fence: sent again it is a repetition', () => {
  const state = over(aRace(DISTANCE), jumped)
  const { folded } = state
  expect(foldReadings(state, '0', jumped, FLAG)).toEqual([])
  expect(state.folded).toBe(folded)
})

test('who sent nothing else has a row without a place', () => {
  const rows = rowsOf(over(aRace(DISTANCE), [reading(DISTANCE, 3, 1_000, 9_000_000)]))
  expect(rows).toEqual([[3, null, null, 9_000_000]])
})

test('the mark is gone once more counts than was held', () => {
  const early = reading(DISTANCE, 1, 1_000, 100_000)
  const later = reading(DISTANCE, 1, 12_000, 110_000)
  expect(rowsOf(over(aRace(DISTANCE), [early]))).toEqual([[1, null, null, 100_000]])
  expect(rowsOf(over(aRace(DISTANCE), [early, later]))).toEqual([[1, 1, 110_000, undefined]])
})

test('accepted it counts as if it had been taken, with its instant and its lead; refused it is gone', () => {
  const yes = over(aRace(DISTANCE), jumped, [judgeFact(1, 2_000_000, true)])
  expect(rowsOf(yes)).toEqual([
    [1, 1, 2_000_000, undefined],
    [2, 2, 50_000, undefined]
  ])
  // The leader was at the other's 50 m shortly after the tenth second.
  expect(classify(yes).map(({ at, gap }) => [at, gap])).toEqual([
    [11_000, 0],
    [10_000, 1_000]
  ])
  const no = over(aRace(DISTANCE), jumped, [judgeFact(1, 2_000_000, false)])
  expect(rowsOf(no).at(-1)).toEqual([1, 2, 30_000, undefined])
})

test('an accepted game has the lives and shots that it had', () => {
  const state = over(aRace(GAME), [shot(9_000, 10)], [judgeFact(1, 9_000, true)])
  expect(classify(state)[0]).toMatchObject({
    ...{ value: 9_000, rank: 1, game: { level: 1, lives: 3, shots: 10 } }
  })
})

test('the latest judgement decides, in whatever order they come', () => {
  const judged = [judgeFact(1, 2_000_000, true, 60_000), judgeFact(1, 2_000_000, false, 61_000)]
  for (const order of [judged, judged.toReversed()]) {
    expect(rowsOf(over(aRace(DISTANCE), jumped, order)).at(-1)).toEqual([1, 2, 30_000, undefined])
  }
})

test('more than was judged is held again, and no more counts than was judged', () => {
  const more = [...jumped, reading(DISTANCE, 1, 12_000, 3_000_000)]
  const accepted = over(aRace(DISTANCE), more, [judgeFact(1, 2_000_000, true)])
  expect(rowsOf(accepted)[0]).toEqual([1, 1, 2_000_000, 3_000_000])
  const refused = over(aRace(DISTANCE), more, [judgeFact(1, 2_000_000, false)])
  expect(rowsOf(refused)[1]).toEqual([1, 2, 30_000, 3_000_000])
})

test('the classification is under review after the end while anybody has to be judged', () => {
  const state = running(aRace(DISTANCE))
  foldReadings(state, '0', jumped, FLAG)
  const validity = () => publication(state, 1, FLAG).head.validity
  expect(validity()).toBe('provisional')
  enter(state, 'provisional')
  expect([validity(), isContested(state)]).toEqual(['underReview', true])
  const judged = unpackState(JSON.parse(JSON.stringify(packState(state))))
  foldFacts(judged, [judgeFact(1, 2_000_000, false)])
  expect(publication(judged, 1, FLAG).head.validity).toBe('provisional')
  foldFacts(state, [withdrawalFact(1)])
  expect(validity()).toBe('provisional')
})

test('a race that becomes official by itself does not count what nobody judged, and still marks it', () => {
  const state = over(aRace(DISTANCE), jumped)
  enter(state, 'official')
  expect(publication(state, 1, FLAG).head.validity).toBe('official')
  expect(rowsOf(state)[1]).toEqual([1, 2, 30_000, 2_000_000])
})

test('the rows that wait for a person are matters of review', () => {
  expect(heldScores(classify(over(aRace(DISTANCE), jumped)))).toMatchObject([
    { kind: 'score', bib: 1, runId: null }
  ])
})

test.each([
  ['distance', DISTANCE],
  ['game', GAME]
] as const)(
  'a final by %s with judgements is the same in any order, and the expected one',
  (_, format) => {
    const race = aRace(format)
    const judgement = fc.record({
      bib: fc.integer({ min: 1, max: 6 }),
      value: fc.constantFrom(3, 5, 600_000, 3_000_000),
      accepted: fc.boolean()
    })
    const races = field(format).chain(readings =>
      fc.tuple(
        fc.constant(readings),
        deliveries(readings),
        fc.uniqueArray(judgement, { selector: ({ bib }) => bib }),
        fc.nat()
      )
    )
    fc.assert(
      fc.property(races, ([readings, plan, judged, moment]) => {
        const facts = judged.map(({ bib, value, accepted }) => judgeFact(bib, value, accepted))
        let state = running(race)
        const told = plan.length ? moment % plan.length : 0
        for (const [i, { partition, batch, now }] of plan.entries()) {
          if (i === told) foldFacts(state, facts)
          foldReadings(state, partition, batch, now)
          state = unpackState(JSON.parse(JSON.stringify(packState(state))))
        }
        if (!plan.length) foldFacts(state, facts)
        enter(state, 'provisional')
        closeAll(state)
        const known = new Map(judged.map(one => [one.bib, one]))
        expect(classify(state)).toEqual(expectedRows(race, readings, known))
      }),
      { numRuns: 250 }
    )
  }
)

test('nothing is held of the fastest rider whose clock is two seconds behind', () => {
  expect(isHeld(DISTANCE, reading(DISTANCE, 1, 0, 60_000))).toBe(false)
})
