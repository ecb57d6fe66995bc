import type { RideReading } from '#contract'

/** A plausible reading of a rider's trainer at `t`, ms since 1970. */
export const readingAt = (t: number, seq: number): RideReading => ({
  seq,
  t: Math.floor(t),
  cadence: 90,
  resistance: 40,
  power: 200,
  distance: 1_000,
  work: 200
})
