import { type Format, IDLE_MS, LAP_MAX_MS, type Phase, type Race, TOLERANCE_MS } from '#contract'
import { enterPhase } from '#race/phase'
import { openState, type RaceState } from '#race/state'

/** The gun of every story, in ms since 1970: a whole second. */
export const GUN = 1_800_000_000_000
/** Racing time of the stories, in ms. */
export const DURATION_MS = 20_000
/** The flag of every story, in ms since 1970. */
export const FLAG = GUN + DURATION_MS

export const DISTANCE: Format = { kind: 'ride', metric: 'distance' }
export const WORK: Format = { kind: 'ride', metric: 'work' }
export const OUTPUT: Format = { kind: 'ride', metric: 'output' }
export const GAME: Format = { kind: 'game' }
export const FASTEST_LAP: Format = { kind: 'fastestLap' }
export const MOST_LAPS: Format = { kind: 'mostLaps' }
export const averageOf = (laps: number): Format => ({ kind: 'averageLap', laps })

/** A race of one format with a timetable from the gun to the flag. */
export function aRace(format: Format, changes: Partial<Race> = {}): Race {
  return {
    id: 'evening-race',
    raceId: 'evening-race',
    name: 'Evening race',
    place: 'Hall 2',
    event: 'Spring meeting',
    sponsor: 'Tyres & Co',
    format,
    ties: 'competition',
    course: { courseId: 'oval', name: 'Oval', line: { x1: 9, y1: 0, x2: 11, y2: 0 } },
    capacity: 10_000,
    minLapMs: 0,
    maxLapMs: LAP_MAX_MS,
    toleranceMs: TOLERANCE_MS,
    classes: [],
    timedBy: 'telemetry',
    registration: { kind: 'open' },
    lateJoin: 'join',
    trials: 'many',
    idleMs: IDLE_MS,
    unlisted: false,
    timetable: {
      opensAt: GUN - 60_000,
      countdownMs: 10_000,
      startsAt: GUN,
      durationMs: DURATION_MS,
      backlogMs: 20_000,
      protestMs: 60_000
    },
    attended: false,
    ...changes
  }
}

/** Brings a race into a phase with its planned instants. */
export function enter(state: RaceState, phase: Phase): void {
  const startsAt = state.race.timetable.startsAt ?? GUN
  const { durationMs } = state.race.timetable
  const endsAt = durationMs === undefined ? null : startsAt + durationMs
  enterPhase(state, { phase, race: state.race, startsAt, endsAt, phaseEndsAt: null })
}

/** A race that is under way. */
export function running(race: Race): RaceState {
  const state = openState(race)
  enter(state, 'running')
  return state
}
