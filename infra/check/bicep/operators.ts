import type { Value } from '../model.ts'
import { Refusal, refusal } from './refusal.ts'
import type { Expression } from './syntax.ts'
import { boolValue, called, fromJson, isLost, isSame, isSure, laterValue } from './values.ts'

/** What operators make of two numbers. */
const OF_INTS: Record<string, (left: number, right: number) => number | boolean> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => Math.trunc(left / right),
  '%': (left, right) => left % right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right
}

type Operation = Expression & { kind: 'unary' | 'binary' }

/** Applies an operator to operands of the kinds that it takes; refuses others, and operators that it does not know. */
export function operate({ operator, place, text }: Operation, operands: Value[]): Value {
  if (operands.some(isLost)) throw new Refusal()
  const [left, right] = operands
  const kinds = operands.map(called)
  const message = `${operator} cannot be applied to ${kinds.join(' and ')}: \`${text}\``
  const refuse = () => refusal(place, 'operator', message)
  if (left && right && (operator === '==' || operator === '!=')) {
    const same = isSame(left, right)
    if (same === undefined) return laterValue(place, 'bool', text)
    return boolValue(place, same === (operator === '=='))
  }
  const wanted = operator === '!' ? 'bool' : 'int'
  const apply = OF_INTS[operator]
  const isKnown = wanted === 'bool' || apply !== undefined
  if (!isKnown || kinds.some(kind => kind !== wanted && kind !== 'any')) throw refuse()
  if (!operands.every(isSure))
    return laterValue(place, /[<>!]/.test(operator) ? 'bool' : 'int', text)
  if (left?.kind === 'bool') return boolValue(place, !left.value)
  const [first = Number.NaN, second] = operands.map(one => (one.kind === 'int' ? one.value : NaN))
  const result = second === undefined ? -first : apply?.(first, second)
  // Division by zero.
  if (result === undefined || (typeof result === 'number' && !Number.isFinite(result)))
    throw refuse()
  return fromJson(result, place)
}
