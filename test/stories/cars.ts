import type { CarReading, Line } from '#contract'

/** A round course of 10 m radius, driven to the left; the line lies across it at angle 0. */
export const RADIUS_M = 10
export const LAP_M = 2 * Math.PI * RADIUS_M
export const ROUND_LINE: Line = { x1: 9, y1: 0, x2: 11, y2: 0 }
/** Time between a car's readings, in ms. */
export const READING_MS = 66

/** A stretch of driving: metres a second along the course (below zero: backwards) for a time. */
export type Stretch = { speed: number; ms: number }

/** Readings of a car that is put down `from` metres beyond the line and driven stretch by stretch. */
export function drive(
  from: number,
  stretches: Stretch[],
  { seq = 0, t = 5_000 }: { seq?: number; t?: number } = {}
): CarReading[] {
  const readings: CarReading[] = []
  const end = stretches.reduce((sum, { ms }) => sum + ms, 0)
  for (let ms = 0; ms <= end; ms += READING_MS) {
    const { metres, speed } = after(stretches, ms)
    readings.push(at(from + metres, seq + readings.length, t + ms, speed))
  }
  return readings
}

/** How far the stretches brought the car after a time, and what it is told to do then. */
function after(stretches: Stretch[], ms: number): { metres: number; speed: number } {
  let left = ms
  let metres = 0
  for (const { speed, ms: length } of stretches) {
    if (left < length) return { metres: metres + (speed * left) / 1_000, speed }
    metres += (speed * length) / 1_000
    left -= length
  }
  return { metres, speed: stretches.at(-1)?.speed ?? 0 }
}

/** A reading `metres` along the course beyond the line. */
export const at = (metres: number, seq: number, t: number, speed = 4): CarReading => ({
  seq,
  t,
  x: RADIUS_M * Math.cos(metres / RADIUS_M),
  y: RADIUS_M * Math.sin(metres / RADIUS_M),
  yaw: 0,
  speed: Math.abs(speed),
  wheelsOnTrack: true
})

/** How long a distance takes at a speed, in ms. */
export const msFor = (metres: number, speed: number): number => (metres / speed) * 1_000
