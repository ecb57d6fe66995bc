import { type BicepType, ObjectTypePropertyFlags as Flags, TypeBaseKind } from 'bicep-types'
import type { Fault, Place, Value } from '../model.ts'
import { kindOf, type Types } from './library.ts'
import { chosenMembers, instead, type Members, requiredOf } from './objects.ts'
import { type Complaint, keyComplaint, numberComplaint, stringComplaint } from './scalars.ts'
import { entryOf, itemOf, propertyOf, type Spot } from './spot.ts'

/** A fault at a spot, from the end of the sentence that starts with the spot's path. */
export function fault(place: Place, spot: Spot, { rule, message }: Complaint): Fault {
  return { place, rule, message: `${spot.shown || spot.type} ${message}.` }
}

/** What is wrong with a value where a definition is expected, itself and all that it holds. */
export function valueFaults(value: Value, shape: BicepType, spot: Spot, types: Types): Fault[] {
  const expected = kindOf(shape)
  const given = value.kind === 'later' ? value.type : value.kind
  if (expected === 'any' || given === 'any') return []
  if (given !== expected) {
    const message = `is of kind ${given}; write a value of kind ${expected}`
    return [fault(value.place, spot, { rule: 'kind', message })]
  }
  switch (value.kind) {
    case 'object':
      return objectFaults(value, shape, spot, types)
    case 'array':
      return arrayFaults(value, shape, spot, types)
    case 'string': {
      const complaint = stringComplaint(value.value, shape, types, spot)
      return complaint ? [fault(value.place, spot, complaint)] : []
    }
    case 'int': {
      const complaint = numberComplaint(value.value, shape, spot)
      return complaint ? [fault(value.place, spot, complaint)] : []
    }
    default:
      return []
  }
}

function arrayFaults(
  value: Value & { kind: 'array' },
  shape: BicepType,
  spot: Spot,
  types: Types
): Fault[] {
  if (shape.type !== TypeBaseKind.ArrayType) return []
  const { minLength = 0, maxLength = Infinity } = shape
  const count = value.items.length
  const length = (message: string) => fault(value.place, spot, { rule: 'length', message })
  return [
    ...(count < minLength ? [length(`has ${count} items; write at least ${minLength}`)] : []),
    ...(count > maxLength ? [length(`has ${count} items; write at most ${maxLength}`)] : []),
    ...value.items.flatMap((item, index) =>
      valueFaults(item, types.shape(shape.itemType), itemOf(spot, index), types)
    )
  ]
}

function objectFaults(
  value: Value & { kind: 'object' },
  shape: BicepType,
  spot: Spot,
  types: Types
): Fault[] {
  const members = chosenMembers(value, shape, spot, types)
  if ('declared' in members) return memberFaults(value, members, spot, types)
  return [{ place: members.blamed.place, rule: 'choice', message: members.message }]
}

/** What is wrong with the properties of an object whose members are known. */
function memberFaults(
  value: Value & { kind: 'object' },
  { declared, others }: Members,
  spot: Spot,
  types: Types
): Fault[] {
  const required = new Set(requiredOf(declared, spot))
  const faults: Fault[] = []
  for (const key of required) {
    if (value.properties.has(key)) continue
    const message = 'is required; write it'
    faults.push(fault(value.place, propertyOf(spot, key, declared), { rule: 'required', message }))
  }
  for (const [key, { key: place, value: inner }] of value.properties) {
    const property = Object.hasOwn(declared, key) ? declared[key] : undefined
    const at = property || !others ? propertyOf(spot, key, declared) : entryOf(spot, key)
    if (!property && !others) {
      const message = `is no property of ${spot.type}; ${instead(key, declared, spot.outer, types)}`
      faults.push(fault(place, at, { rule: 'unknown', message }))
    } else if (property && property.flags & Flags.ReadOnly) {
      const message = 'is read-only; remove it'
      faults.push(fault(place, at, { rule: 'read-only', message }))
    } else if (inner.kind === 'null') {
      // Azure drops what is null.
      const message = 'is required, but null; write a value'
      if (required.has(key)) faults.push(fault(inner.place, at, { rule: 'null', message }))
    } else {
      const expected = property ? types.shape(property.type) : others
      if (expected) faults.push(...valueFaults(inner, expected, at, types))
    }
    const complaint = property || !others ? undefined : keyComplaint(key, spot)
    if (complaint) faults.push(fault(place, spot, complaint))
  }
  return faults
}
