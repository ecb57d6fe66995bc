import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CarReading } from '#contract'
import type { Driven } from '#race/driven'
import { feed, newTimer, REORDER_READINGS } from '#race/lapTimer'
import { drive, LAP_M, lapsOf, msFor, READING_MS, ROUND_COURSE } from '../../stories/cars.ts'

const SPEED = 4
const ROUND = msFor(LAP_M, SPEED)
/** A car that is put down just beyond the line and started. */
const STANDING = { speed: 0, ms: 2 * READING_MS }

const timed = (readings: CarReading[]) => lapsOf(feed(newTimer(1), ROUND_COURSE, readings))
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

  it('that waits a metre beyond the line has no lap until it has driven a whole one', () => {
    const waited = drive(1, [
      { speed: 0, ms: 200 },
      { speed: SPEED, ms: 2.2 * ROUND }
    ])
    near(times(waited), [ROUND])
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

  it('give the same laps in any order within the window, repeated, and split into any requests', () => {
    const start = drive(0.1, [
      STANDING,
      { speed: SPEED, ms: 1.3 * ROUND },
      { speed: SPEED, drift: 1.2, ms: 1_100 },
      { speed: SPEED, drift: -1.2, ms: 1_100 },
      { speed: SPEED, ms: 0.9 * ROUND }
    ])
    const { seq, t } = start.at(-1)!
    const eventful = [
      ...start,
      ...drive(30, [{ speed: SPEED, ms: 1.8 * ROUND }], { seq: seq + 1, t: t + READING_MS })
    ]
    const whole = newTimer(1)
    const expected = feed(whole, ROUND_COURSE, eventful)
    expect(lapsOf(expected).map(({ fault }) => fault)).toEqual([
      undefined,
      'left the track',
      undefined
    ])
    expect(expected.map(({ kind }) => kind)).toEqual(['lap', 'reset', 'lap', 'reset', 'lap'])
    const places = (max: number) =>
      fc.array(fc.nat({ max }), { minLength: eventful.length, maxLength: eventful.length })
    fc.assert(
      fc.property(
        places(REORDER_READINGS - 1),
        places(400),
        fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }),
        (delays, repeats, sizes) => {
          const arrived = eventful
            .flatMap((reading, i) => {
              const first = { reading, order: i + delays[i]! }
              // One in five comes again, up to half a minute later.
              return repeats[i]! % 5 ? [first] : [first, { reading, order: i + repeats[i]! }]
            })
            .sort((a, b) => a.order - b.order)
            .map(({ reading }) => reading)
          let timer = newTimer(1)
          const laps: Driven[] = []
          for (let from = 0, i = 0; from < arrived.length; i++) {
            const size = sizes[i % sizes.length]!
            timer = JSON.parse(JSON.stringify(timer))
            laps.push(...feed(timer, ROUND_COURSE, arrived.slice(from, from + size)))
            from += size
          }
          expect(laps).toEqual(expected)
          expect(timer).toEqual(whole)
        }
      ),
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
    const timer = newTimer(1)
    feed(timer, ROUND_COURSE, ride.slice(0, 10))
    feed(timer, ROUND_COURSE, ride.slice(11, 11 + REORDER_READINGS - 1))
    expect(timer.next).toBe(10)
    feed(timer, ROUND_COURSE, ride.slice(11 + REORDER_READINGS - 1, 11 + REORDER_READINGS))
    expect(timer.next).toBe(11 + REORDER_READINGS)
  })

  it('may begin anywhere in a boot, in any order', () => {
    const later = drive(0.1, [STANDING, { speed: SPEED, ms: 1.1 * ROUND }], { seq: 400 })
    const timer = newTimer(1)
    const laps = [later.slice(15, 30), later.slice(0, 15), later.slice(30)].flatMap(request =>
      feed(timer, ROUND_COURSE, request)
    )
    expect(laps).toEqual(timed(later))
    expect(laps).toHaveLength(1)
  })
})
