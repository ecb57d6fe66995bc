import { expect, test } from 'vitest'
import type { CarReading } from '#contract'
import { feed, newTimer, RESETS_TOLD } from '#race/lapTimer'
import {
  drive,
  LAP_M,
  lapsOf,
  msFor,
  READING_MS,
  ROUND_COURSE,
  resetsOf,
  type Stretch
} from '../../stories/cars.ts'

const SPEED = 4
const ROUND = msFor(LAP_M, SPEED)
const STANDING: Stretch = { speed: 0, ms: 2 * READING_MS }
const STOP: Stretch = { speed: 0, ms: 2_000 }
const on = (rounds: number): Stretch => ({ speed: SPEED, ms: rounds * ROUND })
const out: Stretch = { speed: SPEED, drift: 1.5, ms: 1_000 }
const back: Stretch = { speed: SPEED, drift: -1.5, ms: 1_000 }

/** Goes on from a reading somewhere else: the car was carried. */
const carriedFrom = (readings: CarReading[], to: number, ...stretches: Stretch[]) => {
  const { seq, t } = readings.at(-1)!
  return [...readings, ...drive(to, stretches, { seq: seq + 1, t: t + READING_MS })]
}
/** Where three resets are allowed: lap times, and why the car was reset. */
function timed(readings: CarReading[]) {
  const driven = feed(newTimer(1), { ...ROUND_COURSE, allowedResets: 3 }, readings)
  expect(lapsOf(driven).filter(({ fault }) => fault)).toEqual([])
  return {
    laps: lapsOf(driven).map(({ lapMs }) => lapMs),
    resets: resetsOf(driven).map(({ reason }) => reason)
  }
}
const near = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(3 * READING_MS)

test('a lap goes on when the car leaves the track and comes back: one reset, and the lap counts', () => {
  const { laps, resets } = timed(drive(0.1, [STANDING, on(0.4), out, back, on(0.5)]))
  expect(resets).toEqual(['left the track'])
  expect(laps).toHaveLength(1)
  near(laps[0]!, ROUND)
})

test('a lap goes on when the car stands still, and takes as long as that took', () => {
  const { laps, resets } = timed(drive(0.1, [STANDING, on(0.4), STOP, on(0.7)]))
  expect(resets).toEqual(['stood still'])
  near(laps[0]!, ROUND + 2_000)
})

test('a lap goes on when the car is put back, by the time that it took in all', () => {
  const story = carriedFrom(drive(0.1, [STANDING, on(0.6)]), 0.4 * LAP_M, STOP, on(0.7))
  const { laps, resets } = timed(story)
  expect(resets).toEqual(['put back'])
  near(laps[0]!, 1.2 * ROUND + 2_000)
})

test('a car that left the track, stopped there and was put back was reset once', () => {
  const left = drive(0.1, [STANDING, on(0.4), out, STOP])
  expect(timed(carriedFrom(left, 20, STOP, on(0.2))).resets).toEqual(['left the track'])
})

test('a car that was put back twice before it drove on was reset once, and once more after that', () => {
  const once = carriedFrom(drive(0.1, [STANDING, on(0.5)]), 20, STANDING)
  const twice = carriedFrom(once, 10, STANDING, on(0.1))
  expect(timed(twice).resets).toEqual(['put back'])
  expect(timed(carriedFrom(twice, 10, STANDING, on(0.1))).resets).toEqual(['put back', 'put back'])
})

test('a car that is moved about before its first lap was not reset', () => {
  const placed = carriedFrom(drive(3, [STANDING]), 0.1, STANDING)
  const moved = carriedFrom(placed, 0.15, { speed: 0, ms: 3_000 }, on(1.1))
  const { laps, resets } = timed(moved)
  expect(resets).toEqual([])
  near(laps[0]!, ROUND)
  // Nor is one that drove up to the line and was put right there.
  const drivenUp = drive(-8, [{ speed: SPEED, ms: 1_000 }, STOP, { speed: SPEED, ms: 200 }])
  expect(timed(carriedFrom(drivenUp, -2, STOP, on(1.1)))).toMatchObject({ resets: [] })
})

