import type { JudgedLaps } from './judgedLaps.ts'
import type { RaceState } from './state.ts'

/** Whether the classification waits for a person: a protest is not settled, or a lap that is shown is held. */
export function isContested({ protests, settlements }: RaceState, laps?: JudgedLaps): boolean {
  if ([...protests.keys()].some(id => !settlements.has(id))) return true
  return [...(laps?.byBib.values() ?? [])].some(driven =>
    driven.some(({ state }) => state === 'held')
  )
}
