import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Format, Race } from '#contract'
import {
  openPerformances,
  PERFORMANCE_MAX_SECONDS,
  type Performances,
  replay,
  type Series,
  seriesOf
} from '#race/performances'
import type { Reading } from '#race/readings'
import { aRace, DISTANCE, DURATION_MS, FLAG, GAME, GUN, OUTPUT } from '../../stories/races.ts'
import { deliveries, field, reading } from '../../stories/readings.ts'
import { expectedRows } from '../../stories/rideOracle.ts'

const TIMES = { startsAt: GUN, endsAt: FLAG }
const SECONDS = DURATION_MS / 1_000

function opened(race: Race, bibs: number[], times = TIMES): Performances {
  const performances = openPerformances(race, times, bibs)
  if (!performances) throw new Error('too large')
  return performances
}

const plain = (all: Map<number, Series>) => new Map([...all].map(([bib, way]) => [bib, [...way]]))

/** What the board would have shown at the end of each second, had every reading been there at once. */
function naive(race: Race, readings: Reading[], bib: number): number[] {
  return Array.from({ length: SECONDS }, (_, second) => {
    const end = GUN + (second + 1) * 1_000
    const isLast = second === SECONDS - 1
    const known = readings.filter(({ t, enqueued }) => isLast || Math.min(t, enqueued) < end)
    return expectedRows(race, known).find(row => row.bib === bib)?.value ?? 0
  })
}

for (const format of [DISTANCE, OUTPUT, GAME] satisfies Format[]) {
  const { kind } = format
  const what = format.kind === 'ride' ? format.metric : kind
  test(`a race by ${what} is ridden again second by second, whatever came late, twice or out of order`, () => {
    const race = aRace(format)
    const stories = field(format).chain(readings =>
      fc.record({ readings: fc.constant(readings), sent: deliveries(readings) })
    )
    fc.assert(
      fc.property(stories, ({ readings, sent }) => {
        const rows = expectedRows(race, readings).filter(({ value }) => value !== null)
        const values = new Map(rows.map(({ bib, value }) => [bib, value!]))
        const performances = opened(race, [...values.keys()])
        for (const { partition, batch } of sent) replay(performances, partition, batch)
        const expected = new Map([...values.keys()].map(bib => [bib, naive(race, readings, bib)]))
        expect(plain(seriesOf(performances, values))).toEqual(expected)
      }),
      { numRuns: 60 }
    )
  })
}

test('a way that does not come to the final value is none', () => {
  const race = aRace(DISTANCE)
  const performances = opened(race, [1, 2])
  const some = [1, 2].map(bib => reading(DISTANCE, bib, 1_500, 9_000))
  replay(performances, '0', some)
  const all = seriesOf(
    performances,
    new Map([
      [1, 9_000],
      [2, 9_001]
    ])
  )
  expect([...all.keys()]).toEqual([1])
})

test('only who is asked for is ridden again', () => {
  const performances = opened(aRace(DISTANCE), [2])
  const some = [1, 2].map(bib => reading(DISTANCE, bib, 1_500, 9_000))
  replay(performances, '0', some)
  expect([...performances.gained.keys()]).toEqual([2])
})

test('a race that is too long, or too large for its length, is not kept', () => {
  const race = aRace(DISTANCE)
  const bibs = Array.from({ length: 1_001 }, (_, i) => i + 1)
  const long = { startsAt: GUN, endsAt: GUN + PERFORMANCE_MAX_SECONDS * 1_000 }
  expect(openPerformances(race, long, bibs)).toBeUndefined()
  expect(openPerformances(race, { ...long, endsAt: long.endsAt + 1 }, [1])).toBeUndefined()
  expect(opened(race, bibs).gained.size).toBe(1_001)
  expect(opened(race, bibs.slice(1), long).gained.size).toBe(1_000)
})
