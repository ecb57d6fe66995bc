import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classify } from '#race/classification'
import { foldReadings, type Reading } from '#race/readings'
import { packState, type RaceState, unpackState } from '#race/state'
import { closable, closeAll, closeWindows, watermark } from '#race/window'
import {
  aRace,
  DISTANCE,
  enter,
  FLAG,
  GAME,
  GUN,
  OUTPUT,
  running,
  WORK
} from '../../stories/races.ts'
import { type Delivery, deliveries, field, reading } from '../../stories/readings.ts'
import { expectedRows } from '../../stories/rideOracle.ts'

/** Runs of each property. */
const RUNS = 250

const finish = (state: RaceState): string => {
  enter(state, 'provisional')
  closeAll(state)
  return JSON.stringify(classify(state))
}

const atOnce = (state: RaceState, readings: Reading[]): string => {
  foldReadings(state, '0', readings, FLAG)
  return finish(state)
}

/** Windows close whenever they may, and the entity is put away and read back between two signals. */
const asDelivered = (start: RaceState, plan: Delivery[]): string => {
  let state = start
  for (const { partition, batch, now, evicted } of plan) {
    foldReadings(state, partition, batch, now)
    closeWindows(state, closable(state, watermark(state.partitions, now)))
    if (evicted) state = unpackState(JSON.parse(JSON.stringify(packState(state))))
  }
  return finish(state)
}

describe.each([
  ['distance', DISTANCE],
  ['work', WORK],
  ['output', OUTPUT],
  ['game', GAME]
] as const)('the final classification by %s', (_, format) => {
  const race = aRace(format)

  it('has the same bytes in any order, repeated, in any batches, partitions and windows', () => {
    const races = field(format).chain(readings =>
      fc.tuple(fc.constant(readings), deliveries(readings))
    )
    fc.assert(
      fc.property(races, ([readings, plan]) => {
        expect(asDelivered(running(race), plan)).toBe(atOnce(running(race), readings))
      }),
      { numRuns: RUNS }
    )
  })

  it('is what an independent count of the same readings gives', () => {
    fc.assert(
      fc.property(field(format), readings => {
        const state = running(race)
        foldReadings(state, '0', readings, FLAG)
        enter(state, 'provisional')
        closeAll(state)
        expect(classify(state)).toEqual(expectedRows(race, readings))
      }),
      { numRuns: RUNS }
    )
  })
})

describe('a final classification', () => {
  const ride = (bib: number, from: number, to: number, session = 1) =>
    Array.from({ length: to - from }, (_, i) =>
      reading(DISTANCE, bib, (from + i) * 1_000, (from + i) * 8_000, { session, seq: i })
    )

  it('is the same when a batch overtakes another', () => {
    const [first, second] = [ride(1, 0, 5), ride(1, 0, 10).slice(5)]
    const inTurn = running(aRace(DISTANCE))
    foldReadings(inTurn, '0', first, GUN + 5_000)
    const overtaken = running(aRace(DISTANCE))
    foldReadings(overtaken, '0', second, GUN + 10_000)
    foldReadings(overtaken, '0', first, GUN + 10_000)
    expect(finish(overtaken)).toBe(atOnce(inTurn, second))
  })

  it('counts a backlog of twenty seconds as if there had been no gap', () => {
    const sent = ride(1, 0, 20)
    const late = sent.map(one => ({ ...one, enqueued: FLAG + 19_999 }))
    expect(atOnce(running(aRace(DISTANCE)), late)).toBe(atOnce(running(aRace(DISTANCE)), sent))
  })

  it('counts nothing of a backlog that comes a moment later', () => {
    const late = ride(1, 0, 20).map(one => ({ ...one, enqueued: FLAG + 20_001 }))
    const state = running(aRace(DISTANCE))
    const refusals = foldReadings(state, '0', late, FLAG + 20_100)
    expect(refusals.map(({ reason }) => reason)).toEqual(late.map(() => 'too-late'))
    expect(classify(state)).toEqual([])
  })

  it('counts the old backlog of a phone that was reloaded meanwhile', () => {
    const old = ride(1, 0, 8, 1)
    const fresh = ride(1, 8, 16, 2)
    const reloaded = running(aRace(DISTANCE))
    foldReadings(reloaded, '0', fresh, GUN + 16_000)
    foldReadings(reloaded, '0', old, GUN + 17_000)
    const rows = JSON.parse(finish(reloaded))
    expect(rows[0]).toMatchObject({ value: 120_000, laps: 16 })
  })

  it('takes a clock that is ten minutes fast for the time of the hub', () => {
    const fast = ride(1, 0, 10).map(one => ({ ...one, t: one.t + 600_000 }))
    const rows = JSON.parse(atOnce(running(aRace(DISTANCE)), fast))
    expect(rows[0]).toMatchObject({ value: 72_000, at: 9_050 })
  })
})
