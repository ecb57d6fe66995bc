import type { Value } from '../model.ts'
import { Refusal, refusal } from './refusal.ts'
import type { Expression } from './syntax.ts'
import { boolValue, called, intValue, isLost, isSame, isSure, laterValue } from './values.ts'

const ARITHMETIC: Record<string, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => Math.trunc(left / right),
  '%': (left, right) => left % right
}
const ORDER: Record<string, (sign: number) => boolean> = {
  '<': sign => sign < 0,
  '<=': sign => sign <= 0,
  '>': sign => sign > 0,
  '>=': sign => sign >= 0
}

type Operation = Expression & { kind: 'unary' | 'binary' }

/** Applies an operator to operands of the kinds that it takes; refuses others. */
export function operate(expression: Operation, operands: Value[]): Value {
  const { operator, place, text } = expression
  if (operands.some(isLost)) throw new Refusal()
  const [left, right] = operands
  const kinds = operands.map(called).join(' and ')
  const refuse = () =>
    refusal(place, 'operator', `${operator} cannot be applied to ${kinds}: \`${text}\``)
  if (left && right && (operator === '==' || operator === '!=')) {
    const same = isSame(left, right)
    if (same === undefined) return laterValue(place, 'bool', text)
    return boolValue(place, same === (operator === '=='))
  }
  const isBool = operator === '!' || operator in ORDER || operator.includes('~')
  const isAny = (kind: string) => operands.every(one => [kind, 'any'].includes(called(one)))
  const takesText = operator in ORDER || operator.includes('~')
  const takesInt = !operator.includes('~') && operator !== '!'
  const fits =
    (takesText && isAny('string')) ||
    (takesInt && isAny('int')) ||
    (operator === '!' && isAny('bool'))
  if (!fits) throw refuse()
  if (!operands.every(isSure)) return laterValue(place, isBool ? 'bool' : 'int', text)
  if (left?.kind === 'bool') return boolValue(place, !left.value)
  if (left?.kind === 'string' && right?.kind === 'string') {
    const same = left.value.toLowerCase() === right.value.toLowerCase()
    if (operator.includes('~')) return boolValue(place, same === (operator === '=~'))
    const sign = left.value < right.value ? -1 : left.value > right.value ? 1 : 0
    return boolValue(place, ORDER[operator]?.(sign) === true)
  }
  if (left?.kind !== 'int') throw refuse()
  if (!right) return intValue(place, -left.value)
  if (right.kind !== 'int') throw refuse()
  const order = ORDER[operator]
  if (order) return boolValue(place, order(left.value - right.value))
  if (right.value === 0 && (operator === '/' || operator === '%')) throw refuse()
  return intValue(place, ARITHMETIC[operator]?.(left.value, right.value) ?? Number.NaN)
}
