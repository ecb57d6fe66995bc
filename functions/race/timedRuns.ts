import type { Fact, TimedLap, TimedRun } from '#contract'
import type { JudgedLap } from './judgedLaps.ts'
import { factsOf, type Ledger } from './ledgerState.ts'
import { runClock } from './runClock.ts'

/**
 * Every run with all that was timed of it, the newest first. A run that nobody began, or of which that was taken back,
 * began with its first lap.
 */
export function timedRuns({
  state,
  laps: { all, runs, presentResets },
  facts
}: Ledger): TimedRun[] {
  const lapsOf = Map.groupBy(timedLaps(facts, all), ({ runId }) => runId)
  const sensors = new Map(factsOf(facts, 'run').map(({ id, sensorId }) => [id, sensorId]))
  return [...new Set([...runs.keys(), ...lapsOf.keys()])]
    .map(runId => {
      const laps = lapsOf.get(runId) ?? []
      const begun = runs.get(runId)
      const run = begun ?? beginning(laps)
      return {
        runId,
        bib: run.bib,
        deviceId: begun?.deviceId ?? null,
        sensorId: (begun && sensors.get(begun.id)) ?? null,
        proxy: begun?.proxy ?? false,
        startedAt: run.at,
        endedAt: state.runEnds.get(runId) ?? null,
        ...runClock(state, runId, run),
        submitted: state.submits.has(runId),
        resets: presentResets.get(runId) ?? 0,
        laps
      }
    })
    .sort((a, b) => b.startedAt - a.startedAt || (a.runId < b.runId ? 1 : -1))
}

/** Laps with who recorded them, and how often each was decided upon. */
function timedLaps(facts: Fact[], laps: JudgedLap[]): TimedLap[] {
  const told = new Map(factsOf(facts, 'lap').map(lap => [lap.id, lap]))
  const revisions = revisionsOf(facts)
  return laps.map(({ id, runId, bib, lap, ms, state, why, source, resets, at }) => {
    const { recordedAt = null, actor: by } = told.get(id)!
    const revision = revisions.get(id) ?? 0
    return {
      lapId: id,
      runId,
      bib,
      lap,
      ms,
      state,
      why,
      source,
      resets,
      at,
      recordedAt,
      by,
      revision
    }
  })
}

/** How a run began that has laps and nothing else; `laps` in the order driven. */
function beginning(laps: TimedLap[]): { id: string; bib: number; at: number } {
  const { lapId, bib, at, ms } = laps[0]!
  return { id: lapId, bib, at: Math.max(0, at - ms) }
}

/** How many decisions there are on each fact that there are any on: corrections, retractions and restorations. */
function revisionsOf(facts: Fact[]): Map<string, number> {
  const revisions = new Map<string, number>()
  for (const fact of factsOf(facts, 'correct', 'retract', 'restore')) {
    const subject = fact.kind === 'correct' ? fact.lapId : fact.of
    revisions.set(subject, (revisions.get(subject) ?? 0) + 1)
  }
  return revisions
}
