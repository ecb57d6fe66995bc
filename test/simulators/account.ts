import { build, type Histogram } from 'hdr-histogram-js'
import type { RideReading } from '#contract'

/** One rider's part of the account. */
export type RiderAccount = {
  bib: number
  competitorId: string
  nickname: string
  /** The seat token's session claim. */
  session: number
  /** Every reading that the gateway has taken, deliberate repetitions included, in the order of acknowledgement. */
  acknowledged: RideReading[]
  /** Given up at the stop: whether they arrived is unknown. */
  unanswered: RideReading[]
}

/** What a field has sent. Exact: `sent` = `acknowledged` + all `refused` + `unanswered`. */
export type RideAccount = {
  riders: RiderAccount[]
  /** Riders without a seat, by the reason. */
  seatless: Record<string, number>
  /** Readings, deliberate repetitions included; repeated attempts are not counted again. */
  sent: number
  acknowledged: number
  /** Readings by the reason of their refusal. */
  refused: Record<string, number>
  unanswered: number
  /** From the instant a reading was due to its acknowledgement, in µs: waiting behind a stall is part of it. */
  latency: Histogram
}

export const newAccount = (): RideAccount => ({
  riders: [],
  seatless: {},
  sent: 0,
  acknowledged: 0,
  refused: {},
  unanswered: 0,
  latency: build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 })
})

/** Adds to a count by reason. */
export function tally(counts: Record<string, number>, reason: string, more = 1): void {
  counts[reason] = (counts[reason] ?? 0) + more
}

/** The account in a few numbers, for a log. Latencies in ms. */
export const summary = ({ riders, latency, ...counts }: RideAccount) => ({
  ...counts,
  riders: riders.length,
  latency: {
    p50: latency.getValueAtPercentile(50) / 1_000,
    p99: latency.getValueAtPercentile(99) / 1_000,
    max: latency.maxValue / 1_000
  }
})
