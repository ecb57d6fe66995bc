import { Phase, type Race, type Validity } from '#contract'
import type { RaceState } from './state.ts'

/** The phases are listed in their order; `aborted` may follow any but the finals. */
const ORDER = Phase.options

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
