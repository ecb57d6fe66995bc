import type { Racing } from '#contract'
import type { JudgedLaps } from './judgedLaps.ts'
import { runClock } from './runClock.ts'
import { isOff } from './startList.ts'
import type { RaceState } from './state.ts'

/** Who is on the track, the longest there first; nobody any more in a race that is over for good, although a run was never ended. */
export function racing(state: RaceState, { byBib, presentResets, runs }: JudgedLaps): Racing[] {
  if (state.phase === 'official' || state.phase === 'aborted') return []
  const { allowedResets = null, runMs = null } = state.race
  return [...runs]
    .filter(([runId, { bib }]) => !state.runEnds.has(runId) && !isOff(state, bib))
    .map(([runId, run]) => {
      const driven = (byBib.get(run.bib) ?? []).filter(lap => lap.runId === runId)
      const last = driven.at(-1)
      const valid = driven.filter(lap => lap.valid)
      return {
        runId,
        bib: run.bib,
        deviceId: run.deviceId ?? null,
        since: run.at,
        laps: driven.length,
        last: last ? { ms: last.ms, valid: last.valid } : null,
        best: valid.length ? Math.min(...valid.map(({ ms }) => ms)) : null,
        resets: presentResets.get(runId) ?? 0,
        allowedResets,
        ...runClock(state, runId, run),
        runMs
      }
    })
    .sort((a, b) => a.since - b.since || (a.runId < b.runId ? -1 : 1))
}
