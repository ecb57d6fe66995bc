import type { LapSource, Race } from '#contract'
import type { BegunRun } from './begunRuns.ts'
import { nearestOf } from './nearest.ts'
import type { Lap, RaceState } from './state.ts'

/** What other timings of its run make of a lap. */
export type Timing = {
  /** Why another timing stands for it, and the id of that lap where there is one. */
  superseded?: { why: string; twin: string | null }
  /** What was wrong with it, which this timing did not see. */
  fault?: string
}

/**
 * Compares the timings of one run, whose laps `told` are in the order driven. Only laps of one machine, the race's, and of
 * one person stand: who began the run, or where an app did, who told its first lap by hand. A machine's lap stands for the
 * person's that ended within half of its time from it, and takes over a fault that the person saw; a person's lap without
 * such a twin is one that the machine missed. That a correction lets a superseded lap count is for the caller.
 */
export function compareTimings(
  state: RaceState,
  run: BegunRun | undefined,
  told: Lap[]
): Map<string, Timing> {
  const machine = machineOf(state.race, told)
  const timings = new Map<string, Timing>()
  const byHand = told.filter(({ source }) => source === 'hand')
  const timekeeper = run?.by ?? byHand[0]?.by
  const isOthers = ({ by }: Lap) =>
    by !== undefined && timekeeper !== undefined && by !== timekeeper
  const twinOf = twinAmong(told.filter(({ source }) => source === machine))
  const standing: Lap[] = []
  // A sensor sees the line alone: whether a lap is at fault it learns from the derived one.
  const derivedOf = twinAmong(told.filter(({ source }) => source === 'telemetry'))
  for (const lap of told) {
    if (lap.source === 'hand') continue
    if (lap.source !== machine) {
      timings.set(lap.id, { superseded: { why: OTHER_MACHINE[machine], twin: null } })
      continue
    }
    standing.push(lap)
    const derived = machine === 'sensor' ? derivedOf(lap) : undefined
    if (derived && isFaulty(state, derived)) {
      timings.set(lap.id, { fault: "not valid by the car's positions" })
    }
  }
  for (const lap of byHand) {
    if (isOthers(lap)) continue
    const twin = twinOf(lap)
    if (!twin) {
      standing.push(lap)
      continue
    }
    timings.set(lap.id, { superseded: { why: 'the machine timed it too', twin: twin.id } })
    if (isFaulty(state, lap)) timings.set(twin.id, { fault: 'not valid by hand' })
  }
  const standsFor = twinAmong(standing.sort(asDriven))
  for (const lap of byHand.filter(isOthers)) {
    const twin = standsFor(lap)?.id ?? null
    timings.set(lap.id, { superseded: { why: "another person's timing", twin } })
  }
  return timings
}

/** Laps in the order driven. */
export const asDriven = (a: Lap, b: Lap): number =>
  a.at - b.at || a.lap - b.lap || (a.id < b.id ? -1 : 1)

const OTHER_MACHINE = {
  telemetry: "the car's positions time this run",
  sensor: 'the lap sensor times this run'
}

/** The machine whose laps of a run stand. */
function machineOf({ timedBy }: Race, told: Lap[]): Exclude<LapSource, 'hand'> {
  const isSensed = told.some(({ source }) => source === 'sensor')
  return timedBy === 'sensor' && isSensed ? 'sensor' : 'telemetry'
}

/** The lap among others, in the order driven, whose end is nearest to a lap's, within half of its time. */
function twinAmong(others: Lap[]): (lap: Lap) => Lap | undefined {
  const nearest = nearestOf(others)
  return ({ at, ms }) => nearest(at, ms / 2)
}

const isFaulty = ({ corrections }: RaceState, { id, valid }: Lap): boolean =>
  !(corrections.get(id)?.valid ?? valid)
