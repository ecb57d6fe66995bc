import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CarReading } from '#contract'
import { feed, newTimer, REORDER_READINGS } from '#race/lapTimer'
import {
  packBySecond,
  RECORDINGS,
  readRecording,
  readStartLine,
  recordedLaps
} from '../../simulators/recording.ts'
import { drive, LAP_M, msFor, READING_MS, ROUND_LINE } from '../../stories/cars.ts'

const SPEED = 4
const ROUND = msFor(LAP_M, SPEED)
/** Longest time between two readings of a recorded run on the track, in ms. */
const RECORDED_READING_MS = 71
/** A car that is put down just beyond the line and started. */
const STANDING = { speed: 0, ms: 2 * READING_MS }

const timed = (readings: CarReading[]) => feed(newTimer(ROUND_LINE, 1), readings)
const times = (readings: CarReading[]) => timed(readings).map(({ lapMs }) => lapMs)
const near = (actual: number[], expected: number[], tolerance = 2) => {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((ms, i) => {
    expect(Math.abs(actual[i]! - ms)).toBeLessThanOrEqual(tolerance)
  })
}

describe('a car on the course', () => {
  it('is timed from crossing to crossing, between two readings', () => {
    const threeLaps = drive(0.1, [STANDING, { speed: SPEED, ms: 3.1 * ROUND }])
    near(times(threeLaps).slice(1), [ROUND, ROUND])
  })

  it('is timed from the standing start just beyond the line', () => {
    const started = drive(0.14, [
      { speed: 0, ms: 2 * READING_MS },
      { speed: SPEED, ms: 2.1 * ROUND }
    ])
    const rolled = msFor(LAP_M - 0.14, SPEED)
    near(times(started), [rolled, ROUND], 2 * READING_MS + 2)
  })

  it('that waits on the grid is timed from moving off, not from being put down', () => {
    const waited = drive(0.14, [
      { speed: 0, ms: 30_000 },
      { speed: SPEED, ms: 1.1 * ROUND }
    ])
    near(times(waited), [msFor(LAP_M - 0.14, SPEED)], 2 * READING_MS + 2)
  })

  it('that starts behind the line has not driven a lap when it crosses it first', () => {
    const started = drive(-0.5, [
      { speed: 0, ms: 200 },
      { speed: SPEED, ms: 1.2 * ROUND }
    ])
    near(times(started), [ROUND], READING_MS * 4)
  })

  it('that is first seen half way round has no lap until it has driven a whole one', () => {
    near(times(drive(LAP_M / 2, [{ speed: SPEED, ms: 1.7 * ROUND }])), [ROUND])
  })

  it('that is first seen rolling just beyond the line has no lap until it has driven a whole one', () => {
    near(times(drive(0.9, [{ speed: SPEED, ms: 2.2 * ROUND }])), [ROUND])
  })

  it('that rolls back over the line and on again has crossed it once', () => {
    const spun = drive(0.1, [
      STANDING,
      { speed: SPEED, ms: ROUND + 200 },
      { speed: -2, ms: 800 },
      { speed: SPEED, ms: 1.2 * ROUND }
    ])
    const laps = times(spun)
    expect(laps).toHaveLength(2)
    near(laps.slice(1), [ROUND + 800 + 400])
  })

  it('that drives the wrong way round has no laps', () => {
    expect(times(drive(0.5, [{ speed: -SPEED, ms: 3 * ROUND }]))).toEqual([])
  })

  it('that was carried loses the lap it was carried in, and no other', () => {
    const before = drive(0.1, [STANDING, { speed: SPEED, ms: 1.4 * ROUND }])
    const { seq, t } = before.at(-1)!
    const after = drive(-1, [{ speed: SPEED, ms: 2.2 * ROUND }], {
      seq: seq + 1,
      t: t + READING_MS
    })
    const laps = times([...before, ...after])
    expect(laps).toHaveLength(3)
    near(laps.slice(1), [ROUND, ROUND])
  })

  it('that was carried away after rolling back over the line is timed from its next crossing', () => {
    const before = drive(0.1, [STANDING, { speed: SPEED, ms: ROUND + 200 }, { speed: -2, ms: 800 }])
    const { seq, t } = before.at(-1)!
    const after = drive(-8, [{ speed: SPEED, ms: 1.3 * ROUND }], {
      seq: seq + 1,
      t: t + READING_MS
    })
    near(times([...before, ...after]).slice(1), [ROUND])
  })

  it('whose clock jumped back is not timed across the jump', () => {
    const before = drive(0.1, [STANDING, { speed: SPEED, ms: 1.4 * ROUND }])
    const { seq } = before.at(-1)!
    const after = drive(0.4 * LAP_M, [{ speed: SPEED, ms: 1.8 * ROUND }], { seq: seq + 1, t: 100 })
    const laps = times([...before, ...after])
    expect(laps).toHaveLength(2)
    near(laps.slice(1), [ROUND])
  })
})

