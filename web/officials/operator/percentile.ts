import type { Latency } from '#contract/operations'

/**
 * The time within which this share of all measurements came, by nearest rank, in ms: null where it never came for so many,
 * undefined without measurements.
 */
export function percentile(
  latencies: readonly Latency[],
  share: number
): number | null | undefined {
  const sorted = latencies.map(({ ms }) => ms ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const at = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  return at === Number.POSITIVE_INFINITY ? null : at
}
