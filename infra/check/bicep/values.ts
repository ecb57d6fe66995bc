import type { LaterType, Origin, Place, Value } from '../model.ts'

/** What JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export type Text = Extract<Value, { kind: 'string' }>
export type ObjectValue = Extract<Value, { kind: 'object' }>
export type ArrayValue = Extract<Value, { kind: 'array' }>
export type LaterValue = Extract<Value, { kind: 'later' }>

export const textValue = (place: Place, value: string, sure = true): Text => ({
  place,
  kind: 'string',
  value,
  sure
})
export const intValue = (place: Place, value: number): Value => ({ place, kind: 'int', value })
export const boolValue = (place: Place, value: boolean): Value => ({ place, kind: 'bool', value })
export const nullValue = (place: Place): Value => ({ place, kind: 'null' })
export const arrayValue = (place: Place, items: Value[]): ArrayValue => ({
  place,
  kind: 'array',
  items
})
export const objectValue = (place: Place, entries: Iterable<[string, Value]>): ObjectValue => {
  const properties: ObjectValue['properties'] = new Map()
  for (const [key, value] of entries) properties.set(key, { key: value.place, value })
  return { place, kind: 'object', properties }
}
export const laterValue = (
  place: Place,
  type: LaterType,
  what: string,
  origin?: Origin
): LaterValue => ({ place, kind: 'later', type, what, ...(origin ? { origin } : {}) })

/** Stands for what a fault left without a value; it causes no further faults. */
export const lostValue = (place: Place): LaterValue => laterValue(place, 'any', '')
export const isLost = (value: Value): boolean => value.kind === 'later' && value.what === ''

/** A value that is JSON, all of it written at one place. */
export function fromJson(json: Json, place: Place): Value {
  if (typeof json === 'string') return textValue(place, json)
  if (typeof json === 'number') return intValue(place, json)
  if (typeof json === 'boolean') return boolValue(place, json)
  if (json === null) return nullValue(place)
  const inner = (item: Json) => fromJson(item, place)
  if (Array.isArray(json)) return arrayValue(place, json.map(inner))
  const entries = Object.entries(json)
  return objectValue(
    place,
    entries.map(([key, item]) => [key, inner(item)])
  )
}

/** The value as JSON, later parts as `«what»`. */
export function toJson(value: Value): Json {
  switch (value.kind) {
    case 'null':
      return null
    case 'array':
      return value.items.map(toJson)
    case 'object':
      return Object.fromEntries(
        [...value.properties].map(([key, item]) => [key, toJson(item.value)])
      )
    case 'later':
      return `«${value.what}»`
    default:
      return value.value
  }
}

/** Whether all of it is known before the deployment. */
export function isSure(value: Value): boolean {
  switch (value.kind) {
    case 'later':
      return false
    case 'string':
      return value.sure
    case 'array':
      return value.items.every(isSure)
    case 'object':
      return [...value.properties.values()].every(property => isSure(property.value))
    default:
      return true
  }
}

/** A value as interpolation writes it; .NET's way with bools. */
export function asText(value: Value): string {
  switch (value.kind) {
    case 'string':
      return value.value
    case 'null':
      return ''
    case 'bool':
      return value.value ? 'True' : 'False'
    case 'int':
      return String(value.value)
    case 'later':
      return `«${value.what}»`
    default:
      return JSON.stringify(toJson(value))
  }
}

/** Whether both are the same; undefined where only the deployment knows. */
export function isSame(left: Value, right: Value): boolean | undefined {
  const [a, b] = [asKey(left), asKey(right)]
  if (a === b) return true
  return isSure(left) && isSure(right) ? false : undefined
}

/** A text that is the same for values that are the same. */
export function asKey(value: Value): string {
  if (value.kind !== 'object') {
    if (value.kind === 'array') return `[${value.items.map(asKey).join()}]`
    return value.kind === 'later' ? `«${value.what}»` : JSON.stringify(toJson(value))
  }
  const entries = [...value.properties].map(
    ([key, item]) => `${JSON.stringify(key)}:${asKey(item.value)}`
  )
  return `{${entries.sort().join()}}`
}

/** How messages call a kind of value. */
export const called = (value: Value): string => (value.kind === 'later' ? value.type : value.kind)
