import type { CarReading, DeadLetter, FactOf, Line } from '#contract'
import type { Driven } from '#race/driven'
import type { TimedCourse } from '#race/lapTimer'
import { type CarState, createCar, parkedCar } from '../../functions/stages/car.ts'
import type { DevicePorts } from '../../functions/stages/deviceRecords.ts'
import type { CarOperation } from '../../functions/stages/runSignal.ts'
import type { RunFact } from '../../functions/stages/runs.ts'
import { GUN } from './races.ts'

/** A round course of 10 m radius, driven to the left; the line lies across it at angle 0. */
export const RADIUS_M = 10
export const LAP_M = 2 * Math.PI * RADIUS_M
export const ROUND_LINE: Line = { x1: 9, y1: 0, x2: 11, y2: 0 }
/** Half the track's width, in metres: the line spans it. */
export const HALF_TRACK_M = 1
const ring = (radius: number) =>
  Array.from({ length: 120 }, (_, i) => ({
    x: radius * Math.cos((i * Math.PI) / 60),
    y: radius * Math.sin((i * Math.PI) / 60)
  }))
/** The course with its edges. */
export const ROUND_COURSE: TimedCourse = {
  line: ROUND_LINE,
  boundary: { inner: ring(RADIUS_M - HALF_TRACK_M), outer: ring(RADIUS_M + HALF_TRACK_M) }
}
/** Time between a car's readings, in ms. */
export const READING_MS = 66

/** A stretch of driving: metres a second along the middle of the course (below zero: backwards) and away from it, outwards, for a time. */
export type Stretch = { speed: number; ms: number; drift?: number }

/** Readings of a car that is put down `from` metres beyond the line and driven stretch by stretch. */
export function drive(
  from: number,
  stretches: Stretch[],
  { seq = 0, t = 5_000 }: { seq?: number; t?: number } = {}
): CarReading[] {
  const readings: CarReading[] = []
  const end = stretches.reduce((sum, { ms }) => sum + ms, 0)
  for (let ms = 0; ms <= end; ms += READING_MS) {
    const { metres, out, speed } = after(stretches, ms)
    readings.push(at(from + metres, seq + readings.length, t + ms, speed, out))
  }
  return readings
}

/** How far the stretches brought the car after a time, along and outwards, and what it is told to do then. */
function after(stretches: Stretch[], ms: number): { metres: number; out: number; speed: number } {
  let left = ms
  let metres = 0
  let out = 0
  for (const { speed, drift = 0, ms: length } of stretches) {
    const driven = Math.min(left, length) / 1_000
    metres += speed * driven
    out += drift * driven
    if (left < length) return { metres, out, speed }
    left -= length
  }
  return { metres, out, speed: stretches.at(-1)?.speed ?? 0 }
}

/** A reading `metres` along the course beyond the line and `out` metres outwards of its middle. */
export const at = (metres: number, seq: number, t: number, speed = 4, out = 0): CarReading => ({
  seq,
  t,
  x: (RADIUS_M + out) * Math.cos(metres / RADIUS_M),
  y: (RADIUS_M + out) * Math.sin(metres / RADIUS_M),
  yaw: 0,
  speed: Math.abs(speed),
  wheelsOnTrack: Math.abs(out) < HALF_TRACK_M
})

/** How long a distance takes at a speed, in ms. */
export const msFor = (metres: number, speed: number): number => (metres / speed) * 1_000

/** The laps, and the resets, of what was driven. */
export const lapsOf = (driven: Driven[]) => driven.filter(one => one.kind === 'lap')
export const resetsOf = (driven: Driven[]) => driven.filter(one => one.kind === 'reset')

/** A device's entity on ports of arrays; its state is kept as JSON between operations. */
export function aDevice<S, O>(
  create: (ports: DevicePorts) => (deviceId: string, known: S, operation: O) => Promise<S>,
  deviceId: string,
  known: S
) {
  const clock = { now: GUN }
  /** All facts, and those that are laps and resets. */
  const facts: RunFact[] = []
  const laps: FactOf<'lap'>[] = []
  const resets: FactOf<'reset'>[] = []
  const letters: DeadLetter[] = []
  const warnings: string[] = []
  const away = { record: false, deadLetter: false }
  const operate = create({
    async record(fact) {
      if (away.record) throw new Error('away')
      if (facts.some(({ id }) => id === fact.id)) return
      facts.push(fact)
      if (fact.kind === 'lap') laps.push(fact)
      else resets.push(fact)
    },
    async deadLetter(own) {
      if (away.deadLetter) throw new Error('away')
      letters.push(...own)
    },
    now: () => clock.now,
    warn: message => warnings.push(message)
  })
  let state = known
  const hears = async (...operations: O[]) => {
    for (const operation of operations) {
      state = JSON.parse(JSON.stringify(await operate(deviceId, state, operation)))
    }
  }
  return { clock, facts, laps, resets, letters, warnings, away, hears, state: () => state }
}

/** One car. */
export const aCar = (known: CarState = parkedCar()) =>
  aDevice<CarState, CarOperation>(createCar, 'car-1', known)
