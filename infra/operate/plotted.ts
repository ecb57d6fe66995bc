import type { RiderSeries } from './readingSeries.ts'

/** Most figures of one plot: more make a page that is slow to open and show no more. */
const FIGURES_MAX = 200_000
/** Span of one point of the lag, in s. */
const LAG_STEP_S = 10

/** Seconds that one point of a plot stands for, so that all riders' points stay few enough. */
export const stepOf = (riders: number, seconds: number): number =>
  Math.max(1, Math.ceil((riders * seconds) / FIGURES_MAX))

type Arrival = { at: number; lag: number }

/** Mean power of each step in W; null where nothing was measured. */
export function powers({ seconds }: RiderSeries, length: number, step: number): (number | null)[] {
  return steps(length, step).map(from => {
    let power = 0
    let readings = 0
    for (let second = from; second < Math.min(from + step, length); second++) {
      power += seconds.get(second)?.power ?? 0
      readings += seconds.get(second)?.readings ?? 0
    }
    return readings ? Math.round(power / readings) : null
  })
}

/** The value at the end of each step: what was reached stays, and adds up where `adds`. Null before the first. */
export function values(
  { seconds }: RiderSeries,
  length: number,
  step: number,
  adds: boolean
): (number | null)[] {
  let value: number | null = null
  return steps(length, step).map(from => {
    for (let second = from; second < Math.min(from + step, length); second++) {
      const gained = seconds.get(second)?.value
      if (gained === undefined) continue
      value = adds ? (value ?? 0) + gained : Math.max(value ?? 0, gained)
    }
    return value
  })
}

/** Each rider's place at each step by value alone, equal values sharing it; null before the first reading. */
export function ranks(all: (number | null)[][]): (number | null)[][] {
  const places = all.map(row => row.map((): number | null => null))
  for (let step = 0; step < (all[0]?.length ?? 0); step++) {
    const order = all
      .map((row, rider) => ({ rider, value: row[step] ?? -1 }))
      .filter(({ value }) => value >= 0)
      .sort((a, b) => b.value - a.value)
    let place = 0
    order.forEach(({ rider, value }, i) => {
      if (value !== order[i - 1]?.value) place = i + 1
      places[rider]![step] = place
    })
  }
  return places
}

/** The lag's median and 99th percentile of every 10 s in which something arrived. */
export function lagOf(arrivals: Arrival[]): { at: number[]; p50: number[]; p99: number[] } {
  const spans = [...Map.groupBy(arrivals, ({ at }) => Math.floor(at / 1_000 / LAG_STEP_S))].sort(
    ([a], [b]) => a - b
  )
  const lags = spans.map(([, own]) => own.map(({ lag }) => lag).sort((a, b) => a - b))
  return {
    at: spans.map(([span]) => span * LAG_STEP_S),
    p50: lags.map(own => percentile(own, 50)),
    p99: lags.map(own => percentile(own, 99))
  }
}

/** The readings of each second, those without any too. */
export function rateOf(arrivals: Arrival[]): { at: number[]; readings: number[] } {
  const seconds = arrivals.map(({ at }) => Math.floor(at / 1_000))
  const [first, last] = seconds.reduce(
    ([low, high], second) => [Math.min(low, second), Math.max(high, second)],
    [Infinity, -Infinity]
  )
  const at = first > last ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const readings = at.map(() => 0)
  for (const second of seconds) readings[second - first] = readings[second - first]! + 1
  return { at, readings }
}

/** The nearest-rank percentile of sorted figures. */
const percentile = (sorted: number[], p: number): number =>
  sorted[Math.max(0, Math.ceil((sorted.length * p) / 100) - 1)] ?? 0

const steps = (length: number, step: number): number[] =>
  Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step)
