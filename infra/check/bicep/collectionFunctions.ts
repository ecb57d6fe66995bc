import type { Value } from '../model.ts'
import { type Call, decided, type Functions } from './call.ts'
import { Refusal } from './refusal.ts'
import {
  type ArrayValue,
  arrayValue,
  asKey,
  asText,
  boolValue,
  intValue,
  isLost,
  isSame,
  laterValue,
  nullValue,
  type ObjectValue,
  objectValue,
  textValue
} from './values.ts'

/** Most items that range() makes. */
const LONGEST_RANGE = 10_000

const isAll = <K extends Value['kind']>(
  values: Value[],
  kind: K
): values is Extract<Value, { kind: K }>[] => values.every(value => value.kind === kind)

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

function distinct(items: Value[]): Value[] {
  const seen = new Map<string, Value>()
  for (const item of items) if (!seen.has(asKey(item))) seen.set(asKey(item), item)
  return [...seen.values()]
}

/** A key that a lambda chose. */
function keyOf(call: Call, value: Value): string {
  if (isLost(value)) throw new Refusal()
  if (value.kind === 'string' && value.sure) return value.value
  throw call.refuse(
    `the keys of \`${call.text}\` must be strings that are known before the deployment`
  )
}

const holds = (call: Call, value: Value) => decided(value, call.place, call.text)

function contains(call: Call): Value {
  const [within, sought] = [call.value(0), call.value(1)]
  if (within.kind === 'object') {
    const keys = [...within.properties.keys()].map(key => key.toLowerCase())
    return boolValue(call.place, keys.includes(asText(sought).toLowerCase()))
  }
  if (within.kind === 'string' && within.sure && sought.kind === 'string' && sought.sure)
    return boolValue(call.place, within.value.includes(sought.value))
  if (within.kind !== 'array') return laterValue(call.place, 'bool', call.text)
  const found = within.items.map(item => isSame(item, sought))
  if (found.includes(true)) return boolValue(call.place, true)
  if (found.includes(undefined)) return laterValue(call.place, 'bool', call.text)
  return boolValue(call.place, false)
}

/** Index of the first or last place; letters' case does not count. */
function indexOf(call: Call, way: 'indexOf' | 'lastIndexOf'): Value {
  const within = call.value(0)
  if (within.kind !== 'array')
    return intValue(call.place, call.plain(0).toLowerCase()[way](call.plain(1).toLowerCase()))
  return intValue(call.place, within.items.map(asKey)[way](asKey(call.value(1))))
}

function extreme(call: Call, choose: (...numbers: number[]) => number): Value {
  const values = call.values.flatMap(value => (value.kind === 'array' ? value.items : [value]))
  if (values.some(value => value.kind === 'later')) return laterValue(call.place, 'int', call.text)
  if (!isAll(values, 'int') || values.length === 0) throw call.refuse(`\`${call.text}\` needs ints`)
  return intValue(call.place, choose(...values.map(({ value }) => value)))
}

/** A part of an array or string. */
function part(call: Call, from: number, to?: number): Value {
  const value = call.value(0)
  if (value.kind === 'array') return arrayValue(call.place, value.items.slice(from, to))
  return textValue(call.place, call.plain(0).slice(from, to))
}

function end(call: Call, at: 0 | -1): Value {
  const value = call.value(0)
  if (value.kind === 'array') return value.items.at(at) ?? nullValue(call.place)
  return textValue(call.place, call.plain(0).at(at) ?? '')
}

function intersection(call: Call): Value {
  const { values, place } = call
  const [first, ...others] = values
  if (first?.kind === 'array' && isAll(others, 'array')) {
    const keys = others.map(({ items }) => new Set(items.map(asKey)))
    const common = first.items.filter(item => keys.every(known => known.has(asKey(item))))
    return arrayValue(place, distinct(common))
  }
  if (first?.kind !== 'object' || !isAll(others, 'object'))
    throw call.refuse('intersection() takes arrays alone or objects alone')
  const common = [...first.properties].filter(([key, { value }]) =>
    others.every(({ properties }) => {
      const other = properties.get(key)?.value
      return other !== undefined && isSame(value, other) === true
    })
  )
  return { place, kind: 'object', properties: new Map(common) }
}

const mapItems = ({ items }: ArrayValue, change: (item: Value, index: Value) => Value) =>
  items.map((item, index) => change(item, intValue(item.place, index)))

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0)

