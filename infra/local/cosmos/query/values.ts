import type { Json } from '../document.ts'
import { notServed } from '../errors.ts'

/** Undefined stands for a missing property, as in SQL's three-valued logic. */
export type Value = Json | undefined

/** Order of any two values: undefined, null, false, true, numbers, strings, the rest. Negative where `a` is first. */
export function order(a: Value, b: Value): number {
  const difference = rankOf(a) - rankOf(b)
  if (difference !== 0 || a === b || !isOrdered(a) || !isOrdered(b)) return difference
  return a < b ? -1 : 1
}

const isOrdered = (value: Value): value is number | string =>
  typeof value === 'number' || typeof value === 'string'

function rankOf(value: Value): number {
  if (value === undefined) return 0
  if (value === null) return 1
  if (typeof value === 'boolean') return value ? 3 : 2
  return typeof value === 'number' ? 4 : typeof value === 'string' ? 5 : 6
}

/** AND (`deciding` is false) and OR (true): one deciding side settles it, else both must be known. */
export function decide(left: Value, right: Value, deciding: boolean): Value {
  if (left === deciding || right === deciding) return deciding
  return typeof left === 'boolean' && typeof right === 'boolean' ? !deciding : undefined
}

/** By operator. Values of different types are unequal and have no order. */
export const comparisons: Record<string, (left: Value, right: Value) => Value> = {
  '=': comparison((left, right) => left === right),
  '!=': comparison((left, right) => left !== right),
  '<': comparison(ordered(difference => difference < 0)),
  '<=': comparison(ordered(difference => difference <= 0)),
  '>': comparison(ordered(difference => difference > 0)),
  '>=': comparison(ordered(difference => difference >= 0))
}

function comparison(compare: (left: Value, right: Value) => Value) {
  return (left: Value, right: Value): Value => {
    if (left === undefined || right === undefined) return undefined
    if (rankOf(left) === 6 || rankOf(right) === 6) throw notServed('Comparing objects or arrays')
    return compare(left, right)
  }
}

function ordered(holds: (difference: number) => boolean) {
  return (left: Value, right: Value): Value =>
    typeof left === typeof right ? holds(order(left, right)) : undefined
}
