import type { CarReading } from '#contract'

/** No car reads its place more often than this, in ms on average: it does so 15 times a second. */
const LEAST_STEP_MS = 5

/** Whether a request's readings lie closer together, by the car's own clock, than a car can take them. */
export function areTooFast(readings: CarReading[]): boolean {
  const stamps = [...new Map(readings.map(({ seq, t }) => [seq, t])).values()]
  return Math.max(...stamps) - Math.min(...stamps) < (stamps.length - 1) * LEAST_STEP_MS
}
