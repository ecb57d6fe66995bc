import type { LapState } from '#contract'
import { type BegunRun, begunRuns } from './begunRuns.ts'
import { countsFor } from './merges.ts'
import { resetInstants, shareOut } from './resets.ts'
import { isRetracted } from './retractions.ts'
import { elapsed } from './runClock.ts'
import { isOff } from './startList.ts'
import type { Lap, RaceState } from './state.ts'
import { asDriven, compareTimings, type Timing } from './timings.ts'

/** A lap as the race's rules, corrections and merges leave it. */
export type JudgedLap = Lap & {
  /** Whether it counts. */
  valid: boolean
  state: LapState
  /** What makes it so, in words; empty for a lap that simply counts. */
  why: string
  /** The lap that stands for this superseded one, where there is one. */
  twin: string | null
  /** How often the car was put back in it; none in laps that are not shown. */
  resets: number
}

/** The laps of a race, judged. */
export type JudgedLaps = {
  /** Every timing of every lap in the order driven, also of bibs that are off the race. */
  all: JudgedLap[]
  /** Those that the public sees, by bib: neither superseded nor retracted, of bibs that are in the race. */
  byBib: Map<number, JudgedLap[]>
  /** By run how often the car was put back in the lap that it drives. */
  presentResets: Map<string, number>
  runs: Map<string, BegunRun>
}

type Verdict = { state: LapState; why: string; twin?: string | null }

/** Judges the laps of every run, in time that grows with their number as sorting does. */
export function judgedLaps(state: RaceState): JudgedLaps {
  const runs = begunRuns(state)
  const lapsOf = Map.groupBy(state.laps.values(), ({ runId }) => runId)
  const resetsOf = resetInstants(state)
  const all: JudgedLap[] = []
  const presentResets = new Map<string, number>()
  for (const runId of new Set([...lapsOf.keys(), ...resetsOf.keys()])) {
    const laps = (lapsOf.get(runId) ?? []).sort(asDriven)
    const judged = judgeRun(state, runId, runs.get(runId), laps, resetsOf.get(runId) ?? [])
    all.push(...judged.laps)
    presentResets.set(runId, judged.presentResets)
  }
  all.sort(asDriven)
  const visible = all.filter(lap => isShown(lap) && !isOff(state, lap.bib))
  return { all, byBib: Map.groupBy(visible, ({ bib }) => bib), presentResets, runs }
}

const isShown = ({ state }: { state: LapState }): boolean =>
  state !== 'superseded' && state !== 'retracted'

/** `laps` are all of the run in the order driven, `resets` the instants at which its car was put back. */
function judgeRun(
  state: RaceState,
  runId: string,
  run: BegunRun | undefined,
  laps: Lap[],
  resets: number[]
): { laps: JudgedLap[]; presentResets: number } {
  const told = laps.filter(({ id }) => !isRetracted(state, id))
  const timings = compareTimings(state, run, told)
  const hidden = new Map(
    laps.flatMap(lap => {
      const verdict = hiddenBy(state, lap, timings.get(lap.id))
      return verdict ? [[lap.id, verdict] as const] : []
    })
  )
  const shown = laps.filter(({ id }) => !hidden.has(id))
  const { within, after } = shareOut(shown, resets)
  const resetsIn = new Map(shown.map(({ id }, i) => [id, within[i]!]))
  const judge = judgeOf(state, runId, run)
  const judged = laps.map(lap => {
    const inIt = resetsIn.get(lap.id) ?? 0
    const verdict = hidden.get(lap.id) ?? judge(lap, inIt, timings.get(lap.id)?.fault)
    return {
      ...lap,
      bib: countsFor(state, lap.bib),
      ms: state.corrections.get(lap.id)?.ms ?? lap.ms,
      valid: verdict.state === 'counts',
      twin: null,
      resets: inIt,
      ...verdict
    }
  })
  return { laps: judged, presentResets: after }
}

/** Why the public does not see a lap at all; a correction that lets a superseded one count shows it. */
function hiddenBy(state: RaceState, { id }: Lap, timing?: Timing): Verdict | undefined {
  if (isRetracted(state, id)) return { state: 'retracted', why: 'taken back' }
  if (!timing?.superseded || state.corrections.get(id)?.valid) return undefined
  return { state: 'superseded', ...timing.superseded }
}

/**
 * Judges laps of a run that are shown. A correction overrules everything but the race's end. A lap that is begun in time,
 * by the race's end and by the run's clock, may be finished.
 */
function judgeOf(
  state: RaceState,
  runId: string,
  run: BegunRun | undefined
): (lap: Lap, resets: number, fault?: string) => Verdict {
  const { minLapMs, maxLapMs, maxRuns, runMs, allowedResets } = state.race
  const goneOn = run && runMs !== undefined ? elapsed(state, runId, run) : undefined
  const invalid = (why: string): Verdict => ({ state: 'invalid', why })
  const held = (why: string): Verdict => ({ state: 'held', why })
  return (lap, resets, fault) => {
    const begun = lap.at - lap.ms
    if (state.endsAt !== null && begun > state.endsAt) return invalid('begun after the end')
    const correction = state.corrections.get(lap.id)
    if (correction) {
      return correction.valid ? { state: 'counts', why: 'corrected' } : invalid('corrected')
    }
    if (!lap.valid) return invalid('timed as not valid')
    if (fault !== undefined) return invalid(fault)
    if (allowedResets !== undefined && resets > allowedResets) {
      return invalid(`resets: ${resets} of ${allowedResets} allowed`)
    }
    if (run && maxRuns !== undefined && run.number > maxRuns) {
      return invalid(`run ${run.number} of ${maxRuns} allowed`)
    }
    if (goneOn && goneOn(begun) > runMs!) return invalid("begun after the run's time")
    if (lap.ms < minLapMs) return held(`below the shortest lap of ${minLapMs} ms`)
    if (lap.ms > maxLapMs) return held(`above the longest lap of ${maxLapMs} ms`)
    return { state: 'counts', why: '' }
  }
}
