import type { Value } from '../model.ts'
import type { Decorator, Expression, TypeName } from './syntax.ts'
import { called, isLost } from './values.ts'

/**
 * Why a value does not fit a type, as a sentence about `where`; undefined where it fits or where only the
 * deployment can tell.
 */
export function mismatch(value: Value, { name }: TypeName, where: string): string | undefined {
  const kind = called(value)
  if (isLost(value) || kind === 'any' || kind === name) return undefined
  return `${where} must be ${name}, not ${kind}`
}

const argument = (decorators: Decorator[], name: string): Expression | undefined =>
  decorators.find(decorator => decorator.name === name)?.arguments[0]

/** Why a value breaks @allowed, @minValue, @maxValue, @minLength or @maxLength, as `mismatch` tells it. */
export function violation(
  value: Value,
  decorators: Decorator[],
  where: string
): string | undefined {
  const allowed = argument(decorators, 'allowed')
  if (allowed?.kind === 'array' && isPlain(value)) {
    const known = allowed.items.map(plain)
    if (!known.includes(value.value))
      return `${where} must be one of ${known.join(', ')}, not ${value.value}`
  }
  if (value.kind === 'int') return outside(value.value, decorators, 'Value', where)
  const long = `length of ${where}`
  if (value.kind === 'array') return outside(value.items.length, decorators, 'Length', long)
  if (value.kind !== 'string' || !value.sure) return undefined
  return outside(value.value.length, decorators, 'Length', long)
}

const isPlain = (value: Value): value is Extract<Value, { value: string | number | boolean }> =>
  value.kind === 'int' || value.kind === 'bool' || (value.kind === 'string' && value.sure)

function plain(expression: Expression): string | number | boolean | undefined {
  if (expression.kind === 'int' || expression.kind === 'bool') return expression.value
  const [part] = expression.kind === 'string' ? expression.parts : []
  return typeof part === 'string' ? part : undefined
}

function outside(
  size: number,
  decorators: Decorator[],
  of: 'Value' | 'Length',
  where: string
): string | undefined {
  const [min, max] = [argument(decorators, `min${of}`), argument(decorators, `max${of}`)]
  if (min?.kind === 'int' && size < min.value) return `${where} must be at least ${min.value}`
  if (max?.kind === 'int' && size > max.value) return `${where} must be at most ${max.value}`
  return undefined
}
