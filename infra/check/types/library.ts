import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BicepType,
  type ObjectTypeProperty,
  ObjectTypePropertyFlags,
  readTypesJson,
  TypeBaseKind,
  type TypeReference
} from 'bicep-types'
import type { LaterType, TypeLibrary } from '../model.ts'
import versions from './versions.json' with { type: 'json' }

/** A resource type in Azure's own spelling and the one API version that may be used. */
export type Pinned = { type: string; apiVersion: string }

export type Declared = Record<string, ObjectTypeProperty>

/** Azure's type definitions of the pinned resource types. */
export type Types = TypeLibrary & {
  /** All pinned types, in the order of their names. */
  all: Pinned[]
  /** The pinned type of this name in whatever casing; Azure takes any. */
  pinned(type: string): Pinned | undefined
  /** What the body of a pinned type, in Azure's spelling, looks like. */
  body(type: string): BicepType
  /** The definition that another one refers to. */
  shape(reference: TypeReference): BicepType
}

/** The kind of values that a definition takes. Throws where it is none that a body may be made of. */
export function kindOf(shape: BicepType): LaterType {
  switch (shape.type) {
    case TypeBaseKind.ObjectType:
    case TypeBaseKind.DiscriminatedObjectType:
      return 'object'
    case TypeBaseKind.ArrayType:
      return 'array'
    case TypeBaseKind.StringType:
    case TypeBaseKind.StringLiteralType:
    // Azure's unions hold strings alone; the library refuses others when it is loaded.
    case TypeBaseKind.UnionType:
      return 'string'
    case TypeBaseKind.IntegerType:
      return 'int'
    case TypeBaseKind.BooleanType:
      return 'bool'
    case TypeBaseKind.AnyType:
      return 'any'
    default:
      throw new Error(`A ${shape.type} cannot be checked; teach infra/check/types what it is.`)
  }
}

/** Reads the type definitions kept in `data/`. Throws where they hold what the check does not know. */
export function loadTypes(): Types {
  const file = join(import.meta.dirname, 'data/types.json')
  const shapes = readTypesJson(readFileSync(file, 'utf8'))
  const shape = ({ index }: TypeReference) => {
    const found = shapes[index]
    if (!found) throw new Error(`${file} refers to type #/${index} but ends before.`)
    return found
  }
  const bodies = new Map<string, BicepType>()
  for (const one of shapes) {
    if (one.type === TypeBaseKind.ResourceType) bodies.set(one.name, shape(one.body))
    else refuseUnknown(one, shape)
  }
  const all = Object.entries(versions).map(([type, apiVersion]) => ({ type, apiVersion }))
  const byName = new Map(all.map(pinned => [pinned.type.toLowerCase(), pinned]))
  const pinned = (type: string) => byName.get(type.toLowerCase())
  const body = (type: string) => {
    const apiVersion = pinned(type)?.apiVersion
    const found = bodies.get(`${type}@${apiVersion}`)
    if (!found)
      throw new Error(`${file} lacks ${type}@${apiVersion}; run infra/check/types/prune.ts.`)
    return found
  }
  for (const { type } of all) body(type)

  return {
    all,
    pinned,
    body,
    shape,
    has: (type, apiVersion) => pinned(type)?.apiVersion === apiVersion,
    propertyOf(type, apiVersion, path) {
      const known = pinned(type)
      if (known?.apiVersion !== apiVersion) return undefined
      return merged(
        path.reduce((at, key) => at.flatMap(from => step(from, key, shape)), [body(known.type)])
      )
    }
  }
}

/** What lies under a key or index of a definition; several where the definition leaves a choice. */
function step(from: BicepType, key: string, shape: Types['shape']): BicepType[] {
  const of = (property: ObjectTypeProperty | undefined) =>
    property && !(property.flags & ObjectTypePropertyFlags.WriteOnly) ? [shape(property.type)] : []
  switch (from.type) {
    case TypeBaseKind.AnyType:
      return [from]
    case TypeBaseKind.ArrayType:
      return /^\d+$/.test(key) ? [shape(from.itemType)] : []
    case TypeBaseKind.ObjectType: {
      if (Object.hasOwn(from.properties, key)) return of(from.properties[key])
      return from.additionalProperties ? [shape(from.additionalProperties)] : []
    }
    case TypeBaseKind.DiscriminatedObjectType: {
      if (Object.hasOwn(from.baseProperties, key)) return of(from.baseProperties[key])
      return Object.values(from.elements).flatMap(element => step(shape(element), key, shape))
    }
    default:
      return []
  }
}

function merged(shapes: BicepType[]): LaterType | undefined {
  const [kind, ...others] = new Set(shapes.map(kindOf))
  return others.length > 0 ? 'any' : kind
}

function refuseUnknown(one: BicepType, shape: Types['shape']): void {
  kindOf(one)
  if (one.type !== TypeBaseKind.UnionType) return
  if (one.elements.some(element => kindOf(shape(element)) !== 'string'))
    throw new Error('A union holds more than strings; teach infra/check/types to choose.')
}
