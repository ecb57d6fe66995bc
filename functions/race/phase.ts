import { type FactOf, Phase, type Race, type Validity } from '#contract'
import type { RaceState } from './state.ts'

/** The phases are listed in their order; `aborted` may follow any but the finals. */
const ORDER = Phase.options

/** How long after the word a running race ends at the soonest, in ms, where its readings cannot be taken back. */
export const NOTICE_MS = 3_000

/** The end that a running race is moved to, in ms since 1970: never so near that readings beyond it may be counted already. */
export const movedEnd = ({ at, endsAt }: FactOf<'extend'>, startsAt: number): number =>
  Math.max(endsAt, Math.max(at, startsAt) + NOTICE_MS)

/** What the race's orchestration says when a phase begins. Instants in ms since 1970, null while unknown. */
export type PhaseChange = {
  phase: Phase
  race: Race
  startsAt: number | null
  endsAt: number | null
  phaseEndsAt: number | null
}

/** Enters a phase; an overtaken change does nothing, a repeated one nothing new. */
export function enterPhase(state: RaceState, change: PhaseChange): void {
  if (state.phase === 'official' || state.phase === 'aborted') return
  if (ORDER.indexOf(change.phase) < ORDER.indexOf(state.phase)) return
  state.phase = change.phase
  state.startsAt = change.startsAt
  state.endsAt = change.endsAt
  state.phaseEndsAt = change.phaseEndsAt
  state.dirty = true
}

/** How far the classification is confirmed in a phase; `contested` while something waits for a person to settle it. */
export function validityOf(phase: Phase, contested = false): Validity {
  if (phase === 'official') return 'official'
  return phase === 'provisional' && contested ? 'underReview' : 'provisional'
}

/** Phases after the end of racing. */
export const isOver = (phase: Phase): boolean =>
  phase === 'finishing' || phase === 'provisional' || phase === 'official'
