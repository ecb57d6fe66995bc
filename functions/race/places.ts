import type { Ties } from '#contract'

/** A place and whether it is shared. */
export type Place = { rank: number; tied: boolean }

/**
 * Places of rows that are already in order, by the race's tie rule: competition 1-1-3, dense 1-1-2, ordinal 1-2-3.
 * `equal` tells whether a row has earned the same place as the one before it.
 */
export function places<T>(rows: T[], equal: (a: T, b: T) => boolean, ties: Ties): Place[] {
  const result: Place[] = []
  let rank = 0
  rows.forEach((row, index) => {
    const shares = index > 0 && ties !== 'ordinal' && equal(rows[index - 1]!, row)
    if (!shares) rank = ties === 'dense' ? rank + 1 : index + 1
    if (shares) result[index - 1]!.tied = true
    result.push({ rank, tied: shares })
  })
  return result
}
