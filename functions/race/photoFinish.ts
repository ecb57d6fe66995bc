import type { Order, RaceState } from './state.ts'

/**
 * Puts equal rows, which follow one another in `ranked`, into the order that photo finishes decided, and returns the bibs
 * that have a place of their own by it; the others stay behind them as they were. A decision concerns those among equals
 * for whom it is the latest that names them, where they are two or more: one alone is before and behind nobody.
 */
export function photoFinish<T extends { bib: number }>(
  { orders }: RaceState,
  ranked: T[],
  order: (a: T, b: T) => number
): Set<number> {
  const decided = new Map<number, Order>()
  if (!orders.size) return new Set()
  for (const equals of groupsOf(ranked, order)) {
    const named = equals.filter(({ bib }) => orders.has(bib))
    for (const together of Map.groupBy(named, ({ bib }) => orders.get(bib)!.id).values()) {
      if (together.length < 2) continue
      for (const { bib } of together) decided.set(bib, orders.get(bib)!)
    }
  }
  ranked.sort((a, b) => order(a, b) || compare(decided.get(a.bib), decided.get(b.bib)))
  return new Set(decided.keys())
}

function groupsOf<T>(ranked: T[], order: (a: T, b: T) => number): T[][] {
  const groups: T[][] = []
  for (const row of ranked) {
    const group = groups.at(-1)
    if (group && order(group[0]!, row) === 0) group.push(row)
    else groups.push([row])
  }
  return groups
}

/** The earliest decision's rows first, undecided ones last. */
function compare(a: Order | undefined, b: Order | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b)
  if (a.id === b.id) return a.place - b.place
  return a.at - b.at || (a.id < b.id ? -1 : 1)
}
