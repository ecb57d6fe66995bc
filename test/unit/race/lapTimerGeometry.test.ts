import { describe, expect, it } from 'vitest'
import type { CarReading } from '#contract'
import { metresOff } from '#race/boundary'
import { feed, HALF_CAR_M, newTimer, type TimedCourse } from '#race/lapTimer'
import {
  drive,
  HALF_TRACK_M,
  LAP_M,
  lapsOf,
  msFor,
  READING_MS,
  ROUND_COURSE,
  ROUND_LINE,
  resetsOf,
  type Stretch
} from '../../stories/cars.ts'

const SPEED = 4
const ROUND = msFor(LAP_M, SPEED)
const STANDING: Stretch = { speed: 0, ms: 2 * READING_MS }
const on = (rounds: number): Stretch => ({ speed: SPEED, ms: rounds * ROUND })
/** Out to a distance from the track's middle in a second, and back in another. */
const swerve = (metres: number): Stretch[] => [
  { speed: SPEED, drift: metres, ms: 1_000 },
  { speed: SPEED, drift: -metres, ms: 1_000 }
]

const LEFT = 'left the track'

/** Validity of the laps, and how often the car left the track, or was put back without that. */
function timed(readings: CarReading[], course: TimedCourse = ROUND_COURSE) {
  const driven = feed(newTimer(1), course, readings)
  const resets = resetsOf(driven)
  const offTracks = resets.filter(({ reason }) => reason === LEFT).length
  return {
    faults: lapsOf(driven).map(({ fault }) => fault),
    resets: resets.length - offTracks,
    offTracks
  }
}
/** Goes on from a reading somewhere else: the car was carried. */
const carriedFrom = (readings: CarReading[], to: number, ...stretches: Stretch[]) => {
  const { seq, t } = readings.at(-1)!
  return [...readings, ...drive(to, stretches, { seq: seq + 1, t: t + READING_MS })]
}

describe('the band between the edges', () => {
  const square = (half: number) =>
    [
      [-half, -half],
      [half, -half],
      [half, half],
      [-half, half]
    ].map(([x = 0, y = 0]) => ({ x, y }))
  const boundary = { inner: square(1), outer: square(3) }

  it('holds what lies inside of one ring alone', () => {
    expect(metresOff(boundary, { x: 2, y: 0 })).toBe(0)
    expect(metresOff(boundary, { x: -2.9, y: 2.9 })).toBe(0)
  })

  it('is left by as much as the nearest edge is away, on either side and past a corner', () => {
    expect(metresOff(boundary, { x: 0.75, y: 0 })).toBeCloseTo(0.25)
    expect(metresOff(boundary, { x: 3.5, y: 1 })).toBeCloseTo(0.5)
    expect(metresOff(boundary, { x: 6, y: 7 })).toBeCloseTo(5)
  })

  it('is the same whichever ring is called the inner one, and from whichever point on', () => {
    const { inner, outer } = boundary
    const turned = { inner: outer.toReversed(), outer: [...inner.slice(2), ...inner.slice(0, 2)] }
    for (const place of [
      { x: 2, y: 1 },
      { x: 0.2, y: 0.1 },
      { x: -5, y: 1 }
    ]) {
      expect(metresOff(turned, place)).toBeCloseTo(metresOff(boundary, place))
    }
  })
})

describe('a car that leaves the track', () => {
  it('has driven a lap that does not count, and the next one does', () => {
    const story = drive(0.1, [STANDING, on(0.4), ...swerve(1.5), on(1.8)])
    expect(timed(story)).toEqual({ faults: [LEFT, undefined], resets: 0, offTracks: 1 })
  })

  it('at either edge by less than half its width has not left it', () => {
    for (const side of [1, -1]) {
      const within = swerve(side * (HALF_TRACK_M + 0.8 * HALF_CAR_M))
      const beyond = swerve(side * (HALF_TRACK_M + 1.4 * HALF_CAR_M))
      expect(timed(drive(0.1, [STANDING, on(0.4), ...within, on(0.8)])).faults).toEqual([undefined])
      expect(timed(drive(0.1, [STANDING, on(0.4), ...beyond, on(0.8)])).faults).toEqual([LEFT])
    }
  })

  it('counts once until its middle is on the track again, and once more after that', () => {
    const edge = HALF_TRACK_M + 0.05
    const wavering: Stretch[] = [
      { speed: SPEED, drift: 1.3, ms: 1_000 },
      { speed: SPEED, drift: edge - 1.3, ms: 1_000 },
      { speed: SPEED, drift: 1.3 - edge, ms: 1_000 },
      { speed: SPEED, drift: -1.3, ms: 1_000 }
    ]
    const story = drive(0.1, [STANDING, on(0.3), ...wavering, on(0.1), ...swerve(1.4), on(0.5)])
    expect(timed(story)).toEqual({ faults: [LEFT], resets: 0, offTracks: 2 })
  })

  it('on either side of the line has spoilt two laps', () => {
    const seconds = (LAP_M - 4.2 - 0.1) / SPEED
    const story = drive(0.1, [
      STANDING,
      { speed: SPEED, ms: seconds * 1_000 },
      // It is on the track as it crosses the line, and off again right after that.
      { speed: SPEED, drift: 1.4, ms: 800 },
      { speed: SPEED, drift: -1, ms: 250 },
      { speed: SPEED, drift: 1.4, ms: 250 },
      { speed: SPEED, drift: -1.2, ms: 1_000 },
      on(1)
    ])
    expect(timed(story).faults).toEqual([LEFT, LEFT])
  })

  it('is noticed by nothing where the course has no edges: one wheel off is no fault', () => {
    const story = drive(0.1, [STANDING, on(0.4), ...swerve(1.5), on(1.8)])
    expect(story.some(({ wheelsOnTrack }) => !wheelsOnTrack)).toBe(true)
    expect(timed(story, { line: ROUND_LINE })).toEqual({
      faults: [undefined, undefined],
      resets: 0,
      offTracks: 0
    })
  })

  it('has no lap by a line crossed outside of its ends', () => {
    const around = drive(LAP_M / 2, [
      { speed: SPEED, drift: 0.6, ms: 2_500 },
      { speed: SPEED, ms: 2.2 * ROUND }
    ])
    expect(timed(around)).toEqual({ faults: [], resets: 0, offTracks: 1 })
  })
})

