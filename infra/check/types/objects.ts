import { type BicepType, ObjectTypePropertyFlags as Flags, TypeBaseKind } from 'bicep-types'
import type { Value } from '../model.ts'
import { nearest } from '../nearest.ts'
import type { Declared, Types } from './library.ts'
import { alsoRequired } from './required.ts'
import { propertyOf, type Spot } from './spot.ts'

/** What an object may hold: its declared properties and, where it is open, the definition of all others. */
export type Members = { declared: Declared; others?: BicepType }

/** The members that an object's definition declares; of all its elements where one property chooses among them. */
export function membersOf(shape: BicepType, types: Types): Members {
  if (shape.type === TypeBaseKind.ObjectType) {
    const { properties, additionalProperties } = shape
    const others = additionalProperties && types.shape(additionalProperties)
    // Beside declared properties, anything would mean that these may be misspelt.
    const guessed = others?.type === TypeBaseKind.AnyType && Object.keys(properties).length > 0
    return { declared: properties, ...(others && !guessed && { others }) }
  }
  if (shape.type !== TypeBaseKind.DiscriminatedObjectType) return { declared: {} }
  const elements = Object.values(shape.elements).map(types.shape)
  return {
    declared: Object.assign(
      {},
      ...elements.map(element => membersOf(element, types).declared),
      shape.baseProperties
    )
  }
}

/** An object whose members cannot be told: the value to blame and what to write there. */
export type Unchosen = { blamed: Value; message: string }

/** The members of one object; where one of its properties chooses among several sets, those that it chooses. */
export function chosenMembers(
  value: Value & { kind: 'object' },
  shape: BicepType,
  spot: Spot,
  types: Types
): Members | Unchosen {
  if (shape.type !== TypeBaseKind.DiscriminatedObjectType) return membersOf(shape, types)
  const { discriminator, elements, baseProperties } = shape
  const choice = value.properties.get(discriminator)?.value
  const { shown } = propertyOf(spot, discriminator, {})
  const names = Object.keys(elements)
  const list = `one of ${names.map(name => `'${name}'`).join(', ')}`
  if (!choice) return { blamed: value, message: `${shown} is required; write ${list}.` }
  if (choice.kind !== 'string' || !choice.sure)
    return { blamed: choice, message: `${shown} decides what else is allowed; write ${list}.` }
  const element = Object.hasOwn(elements, choice.value) ? elements[choice.value] : undefined
  if (element) {
    const members = membersOf(types.shape(element), types)
    return { ...members, declared: { ...members.declared, ...baseProperties } }
  }
  const meant = nearest(choice.value, names)
  const write = meant ? `'${meant}'` : list
  return { blamed: choice, message: `${shown} is '${choice.value}'; write ${write}.` }
}

/** Names of the properties that an object must have. */
export function requiredOf(declared: Declared, spot: Spot): string[] {
  return Object.keys(declared).filter(key => {
    const required = (declared[key]?.flags ?? 0) & Flags.Required
    return required || alsoRequired(spot.type, propertyOf(spot, key, declared).path)
  })
}

/** Whether a property tells an existing resource apart, such as its name. */
export function identifies(flags: Flags): boolean {
  return Boolean(flags & Flags.Required && flags & (Flags.DeployTimeConstant | Flags.Identifier))
}

/** Says what to write instead of a property that an object has not. */
export function instead(key: string, declared: Declared, outer: Declared, types: Types): string {
  const same = (candidate: string) => candidate.toLowerCase() === key.toLowerCase()
  const here = writable(declared)
  const casing = here.find(same)
  if (casing) return `write '${casing}'`
  for (const parent of here) {
    const property = declared[parent]
    const inner = property && membersOf(types.shape(property.type), types).declared
    const found = inner && writable(inner).find(same)
    if (found) return `'${found}' belongs one level down, in '${parent}'`
  }
  const up = writable(outer).find(same)
  if (up) return `'${up}' belongs one level up`
  const meant = nearest(key, here)
  return meant ? `write '${meant}'` : 'remove it'
}

const writable = (declared: Declared) =>
  Object.keys(declared).filter(key => !((declared[key]?.flags ?? 0) & Flags.ReadOnly))
