import type { Racing } from '#contract'
import type { Lap, RaceState } from './state.ts'

/** Who is on the track, the longest there first; nobody any more in a race that is over for good, although a run was never ended. */
export function racing(state: RaceState, laps: Map<number, Lap[]>): Racing[] {
  if (state.phase === 'official' || state.phase === 'aborted') return []
  return [...state.runs]
    .filter(([runId]) => !state.runEnds.has(runId))
    .map(([runId, { bib, at }]) => {
      const driven = (laps.get(bib) ?? []).filter(lap => lap.runId === runId)
      const last = driven.at(-1)
      const valid = driven.filter(lap => lap.valid)
      return {
        runId,
        bib,
        since: at,
        laps: driven.length,
        last: last ? { ms: last.ms, valid: last.valid } : null,
        best: valid.length ? Math.min(...valid.map(({ ms }) => ms)) : null
      }
    })
    .sort((a, b) => a.since - b.since || (a.runId < b.runId ? -1 : 1))
}