describe('a car that is put back', () => {
  it('ends its lap without a time, and the next whole one counts', () => {
    const story = carriedFrom(drive(0.1, [STANDING, on(1.4)]), 0.3 * LAP_M, STANDING, on(2.2))
    expect(timed(story)).toEqual({ faults: [undefined, undefined], resets: 1, offTracks: 0 })
  })

  it('counts once although it was carried twice before it drove again', () => {
    const once = carriedFrom(drive(0.1, [STANDING, on(0.4)]), 30, STANDING)
    expect(timed(carriedFrom(once, 10, STANDING, on(0.1))).resets).toBe(1)
  })

  it('and left the track before has left it once: where it is carried to is no excursion', () => {
    const out = drive(0.1, [STANDING, on(0.4), { speed: SPEED, drift: 2, ms: 1_000 }])
    const { seq, t } = out.at(-1)!
    const held = drive(0, [STANDING], { seq: seq + 1, t: t + READING_MS }).map(reading => ({
      ...reading,
      x: 0,
      y: 0
    }))
    expect(timed(carriedFrom([...out, ...held], 20, STANDING, on(0.2)))).toEqual({
      faults: [],
      resets: 0,
      offTracks: 1
    })
  })

  it('over the line has no lap by that, even by a step that it drives in a third of a second', () => {
    const nearly = drive(LAP_M / 2, [on(1.49)])
    expect(timed(carriedFrom(nearly, 0.6, on(0.5)))).toEqual({
      faults: [],
      resets: 1,
      offTracks: 0
    })
  })

  it('is believed up to the class limit where it tells no speed', () => {
    const untold = drive(0.1, [STANDING, on(1.1)]).map(reading => ({ ...reading, speed: 0 }))
    expect(timed(untold)).toEqual({ faults: [undefined], resets: 0, offTracks: 0 })
  })
})

describe('a car that stops on its way', () => {
  const stop: Stretch = { speed: 0, ms: 3 * READING_MS }

  it('ends its lap without a time, and counts as put back once it drives on', () => {
    const story = drive(0.1, [STANDING, on(0.4), stop, on(1.8)])
    expect(timed(story)).toEqual({ faults: [undefined], resets: 1, offTracks: 0 })
  })

  it('for good after its last lap was not put back', () => {
    expect(timed(drive(0.1, [STANDING, on(1.2), stop]))).toEqual({
      faults: [undefined],
      resets: 0,
      offTracks: 0
    })
  })

  it('at the start begins its next lap there, and was not put back', () => {
    const lap = msFor(LAP_M, SPEED)
    const story = drive(0.1, [STANDING, { speed: SPEED, ms: lap }, stop, on(1.1)])
    expect(timed(story)).toEqual({ faults: [undefined, undefined], resets: 0, offTracks: 0 })
  })

  it('after rolling back over the line owes no crossing', () => {
    const story = drive(0.1, [STANDING, on(1.02), { speed: -2, ms: 2_000 }, stop, on(1.2)])
    expect(timed(story).faults).toEqual([undefined, undefined])
  })
})

describe('a gap between readings', () => {
  const story = drive(0.1, [STANDING, on(3.2)])
  const middle = story[0]!.t + 1.5 * ROUND

  it('of more than a second ends the lap without a time, and nobody put the car back', () => {
    const gappy = story.filter(({ t }) => t < middle || t > middle + 1_100)
    expect(timed(gappy)).toEqual({ faults: [undefined, undefined], resets: 0, offTracks: 0 })
  })

  it('of less is bridged', () => {
    const gappy = story.filter(({ t }) => t < middle || t > middle + 800)
    expect(timed(gappy).faults).toHaveLength(3)
  })

  it('in the clock alone is a clock that jumped: it ends the lap, and nobody put the car back', () => {
    const jumped = story.map(reading => ({
      ...reading,
      t: reading.t > middle ? reading.t + 1_500 : reading.t
    }))
    expect(timed(jumped)).toEqual({ faults: [undefined, undefined], resets: 0, offTracks: 0 })
  })
})