test('a car that trembles on the grid is timed from moving off', () => {
  const trembling = Array.from({ length: 20 }, () => [
    { speed: 0.1, ms: READING_MS },
    { speed: -0.1, ms: READING_MS },
    STANDING
  ]).flat()
  const { laps, resets } = timed(drive(0.1, [...trembling, on(1.1)]))
  expect(resets).toEqual([])
  near(laps[0]!, ROUND)
})

test('a car that stops right after the line begins its lap there, and one that comes back to the start does not', () => {
  const lap = { speed: SPEED, ms: msFor(LAP_M, SPEED) }
  const stopped = timed(drive(0.1, [STANDING, lap, STOP, on(1)]))
  expect(stopped.resets).toEqual([])
  near(stopped.laps[1]!, ROUND)
  const half = drive(0.1, [STANDING, lap, on(0.5)])
  const { laps, resets } = timed(carriedFrom(half, 0.1, STOP, on(1)))
  expect(resets).toEqual(['put back'])
  near(laps[1]!, 1.5 * ROUND + 2_000)
})

test('a step over the line is no crossing, and one back over it has to be driven again', () => {
  // Put down beyond the line although it had not come there: this lap ends a round later.
  const over = carriedFrom(drive(0.1, [STANDING, on(0.98)]), 0.5, STOP, on(1.1))
  expect(timed(over).laps.map(ms => Math.round(ms / ROUND))).toEqual([2])
  // Carried away from right behind the line it has begun its lap.
  const away = carriedFrom(drive(0.1, [STANDING, on(1.001)]), 3, STOP, on(1))
  near(timed(away).laps[1]!, ROUND + 2_000 - msFor(3, SPEED))
  // Put back before the line that it had crossed: crossing it again is not a lap.
  const again = carriedFrom(drive(0.1, [STANDING, on(1.02)]), -0.5, STOP, on(1.1))
  const { laps } = timed(again)
  expect(laps).toHaveLength(2)
  near(laps[1]!, ROUND + 2_000 + 0.04 * ROUND)
})

test('a lap ends without a time where time or place is not known: the clock jumped, or out of sight', () => {
  const story = drive(0.1, [STANDING, on(2.3)])
  const middle = story[0]!.t + 0.5 * ROUND
  const gappy = story.filter(({ t }) => t < middle || t > middle + 1_100)
  expect(timed(gappy)).toMatchObject({ laps: [expect.any(Number)], resets: [] })
  for (const jump of [1_500, -60_000]) {
    const jumped = story.map(one => ({
      ...one,
      t: one.t > middle ? one.t + jump + 60_000 : one.t + 60_000
    }))
    const { laps, resets } = timed(jumped)
    expect([laps.length, resets]).toEqual([1, []])
  }
})

test('a course without edges has resets by being put back alone', () => {
  const story = carriedFrom(drive(0.1, [STANDING, on(0.4), out, back]), 20, STOP, on(0.1))
  const driven = feed(newTimer(1), { line: ROUND_COURSE.line, allowedResets: 0 }, story)
  expect(resetsOf(driven).map(({ reason }) => reason)).toEqual(['put back'])
})

test('no lap tells of more than fifty resets', () => {
  const stops = Array.from({ length: 80 }, () => [
    { speed: SPEED, ms: 150 },
    { speed: 0, ms: 150 }
  ])
  const story = drive(0.1, [STANDING, ...stops.flat()])
  const driven = feed(newTimer(1), { ...ROUND_COURSE, allowedResets: 3 }, story)
  expect(lapsOf(driven)).toEqual([])
  expect(resetsOf(driven)).toHaveLength(RESETS_TOLD)
})
