import type { Race } from '#contract'
import { addsUp, take } from './metric.ts'
import { foldReadings, type Reading } from './readings.ts'
import { openState, type RaceState } from './state.ts'
import { WINDOW_MS } from './window.ts'

/** Longest race of which performances are kept second by second, in s, and most values of one race: 1,000 riders of that. */
export const PERFORMANCE_MAX_SECONDS = 7_200
const MAX_VALUES = 1_000 * PERFORMANCE_MAX_SECONDS

/** A value at the end of each second of a race. */
export type Series = Uint32Array<ArrayBuffer>
/** A race that is ridden again from its readings: what each bib gained in each second, until `seriesOf` adds it up. */
export type Performances = { state: RaceState; gained: Map<number, Series> }

/** Opens a race again for some of its bibs; undefined where it is too long or too large to be kept. Instants in ms since 1970. */
export function openPerformances(
  race: Race,
  { startsAt, endsAt }: { startsAt: number; endsAt: number },
  bibs: number[]
): Performances | undefined {
  const seconds = Math.ceil((endsAt - startsAt) / WINDOW_MS)
  if (seconds > PERFORMANCE_MAX_SECONDS || seconds * bibs.length > MAX_VALUES) return undefined
  const state: RaceState = { ...openState(race), phase: 'finishing', startsAt, endsAt }
  return { state, gained: new Map(bibs.map(bib => [bib, new Uint32Array(seconds)])) }
}

/** Rides readings of one partition again, by the rules of the live race; of one bib in the order of their arrival. */
export function replay({ state, gained }: Performances, partition: string, batch: Reading[]): void {
  const adds = addsUp(state.race.format)
  for (const reading of batch) {
    const series = gained.get(reading.bib)
    if (!series || foldReadings(state, partition, [reading], reading.enqueued).length) continue
    // What has just been counted waits for its window, alone: taken out it tells its value and instant.
    const gain = take(state.columns, reading.bib, 'next')
    if (!gain) continue
    const second = Math.min(Math.floor(gain.at / WINDOW_MS), series.length - 1)
    series[second] = adds ? series[second]! + gain.value : Math.max(series[second]!, gain.value)
  }
}

/**
 * Each bib's value at the end of each second. Only of those that end at their final `values`: of others readings are gone
 * from the hub, or a person let more count than was ridden, and half a way would be a wrong one.
 */
export function seriesOf(
  { state, gained }: Performances,
  values: Map<number, number>
): Map<number, Series> {
  const adds = addsUp(state.race.format)
  const complete = new Map<number, Series>()
  for (const [bib, gains] of gained) {
    let value = 0
    const series = gains.map(gain => {
      value = adds ? value + gain : Math.max(value, gain)
      return value
    })
    if (value === values.get(bib)) complete.set(bib, series)
  }
  return complete
}
