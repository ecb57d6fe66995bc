import { countsFor } from './merges.ts'
import type { RaceState } from './state.ts'

/** Bibs that are on the start list: entered, not withdrawn since and not merged into another. */
export const enteredBibs = (state: RaceState): number[] =>
  [...state.entries]
    .filter(([bib, { entered }]) => entered && countsFor(state, bib) === bib)
    .map(([bib]) => bib)

/**
 * Whether a bib was taken off the race: withdrawn, or merged into another. What it did is kept, but not shown as its own:
 * laps count for the other one, readings for nobody, as they are folded into totals and cannot be moved.
 */
export const isOff = (state: RaceState, bib: number): boolean =>
  state.entries.get(bib)?.entered === false || countsFor(state, bib) !== bib
