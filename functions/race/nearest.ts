type Instant = { at: number }

/**
 * Finds among items in the order of `at` the one nearest to an instant, no further than `reach` from it: of two as near
 * the earlier one, of several at one instant the first. In time of the logarithm of their number.
 */
export const nearestOf =
  <T extends Instant>(ordered: T[]) =>
  (at: number, reach: number): T | undefined => {
    const next = firstFrom(ordered, at)
    const before = ordered[next - 1]
    const after = ordered[next]
    const isEarlier =
      before !== undefined && (after === undefined || at - before.at <= after.at - at)
    const nearest = isEarlier ? ordered[firstFrom(ordered, before.at)] : after
    return nearest && Math.abs(nearest.at - at) <= reach ? nearest : undefined
  }

/** The place of the first item at an instant or later; one beyond the last where there is none. */
export function firstFrom(ordered: Instant[], at: number): number {
  let low = 0
  let high = ordered.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ordered[middle]!.at < at) low = middle + 1
    else high = middle
  }
  return low
}
