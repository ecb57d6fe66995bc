import { firstFrom, nearestOf } from './nearest.ts'
import { isRetracted } from './retractions.ts'
import type { Lap, RaceState } from './state.ts'

/** A person sees a reset no further than this from when telemetry tells it, in ms: they are one. */
export const SAME_RESET_MS = 3_000

/** The instants at which cars were put back, by run: neither those taken back, nor those by hand that telemetry tells too. */
export function resetInstants(state: RaceState): Map<string, number[]> {
  const told = [...state.resets.values()].filter(({ id }) => !isRetracted(state, id))
  const byRun = Map.groupBy(told, ({ runId }) => runId)
  return new Map(
    [...byRun].map(([runId, resets]) => {
      const ordered = resets.sort((a, b) => a.at - b.at)
      const near = nearestOf(ordered.filter(({ byHand }) => !byHand))
      const real = ordered.filter(({ byHand, at }) => !byHand || !near(at, SAME_RESET_MS))
      return [runId, real.map(({ at }) => at)]
    })
  )
}

/**
 * How many of the instants lie in each of a run's laps, which are in order: in the first one that was complete then or
 * later, else after the last.
 */
export function shareOut(laps: Lap[], instants: number[]): { within: number[]; after: number } {
  const within = laps.map(() => 0)
  let after = 0
  for (const instant of instants) {
    const lap = firstFrom(laps, instant)
    if (lap < laps.length) within[lap] = within[lap]! + 1
    else after++
  }
  return { within, after }
}
