import { type BicepType, ObjectTypePropertyFlags, TypeBaseKind } from 'bicep-types'
import type { LaterType } from '../model.ts'
import { ALLOWED } from '../types/allowed.ts'
import { kindOf, type Types } from '../types/library.ts'
import { alsoRequired } from '../types/required.ts'

/** What Azure's types and our lists say of a property of a resource. */
export type Declared = {
  required: boolean
  kind: LaterType
  /** Whether its text is one of known words. */
  words: boolean
}

/** What is declared at a path of keys and `[]`; undefined where the types know no such property. */
export function declaredAt(types: Types, type: string, path: string[]): Declared | undefined {
  const known = types.pinned(type)
  if (!known) return undefined
  let shapes: Found[] = [{ shape: types.body(known.type), required: false }]
  for (const key of path) shapes = shapes.flatMap(({ shape }) => step(types, shape, key))
  const [first] = shapes
  if (!first) return undefined
  const joined = path.join('.')
  const kinds = new Set(shapes.map(({ shape }) => kindOf(shape)))
  return {
    required: shapes.every(({ required }) => required) || alsoRequired(known.type, joined),
    kind: kinds.size === 1 ? kindOf(first.shape) : 'any',
    words:
      ALLOWED[known.type]?.[joined] !== undefined || shapes.some(({ shape }) => hasWords(shape))
  }
}

type Found = { shape: BicepType; required: boolean }

function step(types: Types, from: BicepType, key: string): Found[] {
  switch (from.type) {
    case TypeBaseKind.AnyType:
      return [{ shape: from, required: false }]
    case TypeBaseKind.ArrayType:
      return key === '[]' ? [{ shape: types.shape(from.itemType), required: false }] : []
    case TypeBaseKind.ObjectType:
    case TypeBaseKind.DiscriminatedObjectType: {
      const isChoice = from.type === TypeBaseKind.DiscriminatedObjectType
      const properties = isChoice ? from.baseProperties : from.properties
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined
      if (property) {
        const required = (property.flags & ObjectTypePropertyFlags.Required) !== 0
        return [{ shape: types.shape(property.type), required }]
      }
      if (isChoice) {
        return Object.values(from.elements).flatMap(one => step(types, types.shape(one), key))
      }
      return from.additionalProperties
        ? [{ shape: types.shape(from.additionalProperties), required: false }]
        : []
    }
    default:
      return []
  }
}

const hasWords = (shape: BicepType): boolean =>
  shape.type === TypeBaseKind.UnionType || shape.type === TypeBaseKind.StringLiteralType
