import { holdsAny } from './heldValues.ts'
import type { JudgedLaps } from './judgedLaps.ts'
import type { RaceState } from './state.ts'

/** Whether the classification waits for a person: a protest is not settled, or a lap that is shown or a value is held. */
export function isContested(state: RaceState, laps?: JudgedLaps): boolean {
  const { protests, settlements } = state
  if ([...protests.keys()].some(id => !settlements.has(id)) || holdsAny(state)) return true
  return [...(laps?.byBib.values() ?? [])].some(driven =>
    driven.some(({ state }) => state === 'held')
  )
}
