import type { Value } from '../model.ts'
import { type Call, decided, type Functions } from './call.ts'
import { Refusal } from './refusal.ts'
import {
  asKey,
  asText,
  intValue,
  isLost,
  isSame,
  laterValue,
  nullValue,
  type ObjectValue,
  objectValue,
  textValue
} from './values.ts'

const isAll = <K extends Value['kind']>(
  values: Value[],
  kind: K
): values is Extract<Value, { kind: K }>[] => values.every(value => value.kind === kind)

/** What a lambda, the argument at `index`, makes of each item of the array that comes first. */
const mapped = (call: Call, index: number): Value[] =>
  call.array(0).items.map((item, i) => call.lambda(index)(item, intValue(item.place, i)))

function items(call: Call): Value[] {
  const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0)
  const sorted = [...call.object(0).properties].sort(byKey)
  return sorted.map(([name, { key, value }]) =>
    objectValue(key, [
      ['key', textValue(key, name)],
      ['value', value]
    ])
  )
}

function filter(call: Call): Value[] {
  const keep = mapped(call, 1).map(value => decided(value, call.place, call.text))
  return call.array(0).items.filter((_, index) => keep[index])
}

function reduce(call: Call): Value {
  const [{ items }, next] = [call.array(0), call.lambda(2)]
  return items.reduce((all, one, i) => next(all, one, intValue(one.place, i)), call.value(1))
}

function toObject(call: Call): Value {
  const { items } = call.array(0)
  const values = call.has(2) ? mapped(call, 2) : items
  const entries = mapped(call, 1).map((key, i): [string, Value] => [
    keyOf(call, key),
    values[i] ?? nullValue(call.place)
  ])
  return objectValue(call.place, entries)
}

/** A key that a lambda chose. */
function keyOf(call: Call, value: Value): string {
  if (isLost(value)) throw new Refusal()
  if (value.kind === 'string' && value.sure) return value.value
  const message = `the keys of \`${call.text}\` must be strings that are known before the deployment`
  throw call.refuse(message)
}

function flatten(call: Call): Value[] {
  const { items } = call.array(0)
  if (!isAll(items, 'array')) throw call.refuse('flatten() takes an array of arrays')
  return items.flatMap(inner => inner.items)
}

function union(call: Call): Value | Value[] {
  const { values, place } = call
  if (isAll(values, 'array')) {
    const seen = new Map<string, Value>()
    for (const item of values.flatMap(array => array.items))
      if (!seen.has(asKey(item))) seen.set(asKey(item), item)
    return [...seen.values()]
  }
  if (!isAll(values, 'object')) throw call.refuse('union() takes arrays alone or objects alone')
  return { ...values.reduce(merged), place }
}

/** Objects of the right win; objects in objects are merged likewise, arrays are not. */
function merged(left: ObjectValue, right: ObjectValue): ObjectValue {
  const properties = new Map(left.properties)
  for (const [key, property] of right.properties) {
    const before = properties.get(key)?.value
    const value =
      before?.kind === 'object' && property.value.kind === 'object'
        ? merged(before, property.value)
        : property.value
    properties.set(key, { key: property.key, value })
  }
  return { ...right, properties }
}

function contains(call: Call): Value | boolean {
  const [within, sought] = [call.value(0), call.value(1)]
  if (within.kind === 'object') {
    const keys = [...within.properties.keys()].map(key => key.toLowerCase())
    return keys.includes(asText(sought).toLowerCase())
  }
  if (within.kind === 'string' && within.sure && sought.kind === 'string' && sought.sure)
    return within.value.includes(sought.value)
  if (within.kind !== 'array') return laterValue(call.place, 'bool', call.text)
  const found = within.items.map(item => isSame(item, sought))
  if (found.includes(true)) return true
  return found.includes(undefined) ? laterValue(call.place, 'bool', call.text) : false
}

/** Index of the first place; letters' case does not count. */
function indexOf(call: Call): number {
  const within = call.value(0)
  if (within.kind === 'array') return within.items.map(asKey).indexOf(asKey(call.value(1)))
  return call.plain(0).toLowerCase().indexOf(call.plain(1).toLowerCase())
}

/** A part of an array or string. */
function part(call: Call, from: number, to?: number): string | Value[] {
  const value = call.value(0)
  return value.kind === 'array' ? value.items.slice(from, to) : call.plain(0).slice(from, to)
}

function end(call: Call, at: 0 | -1): string | Value {
  const value = call.value(0)
  if (value.kind === 'array') return value.items.at(at) ?? nullValue(call.place)
  return call.plain(0).at(at) ?? ''
}

/** Functions of arrays and objects, with Bicep's lambdas. */
export const COLLECTION_FUNCTIONS: Functions = {
  items: { takes: 'object', gives: 'array', run: items },
  map: { takes: 'array, lambda', gives: 'array', run: call => mapped(call, 1) },
  filter: { takes: 'array, lambda', gives: 'array', run: filter },
  reduce: { takes: 'array, any, lambda', gives: 'any', run: reduce },
  toObject: { takes: 'array, lambda, lambda?', gives: 'object', run: toObject },
  flatten: { takes: 'array', gives: 'array', run: flatten },
  union: { takes: 'array|object, array|object, array|object*', gives: 'any', run: union },
  contains: { takes: 'string|array|object, any', gives: 'bool', takesLater: true, run: contains },
  indexOf: { takes: 'string|array, any', gives: 'int', run: indexOf },
  first: { takes: 'string|array', gives: 'any', run: call => end(call, 0) },
  last: { takes: 'string|array', gives: 'any', run: call => end(call, -1) },
  take: { takes: 'string|array, int', gives: 'any', run: call => part(call, 0, call.count(1)) },
  skip: { takes: 'string|array, int', gives: 'any', run: call => part(call, call.count(1)) }
}
