import { build, type Histogram } from 'hdr-histogram-js'
import type { GameReading, RideReading } from '#contract'

/** One rider's or player's part of the account. */
export type PersonAccount<R = RideReading | GameReading> = {
  bib: number
  competitorId: string
  nickname: string
  /** The seat token's session claim. */
  session: number
  /** How far ahead of the server the device's clock is on purpose, ms. */
  skewMs: number
  /** Every reading that the gateway has taken, deliberate repetitions included, in the order of acknowledgement. */
  acknowledged: R[]
  /** When each of these was acknowledged, by server time. */
  heardAt: number[]
  /** Given up at the stop: whether they arrived is unknown. */
  unanswered: R[]
}
/** One rider's part of the account. */
export type RiderAccount = PersonAccount<RideReading>

/** What a field has sent. Exact: `sent` = `acknowledged` + all `refused` + `unanswered`. */
export type FieldAccount<R = RideReading | GameReading> = {
  riders: PersonAccount<R>[]
  /** Who got no seat or lost it, by the reason. */
  seatless: Record<string, number>
  /** Seats held on to in time. */
  renewed: number
  /** Readings, deliberate repetitions included; repeated attempts are not counted again. */
  sent: number
  acknowledged: number
  /** Readings by the reason of their refusal. */
  refused: Record<string, number>
  unanswered: number
  /** From the instant a reading was due to its acknowledgement, in µs: waiting behind a stall is part of it. */
  latency: Histogram
}
/** What a field of riders has sent. */
export type RideAccount = FieldAccount<RideReading>

/** A histogram of latencies in µs, up to an hour. */
export const newLatencies = (): Histogram =>
  build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 })

/** Adds a latency in ms; none is below zero. */
export const recordLatency = (latencies: Histogram, ms: number): void =>
  latencies.recordValue(Math.max(0, Math.round(ms * 1_000)))

/** Latencies in ms. */
export const latenciesOf = (latencies: Histogram) => ({
  p50: latencies.getValueAtPercentile(50) / 1_000,
  p99: latencies.getValueAtPercentile(99) / 1_000,
  max: latencies.maxValue / 1_000
})

export const newAccount = <R>(): FieldAccount<R> => ({
  riders: [],
  seatless: {},
  renewed: 0,
  sent: 0,
  acknowledged: 0,
  refused: {},
  unanswered: 0,
  latency: newLatencies()
})

/** Adds to a count by reason. */
export function tally(counts: Record<string, number>, reason: string, more = 1): void {
  counts[reason] = (counts[reason] ?? 0) + more
}

/** The account in a few numbers, for a log. Latencies in ms. */
export const summary = ({ riders, latency, ...counts }: FieldAccount) => ({
  ...counts,
  riders: riders.length,
  latency: latenciesOf(latency)
})
