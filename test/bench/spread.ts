/** How a sample is spread, to tenths; NaN where it is empty. */
type Spread = { p50: number; p99: number; max: number; n: number }

/** The value that a share `q` (0 to 1) of the sample does not exceed, by nearest rank. */
function quantile(sample: readonly number[], q: number): number {
  const sorted = sample.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5)

export function spreadOf(sample: readonly number[]): Spread {
  const at = (q: number) => Math.round(10 * quantile(sample, q)) / 10
  return { p50: at(0.5), p99: at(0.99), max: at(1), n: sample.length }
}
