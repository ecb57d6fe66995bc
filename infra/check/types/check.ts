import type { BicepType } from 'bicep-types'
import type { Fault, Resource } from '../model.ts'
import { nearest } from '../nearest.ts'
import type { Types } from './library.ts'
import { nameComplaint } from './names.ts'
import { chosenMembers, identifies } from './objects.ts'
import type { Complaint } from './scalars.ts'
import { propertyOf, type Spot } from './spot.ts'
import { lastSegment, segments } from './unsure.ts'
import { fault, valueFaults } from './values.ts'

type Body = Resource['body']

/** What is wrong with a resource by Azure's own definition of its type, and by what Azure enforces beyond it. */
export function typeFaults(resource: Resource, types: Types): Fault[] {
  const { type, apiVersion, declared: place } = resource
  const pinned = types.pinned(type)
  if (!pinned) {
    const meant = nearest(
      type,
      types.all.map(one => one.type)
    )
    const write = meant ? `write '${meant}', or add` : 'add'
    const message = `${type} is not a known type: ${write} it to infra/check/types/versions.json and run prune.ts.`
    return [{ place, rule: 'type', message }]
  }
  const faults: Fault[] = []
  if (pinned.type !== type)
    faults.push({ place, rule: 'type', message: `Write '${pinned.type}' instead of '${type}'.` })
  if (pinned.apiVersion !== apiVersion) {
    const message = `${pinned.type} is pinned to ${pinned.apiVersion}; write that instead of ${apiVersion}.`
    faults.push({ place, rule: 'version', message })
  }
  return [...faults, ...bodyFaults(resource, pinned.type, types)]
}

function bodyFaults(resource: Resource, type: string, types: Types): Fault[] {
  const spot: Spot = { type, path: '', shown: '', outer: {} }
  const body = withLastSegment(resource.body)
  const name = body.properties.get('name')?.value
  const complaint =
    name?.kind === 'string' ? ownNameComplaint(resource, type, name.value) : undefined
  const named = name && complaint ? [fault(name.place, { ...spot, shown: 'name' }, complaint)] : []
  const check = resource.existing ? existingFaults : valueFaults
  return [...named, ...check(body, types.body(type), spot, types)]
}

/** A resource has as many names as its type has parts behind the provider; its own is the last. */
function ownNameComplaint(resource: Resource, type: string, own: string): Complaint | undefined {
  const count = type.split('/').length - 1
  const given = segments(resource.name).length
  // Graph's resources have no id that names their parents.
  if (given === count || type.startsWith('Microsoft.Graph/')) return nameComplaint(type, own)
  const message = `makes '${resource.name}', of ${given} names; ${type} has ${count}: set parent, or drop a slash`
  return { rule: 'name', message }
}

/** A resource that exists is named and no more. */
function existingFaults(body: Body, shape: BicepType, spot: Spot, types: Types): Fault[] {
  const members = chosenMembers(body, shape, spot, types)
  if (!('declared' in members))
    return [{ place: members.blamed.place, rule: 'choice', message: members.message }]
  const faults: Fault[] = []
  for (const [key, { flags, type }] of Object.entries(members.declared)) {
    const given = body.properties.get(key)
    const at = propertyOf(spot, key, {})
    if (identifies(flags)) {
      const missing = { rule: 'required', message: 'is required; write it' }
      if (given) faults.push(...valueFaults(given.value, types.shape(type), at, types))
      else faults.push(fault(body.place, at, missing))
    }
  }
  for (const [key, { key: place }] of body.properties) {
    const flags = members.declared[key]?.flags ?? 0
    const message = `may not be set on an existing ${spot.type}; remove it`
    if (!identifies(flags))
      faults.push(fault(place, propertyOf(spot, key, {}), { rule: 'existing', message }))
  }
  return faults
}

/** A child that is declared with its parents' names has its own name behind the last slash. */
function withLastSegment(body: Body): Body {
  const name = body.properties.get('name')
  if (name?.value.kind !== 'string') return body
  const value = { ...name.value, value: lastSegment(name.value.value) }
  return { ...body, properties: new Map([...body.properties, ['name', { ...name, value }]]) }
}
