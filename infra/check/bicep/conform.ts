import type { Value } from '../model.ts'
import { suggestion } from './nearest.ts'
import type { Decorator, Expression, TypeExpression } from './syntax.ts'
import { called, isLost } from './values.ts'

/** Finds the type that a name stands for; undefined where there is none. */
export type NamedType = (name: string) => TypeExpression | undefined

/**
 * Why a value does not fit a type, as the end of a sentence about `where`; undefined where it fits or where
 * only the deployment can tell.
 */
export function mismatch(
  value: Value,
  type: TypeExpression,
  named: NamedType,
  where: string
): string | undefined {
  const wrong = `${where} must be ${type.text}, not ${called(value)}`
  if (isLost(value) || (value.kind === 'later' && value.type === 'any')) return undefined
  switch (type.kind) {
    case 'primitive':
      return called(value) === type.name ? undefined : wrong
    case 'literal':
      return literalMismatch(value, type.value) ? `${where} must be ${type.text}` : undefined
    case 'nullable':
      return value.kind === 'null' ? undefined : mismatch(value, type.of, named, where)
    case 'union': {
      const fits = type.among.some(one => !mismatch(value, one, named, where))
      return fits ? undefined : `${where} must be one of ${type.text}`
    }
    case 'list': {
      if (value.kind !== 'array') return called(value) === 'array' ? undefined : wrong
      const all = value.items.map((item, i) => mismatch(item, type.item, named, `${where}[${i}]`))
      return all.find(one => one !== undefined)
    }
    case 'named': {
      const meant = named(type.name)
      return meant ? mismatch(value, meant, named, where) : undefined
    }
    case 'shape':
      if (value.kind !== 'object') return called(value) === 'object' ? undefined : wrong
      return shapeMismatch(value, type, named, where)
  }
}

function literalMismatch(value: Value, literal: string | number | boolean | null): boolean {
  if (value.kind === 'null') return literal !== null
  if (value.kind === 'later') return value.type !== typeof literal
  if (value.kind === 'string')
    return value.sure ? value.value !== literal : typeof literal !== 'string'
  return !('value' in value) || value.value !== literal
}

function shapeMismatch(
  value: Value & { kind: 'object' },
  type: TypeExpression & { kind: 'shape' },
  named: NamedType,
  where: string
): string | undefined {
  for (const [key, property] of value.properties) {
    const declared = type.properties.get(key) ?? type.others
    if (!declared)
      return `${where} takes no property ${key}${suggestion(key, type.properties.keys())}`
    const wrong = mismatch(property.value, declared, named, `${where}.${key}`)
    if (wrong) return wrong
  }
  for (const [key, declared] of type.properties)
    if (declared.kind !== 'nullable' && !value.properties.has(key))
      return `${where} needs the property ${key}`
  return undefined
}

const argument = (decorators: Decorator[], name: string): Expression | undefined =>
  decorators.find(decorator => decorator.name === name)?.arguments[0]

/** Why a value breaks @allowed, @minValue, @maxValue, @minLength or @maxLength, as `mismatch` tells it. */
export function violation(
  value: Value,
  decorators: Decorator[],
  where: string
): string | undefined {
  if (value.kind === 'null' || value.kind === 'later') return undefined
  const allowed = argument(decorators, 'allowed')
  if (allowed?.kind === 'array') {
    const known = allowed.items.map(plain)
    const given = value.kind === 'array' ? value.items : [value]
    const strange = given.find(one => isPlain(one) && !known.includes(one.value))
    if (strange && isPlain(strange))
      return `${where} must be one of ${known.join(', ')}, not ${strange.value}`
  }
  if (value.kind === 'int') return outside(value.value, decorators, 'Value', where)
  const length = lengthOf(value)
  return length === undefined
    ? undefined
    : outside(length, decorators, 'Length', `length of ${where}`)
}

const isPlain = (value: Value): value is Extract<Value, { value: string | number | boolean }> =>
  value.kind === 'int' || value.kind === 'bool' || (value.kind === 'string' && value.sure)

function plain(expression: Expression): string | number | boolean | undefined {
  if (expression.kind === 'int' || expression.kind === 'bool') return expression.value
  const [part] = expression.kind === 'string' ? expression.parts : []
  return typeof part === 'string' ? part : undefined
}

function lengthOf(value: Value): number | undefined {
  if (value.kind === 'array') return value.items.length
  return value.kind === 'string' && value.sure ? value.value.length : undefined
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
