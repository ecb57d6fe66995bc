import type { RaceState } from './state.ts'

/** Bibs that were entered and not withdrawn since. */
export const enteredBibs = ({ entries }: RaceState): number[] =>
  [...entries].filter(([, { entered }]) => entered).map(([bib]) => bib)

/** Whether a bib was taken off the race: what it did is kept, but nothing of it is shown. */
export const isWithdrawn = ({ entries }: RaceState, bib: number): boolean =>
  entries.get(bib)?.entered === false