/** Functions of arrays and objects, with Bicep's lambdas. */
export const COLLECTION_FUNCTIONS: Functions = {
  items: {
    takes: 'object',
    gives: 'array',
    run(call) {
      const sorted = [...call.object(0).properties].sort(byKey)
      const pairs = sorted.map(([name, { key, value }]) =>
        objectValue(key, [
          ['key', textValue(key, name)],
          ['value', value]
        ])
      )
      return arrayValue(call.place, pairs)
    }
  },
  objectKeys: {
    takes: 'object',
    gives: 'array',
    run: call =>
      arrayValue(
        call.place,
        [...call.object(0).properties].sort(byKey).map(([name, { key }]) => textValue(key, name))
      )
  },
  map: {
    takes: 'array, lambda',
    gives: 'array',
    run: call => arrayValue(call.place, mapItems(call.array(0), call.lambda(1)))
  },
  filter: {
    takes: 'array, lambda',
    gives: 'array',
    run(call) {
      const keep = mapItems(call.array(0), call.lambda(1)).map(value => holds(call, value))
      return arrayValue(
        call.place,
        call.array(0).items.filter((_, index) => keep[index])
      )
    }
  },
  reduce: {
    takes: 'array, any, lambda',
    gives: 'any',
    run(call) {
      const [items, next] = [call.array(0).items, call.lambda(2)]
      return items.reduce((all, one, i) => next(all, one, intValue(one.place, i)), call.value(1))
    }
  },
  sort: {
    takes: 'array, lambda',
    gives: 'array',
    run(call) {
      const isBefore = (a: Value, b: Value) => holds(call, call.lambda(1)(a, b))
      const sorted = [...call.array(0).items].sort((a, b) =>
        isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0
      )
      return arrayValue(call.place, sorted)
    }
  },
  toObject: {
    takes: 'array, lambda, lambda?',
    gives: 'object',
    run(call) {
      const { items } = call.array(0)
      const entries = items.map((item): [string, Value] => [
        keyOf(call, call.lambda(1)(item)),
        call.has(2) ? call.lambda(2)(item) : item
      ])
      return objectValue(call.place, entries)
    }
  },
  groupBy: {
    takes: 'array, lambda',
    gives: 'object',
    run(call) {
      const groups = Map.groupBy(call.array(0).items, item => keyOf(call, call.lambda(1)(item)))
      return objectValue(
        call.place,
        [...groups].map(([key, items]) => [key, arrayValue(call.place, items)])
      )
    }
  },
  mapValues: {
    takes: 'object, lambda',
    gives: 'object',
    run(call) {
      const entries = [...call.object(0).properties]
      return objectValue(
        call.place,
        entries.map(([key, { value }]) => [key, call.lambda(1)(value)])
      )
    }
  },
  flatten: {
    takes: 'array',
    gives: 'array',
    run(call) {
      const { items } = call.array(0)
      if (!isAll(items, 'array')) throw call.refuse('flatten() takes an array of arrays')
      return arrayValue(
        call.place,
        items.flatMap(inner => inner.items)
      )
    }
  },
  union: {
    takes: 'array|object, array|object, array|object*',
    gives: 'any',
    run(call) {
      const { values, place } = call
      if (isAll(values, 'array'))
        return arrayValue(place, distinct(values.flatMap(array => array.items)))
      if (!isAll(values, 'object')) throw call.refuse('union() takes arrays alone or objects alone')
      return { ...values.reduce(merged), place }
    }
  },
  intersection: {
    takes: 'array|object, array|object, array|object*',
    gives: 'any',
    run: intersection
  },
  shallowMerge: {
    takes: 'array',
    gives: 'object',
    run(call) {
      const { items } = call.array(0)
      if (!isAll(items, 'object')) throw call.refuse('shallowMerge() takes an array of objects')
      const properties = new Map(items.flatMap(object => [...object.properties]))
      return { place: call.place, kind: 'object', properties }
    }
  },
  contains: { takes: 'string|array|object, any', gives: 'bool', takesLater: true, run: contains },
  indexOf: { takes: 'string|array, any', gives: 'int', run: call => indexOf(call, 'indexOf') },
  lastIndexOf: {
    takes: 'string|array, any',
    gives: 'int',
    run: call => indexOf(call, 'lastIndexOf')
  },
  range: {
    takes: 'int, int',
    gives: 'array',
    run(call) {
      const [start, count] = [call.number(0), call.number(1)]
      if (count < 0 || count > LONGEST_RANGE)
        throw call.refuse(`range() makes 0 to ${LONGEST_RANGE} numbers, not ${count}`)
      const numbers = Array.from({ length: count }, (_, index) => start + index)
      return arrayValue(
        call.place,
        numbers.map(number => intValue(call.place, number))
      )
    }
  },
  first: { takes: 'string|array', gives: 'any', run: call => end(call, 0) },
  last: { takes: 'string|array', gives: 'any', run: call => end(call, -1) },
  take: {
    takes: 'string|array, int',
    gives: 'any',
    run: call => part(call, 0, Math.max(0, call.number(1)))
  },
  skip: {
    takes: 'string|array, int',
    gives: 'any',
    run: call => part(call, Math.max(0, call.number(1)))
  },
  min: { takes: 'int|array, int*', gives: 'int', run: call => extreme(call, Math.min) },
  max: { takes: 'int|array, int*', gives: 'int', run: call => extreme(call, Math.max) }
}
