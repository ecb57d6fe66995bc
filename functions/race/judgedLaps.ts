import type { LapSource } from '#contract'
import { isWithdrawn } from './startList.ts'
import type { Lap, RaceState } from './state.ts'

/** A lap as the race's rules and its corrections leave it; `resets` is how often the car was put back in it. */
export type JudgedLap = Lap & { resets: number }
/** All laps that are shown, by bib in the order driven; and by run how often the car was put back in the lap that it drives. */
export type JudgedLaps = { byBib: Map<number, JudgedLap[]>; presentResets: Map<string, number> }

/**
 * Judges the laps of every run. Laps of the machine that does not time their run are left out, those of withdrawn bibs too.
 * A lap begun after the end does not count; one begun in time may be finished.
 */
export function judgedLaps(state: RaceState): JudgedLaps {
  const lapsOf = Map.groupBy(state.laps.values(), ({ runId }) => runId)
  const resetsOf = Map.groupBy(state.resets.values(), ({ runId }) => runId)
  const laps: JudgedLap[] = []
  const presentResets = new Map<string, number>()
  for (const runId of new Set([...lapsOf.keys(), ...resetsOf.keys()])) {
    const told = lapsOf.get(runId) ?? []
    const shown = shownOf(state, told).sort(asDriven)
    const instants = (resetsOf.get(runId) ?? []).map(({ at }) => at)
    const { within, after } = shareOut(shown, instants)
    presentResets.set(runId, after)
    laps.push(...shown.map((lap, i) => judge(state, lap, told, within[i]!)))
  }
  const visible = laps.filter(({ bib }) => !isWithdrawn(state, bib)).sort(asDriven)
  return { byBib: Map.groupBy(visible, ({ bib }) => bib), presentResets }
}

const asDriven = (a: Lap, b: Lap): number => a.at - b.at || a.lap - b.lap || (a.id < b.id ? -1 : 1)

/** A run's laps without those of the machine that gives way, unless a correction lets one count. */
function shownOf({ corrections, race }: RaceState, laps: Lap[]): Lap[] {
  const isSensed = laps.some(({ source }) => source === 'sensor')
  const timedBy: LapSource = race.timedBy === 'sensor' && isSensed ? 'sensor' : 'telemetry'
  return laps.filter(
    ({ id, source }) => source === timedBy || source === 'hand' || corrections.get(id)?.valid
  )
}

/** How many of the instants lie in each lap: in the first one that was complete then or later, else after the last. */
function shareOut(laps: Lap[], instants: number[]): { within: number[]; after: number } {
  const within = laps.map(() => 0)
  let after = 0
  for (const instant of instants) {
    const lap = laps.findIndex(({ at }) => at >= instant)
    if (lap < 0) after++
    else within[lap] = within[lap]! + 1
  }
  return { within, after }
}

/** `told` are all laps of the same run. */
function judge(state: RaceState, lap: Lap, told: Lap[], resets: number): JudgedLap {
  const { allowedResets = Number.POSITIVE_INFINITY } = state.race
  const correction = state.corrections.get(lap.id)
  const holds = lap.valid && resets <= allowedResets && !isFaulty(state, lap, told)
  const inTime = state.endsAt === null || lap.at - lap.ms <= state.endsAt
  return {
    ...lap,
    ms: correction?.ms ?? lap.ms,
    valid: (correction?.valid ?? holds) && inTime,
    resets
  }
}

/** A sensor sees the line alone: whether a lap is at fault it learns from the derived lap that was complete nearest to it. */
function isFaulty({ corrections }: RaceState, lap: Lap, told: Lap[]): boolean {
  if (lap.source !== 'sensor') return false
  const distance = ({ at }: Lap) => Math.abs(at - lap.at)
  const [nearest] = told
    .filter(other => other.source === 'telemetry' && distance(other) <= lap.ms / 2)
    .sort((a, b) => distance(a) - distance(b) || asDriven(a, b))
  return nearest !== undefined && !(corrections.get(nearest.id)?.valid ?? nearest.valid)
}
