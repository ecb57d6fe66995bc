import type { Fact } from '#contract'

/** Facts that place nobody. */
const ASIDE: ReadonlySet<Fact['kind']> = new Set([
  'schedule',
  'configure',
  'submit',
  'propose',
  'confirm',
  'protest',
  'settle'
] as const)

/** How many facts of a race's ledger its classification rests on: a signature under it holds until there is another. */
export const factsBelow = (facts: Fact[]): number =>
  facts.filter(({ kind }) => !ASIDE.has(kind)).length
