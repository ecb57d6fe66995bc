import { expect, test } from 'vitest'
import { packRows, unpackRow } from '../../../infra/operate/page/reportData.ts'
import { lagOf, powers, ranks, rateOf, stepOf, values } from '../../../infra/operate/plotted.ts'
import { createSeries } from '../../../infra/operate/readingSeries.ts'
import { archived, reading, START } from './events.ts'

const SECONDS = 20
const times = { startsAt: START, endsAt: START + SECONDS * 1_000 }
const series = (metric: 'distance' | 'output' = 'distance') =>
  createSeries({ kind: 'ride', metric }, times)
const ridden = (...seconds: number[]) => {
  const made = series()
  for (const second of seconds) made.take(archived(reading(second)))
  return made
}

test('a reading counts once, and one outside of the race not at all', () => {
  const made = ridden(1, 1, 2, SECONDS + 1)
  made.take(archived(reading(5, { t: START - 1 })))
  expect(made.arrivals).toHaveLength(2)
  expect(powers(made.riders()[0]!, 4, 1)).toEqual([null, 200, 200, null])
})

test('power is the mean of a step, and none where nothing was measured', () => {
  const made = series()
  made.take(archived([reading(0, { power: 100 }), reading(1, { power: 301 })]))
  expect(powers(made.riders()[0]!, 5, 2)).toEqual([201, null, null])
})

test('a total stays where it was; output adds up', () => {
  const [rider] = ridden(1, 3).riders()
  expect(values(rider!, 5, 1, false)).toEqual([null, 10_000, 10_000, 30_000, 30_000])
  const made = series('output')
  made.take(archived([reading(0), reading(1)]))
  expect(values(made.riders()[0]!, 3, 1, true)).toEqual([13_125, 26_250, 26_250])
})

test('equal values share a place and leave the next one out', () => {
  const rows = [
    [null, 5],
    [7, 9],
    [8, 9]
  ]
  expect(ranks(rows)).toEqual([
    [null, 3],
    [2, 1],
    [1, 1]
  ])
})

test('whoever is silent for more than 3 s has dropped out, also at the beginning and at the end', () => {
  const seconds = [5, 6, 7, 8, 12, 13, 14, 15, 16]
  expect(ridden(...seconds).silences()).toEqual([
    { bib: 1, from: 0, to: 5 },
    { bib: 1, from: 8, to: 12 },
    { bib: 1, from: 16, to: 20 }
  ])
  const all = Array.from({ length: SECONDS }, (_, second) => second)
  expect(ridden(...all).silences()).toEqual([])
})

test('lag is told by median and 99th percentile of 10 s; seconds without readings are told too', () => {
  const arrivals = Array.from({ length: 100 }, (_, i) => ({ at: 1_000, lag: i + 1 }))
  expect(lagOf([...arrivals, { at: 12_000, lag: 7 }])).toEqual({
    at: [0, 10],
    p50: [50, 7],
    p99: [99, 7]
  })
  const few = [1_000, 1_900, 4_000].map(at => ({ at, lag: 0 }))
  expect(rateOf(few)).toEqual({ at: [1, 2, 3, 4], readings: [2, 0, 0, 1] })
  expect(rateOf([])).toEqual({ at: [], readings: [] })
})

test('a large field is thinned out, a small one is not', () => {
  expect(stepOf(1_000, 300)).toBe(2)
  expect(stepOf(200, 600)).toBe(1)
})

test('figures survive the packing, and nothing stays nothing', () => {
  const rows = [
    [0, null, 3_000],
    [1, 2, 3]
  ]
  for (const bits of [16, 32] as const) {
    const packed = packRows(bits, rows)
    expect([0, 1].map(row => unpackRow(packed, row, 3))).toEqual(rows)
  }
})