describe('readings of a car', () => {
  const ride = drive(0.1, [STANDING, { speed: SPEED, ms: 3.2 * ROUND }])

  it('give the same laps in any order within a second, repeated and in any batches', () => {
    const shuffles = fc.array(fc.nat({ max: 14 }), {
      minLength: ride.length,
      maxLength: ride.length
    })
    const expected = timed(ride)
    fc.assert(
      fc.property(shuffles, fc.integer({ min: 1, max: 64 }), (delays, size) => {
        const first = ride[0]!
        const arrived = ride
          .slice(1)
          .map((reading, i) => ({ reading, order: i + delays[i]! }))
          .sort((a, b) => a.order - b.order)
          .flatMap(({ reading }, i) => (i % 20 === 0 ? [reading, reading] : [reading]))
        const timer = newTimer(ROUND_LINE, 1)
        const laps = feed(timer, [first])
        for (let from = 0; from < arrived.length; from += size) {
          const stored = JSON.parse(JSON.stringify(timer))
          laps.push(...feed(stored, arrived.slice(from, from + size)))
          Object.assign(timer, stored)
        }
        expect(laps).toEqual(expected)
      }),
      { numRuns: 200 }
    )
  })

  it('may lack any one: laps between crossings stay within milliseconds, and none is invented', () => {
    const [first, ...others] = times(ride)
    for (let lost = 1; lost < ride.length - REORDER_READINGS - 1; lost += 7) {
      const [standing, ...rest] = times(ride.filter(({ seq }) => seq !== lost))
      near([standing!], [first!], 2 * READING_MS)
      near(rest, others, 3)
    }
  })

  it('wait for a missing one until forty-five later ones are there', () => {
    const timer = newTimer(ROUND_LINE, 1)
    feed(timer, ride.slice(0, 10))
    feed(timer, ride.slice(11, 11 + REORDER_READINGS - 1))
    expect(timer.next).toBe(10)
    feed(timer, ride.slice(11 + REORDER_READINGS - 1, 11 + REORDER_READINGS))
    expect(timer.next).toBe(11 + REORDER_READINGS)
  })
})

describe.each(['a', 'b'])('the recorded run %s', name => {
  const file = new URL(`evaluation-${name}.csv`, RECORDINGS)

  it('has its three laps, each within one reading, and no other', async () => {
    const line = await readStartLine(new URL('course.csv', RECORDINGS))
    const readings = await readRecording(file)
    const timer = newTimer(line, 1)
    const laps = packBySecond(readings).flatMap(batch => feed(timer, batch))
    const recorded = (await recordedLaps(file)).map(({ lapMs }) => lapMs)
    expect(recorded).toEqual(name === 'a' ? [16_401, 16_199, 16_340] : [15_932, 17_002, 16_330])
    console.info(`recorded run ${name}: ${laps.map(({ lapMs }) => lapMs)} for ${recorded}`)
    near(
      laps.map(({ lapMs }) => lapMs),
      recorded,
      RECORDED_READING_MS
    )
  })
})
