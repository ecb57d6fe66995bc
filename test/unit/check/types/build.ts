import type { LaterType, Place, Property, Resource, Value } from '../../../../infra/check/model.ts'
import { typeFaults } from '../../../../infra/check/types/check.ts'
import { loadTypes, type Types } from '../../../../infra/check/types/library.ts'
import versions from '../../../../infra/check/types/versions.json' with { type: 'json' }

export const types: Types = loadTypes()

/** What only the deployment knows, in a body written as JSON. */
export class Later {
  readonly type: LaterType
  constructor(type: LaterType) {
    this.type = type
  }
}

export type Body = { [key: string]: unknown }

/** An evaluated value from JSON; strings with `«…»` are unsure. Columns grow inwards, so a value stands behind what holds it. */
export function evaluated(
  json: unknown,
  place: Place = { file: 'x.bicep', line: 1, column: 1 }
): Value {
  if (json instanceof Later) return { place, kind: 'later', type: json.type, what: 'asked' }
  if (typeof json === 'string')
    return { place, kind: 'string', value: json, sure: !json.includes('«') }
  if (typeof json === 'number') return { place, kind: 'int', value: json }
  if (typeof json === 'boolean') return { place, kind: 'bool', value: json }
  if (json === null || json === undefined) return { place, kind: 'null' }
  if (Array.isArray(json))
    return {
      place,
      kind: 'array',
      items: json.map((item, at) => evaluated(item, below(place, at)))
    }
  return { place, ...object(json, place) }
}

const below = (place: Place, at: number) => ({ ...place, column: place.column * 10 + at })

function object(json: object, place: Place): { kind: 'object'; properties: Map<string, Property> } {
  const entries = Object.entries(json).map(([key, value], at): [string, Property] => {
    const own = below(place, at)
    return [key, { key: own, value: evaluated(value, own) }]
  })
  return { kind: 'object', properties: new Map(entries) }
}

/** A resource of a type at its pinned version. */
export function resourceOf(type: string, body: object, more: Partial<Resource> = {}): Resource {
  const declared = { file: 'x.bicep', line: 1, column: 10 }
  // One name for each part of the type behind the provider.
  const name = type.split('/').slice(1).join('/')
  const pinned = Object.entries(versions).find(([name]) => name === type)
  return {
    type,
    apiVersion: pinned?.[1] ?? '',
    declared,
    symbol: 'it',
    name,
    id: '/it',
    scope: '/group',
    existing: false,
    body: { place: declared, ...object(body, declared) },
    ...more
  }
}

/** What the check says about a body, as `rule: message`. */
export function said(type: string, body: object, more: Partial<Resource> = {}): string[] {
  return typeFaults(resourceOf(type, body, more), types).map(one => `${one.rule}: ${one.message}`)
}
