import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BibPage, Fact, LapPage, Race, Row } from '#contract'
import { classify } from '#race/classification'
import { foldFacts } from '#race/facts'
import { publication } from '#race/publication'
import { foldReadings, type Reading } from '#race/readings'
import { closeAll } from '#race/window'
import { entryFact, laps, runFact, statusFact, withdrawalFact } from '../../stories/facts.ts'
import {
  aRace,
  DISTANCE,
  enter,
  FASTEST_LAP,
  FLAG,
  GAME,
  GUN,
  OUTPUT,
  running
} from '../../stories/races.ts'
import { field, reading } from '../../stories/readings.ts'

function told(race: Race, facts: Fact[], readings: Reading[] = []) {
  const state = running(race)
  foldFacts(state, facts)
  foldReadings(state, '0', readings, FLAG)
  return state
}
const bibsOf = (rows: Row[]) => rows.map(({ bib }) => bib)

test.each([
  ['distance', DISTANCE],
  ['output', OUTPUT],
  ['game', GAME]
] as const)('others of a race by %s stand as if who is withdrawn had never come', (_, format) => {
  // The front of the field stays where it was: gaps in time are told by whoever made it.
  const without = (rows: Row[]) =>
    rows.map(({ gap, interval, ...row }) => (format === DISTANCE ? row : { ...row, gap, interval }))
  const bibs = fc.uniqueArray(fc.integer({ min: 1, max: 7 }))
  fc.assert(
    fc.property(field(format), bibs, (readings, gone) => {
      const finals = [
        told(
          aRace(format),
          gone.map(bib => withdrawalFact(bib)),
          readings
        ),
        told(
          aRace(format),
          [],
          readings.filter(({ bib }) => !gone.includes(bib))
        )
      ].map(state => {
        enter(state, 'provisional')
        closeAll(state)
        return without(classify(state))
      })
      expect(finals[0]).toEqual(finals[1])
    }),
    { numRuns: 200 }
  )
})

test('who is withdrawn has empty cells in the pages by bib and of laps, and races no more', () => {
  const race = aRace(FASTEST_LAP)
  const driven = [1, 2, 3].flatMap(bib => [runFact(bib), ...laps(bib, [3_000 + bib])])
  const { head, rows, pages } = publication(told(race, [...driven, withdrawalFact(1)]), 1, GUN)
  expect(rows).toMatchObject([
    { bib: 2, rank: 1, gap: 0 },
    { bib: 3, rank: 2, gap: 1 }
  ])
  expect([head.competitors, bibsOf(head.top)]).toEqual([2, [2, 3]])
  expect(head.racing.map(({ bib }) => bib)).toEqual([2, 3])
  const page = <P>(kind: string) => pages.find(one => one.kind === kind)?.page as P
  expect(page<BibPage>('bibPage')).toMatchObject({
    rank: [null, 1, 2],
    value: [null, 3_002, 3_003],
    gap: [null, 0, 1]
  })
  expect(page<LapPage>('lapPage').laps.map(({ length }) => length)).toEqual([0, 1, 1])
})

test('the pages end with the highest bib that is left', () => {
  const far = [entryFact(1), entryFact(501)]
  expect(publication(told(aRace(DISTANCE), far), 1, GUN).head.bibPages).toHaveLength(2)
  const { head } = publication(told(aRace(DISTANCE), [...far, withdrawalFact(501)]), 1, GUN)
  expect(head.bibPages).toHaveLength(1)
  const nobody = told(aRace(DISTANCE), [...far, withdrawalFact(1), withdrawalFact(501)])
  expect(publication(nobody, 1, GUN).head).toMatchObject({ competitors: 0, bibPages: [] })
})

test('who is entered again has back all that was done before and meanwhile', () => {
  const race = aRace(FASTEST_LAP)
  const facts = [entryFact(1, 0), runFact(1), ...laps(1, [3_000]), statusFact(1, 'dnf', 10)]
  const back = [...facts, withdrawalFact(1, 1), ...laps(1, [2_900], 'run-b', 20), entryFact(1, 2)]
  expect(classify(told(race, back))).toMatchObject([{ bib: 1, value: 2_900, status: 'dnf' }])
  const ride = told(aRace(DISTANCE), [withdrawalFact(1, 1)], [reading(DISTANCE, 1, 900, 7)])
  closeAll(ride)
  expect(classify(ride)).toEqual([])
  foldFacts(ride, [entryFact(1, 2)])
  expect(classify(ride)).toMatchObject([{ bib: 1, value: 7 }])
})

test('the latest of entries and withdrawals decides, of one instant that with the higher id, and counts once', () => {
  const words = [
    entryFact(1, 1),
    withdrawalFact(1, 2),
    { ...entryFact(1, 3), id: 'z' },
    { ...withdrawalFact(1, 3), id: 'a' }
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray([...words, ...words], { minLength: 1 }), facts => {
      const state = told(aRace(DISTANCE), facts)
      const latest = facts.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1)!
      expect(bibsOf(classify(state))).toEqual(latest.kind === 'enter' ? [1] : [])
      expect(state.folded).toBe(1)
    })
  )
})

test('a board tells the event and its sponsor', () => {
  const { head } = publication(running(aRace(DISTANCE)), 1, GUN)
  expect([head.event, head.sponsor]).toEqual(['Spring meeting', 'Tyres & Co'])
})
