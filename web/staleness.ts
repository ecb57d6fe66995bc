/** Ages at which data is called old, older and too old for gaps, in ms. */
const STALE_MS = [5_000, 15_000, 60_000] as const

/** The age from which data is old, in ms. */
export const [OLD_MS] = STALE_MS

/** 0 live, 1 to 3 ever older. */
export const stalenessOf = (ageMs: number): number =>
  STALE_MS.filter(limit => ageMs >= limit).length
