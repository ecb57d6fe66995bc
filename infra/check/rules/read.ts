import { isDeepStrictEqual } from 'node:util'
import { toJson } from '../bicep/values.ts'
import type { Deployment, Fault, Place, Property, Resource, Value } from '../model.ts'
import { lastSegment } from '../types/unsure.ts'

/** The value at a path of keys such as `properties.sku.name`; undefined where there is none. */
export function at(value: Value | undefined, path: string): Value | undefined {
  return path.split('.').reduce<Value | undefined>(own, value)
}

/** An object's own property, whose key may hold dots. */
export function own(value: Value | undefined, key: string): Value | undefined {
  return value?.kind === 'object' ? value.properties.get(key)?.value : undefined
}

/** Text of a string, or of what stands for one until it is deployed; undefined for everything else. */
export function textOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'string') return value.value
  return value?.kind === 'later' ? `«${value.what}»` : undefined
}

/** Items of an array; none of everything else. */
export const itemsOf = (value: Value | undefined): Value[] =>
  value?.kind === 'array' ? value.items : []

/** Properties of an object; none of everything else. */
export const propertiesOf = (value: Value | undefined): Map<string, Property> =>
  value?.kind === 'object' ? value.properties : new Map()

/** A value as plain JSON, later parts as `«what»`; undefined where there is none. */
export const plainOf = (value: Value | undefined): unknown => value && toJson(value)

/** Whether two values of plain JSON are the same, whatever the order of keys. */
export const same = (one: unknown, other: unknown): boolean => isDeepStrictEqual(one, other)

/** Deployed resources of a type: not those that only refer to what exists. */
export const ofType = ({ resources }: Deployment, type: string): Resource[] =>
  resources.filter(resource => !resource.existing && resource.type === type)

/** The last part of a resource's name: its own, without the parents'. */
export const ownName = ({ name }: Resource): string => lastSegment(name)

/** A fault at a value, or where it should be. */
export const faultAt = (where: Value | Resource, rule: string, message: string): Fault => ({
  place: placeOf(where),
  rule,
  message
})

const placeOf = (where: Value | Resource): Place =>
  'declared' in where ? where.declared : where.place

/** Of which resource's answer a value is a part, and which part; undefined where it is no such value. */
export function answerOf(value: Value | undefined): { id: string; property: string } | undefined {
  if (value?.kind !== 'later') return undefined
  const { origin } = value
  return origin && { id: origin.of.id, property: origin.path.join('.') }
}

/** Whether a value is this part of a resource's answer, such as an identity's `properties.clientId`. */
export function isAnswer(
  value: Value | undefined,
  resource: Resource | undefined,
  property: string
): boolean {
  const answer = answerOf(value)
  return answer !== undefined && answer.id === resource?.id && answer.property === property
}
