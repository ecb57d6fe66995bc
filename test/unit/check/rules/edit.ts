import type { Deployment, Resource, Value } from '../../../../infra/check/model.ts'
import { ownName } from '../../../../infra/check/rules/read.ts'
import { value } from '../build.ts'

/** Which resource, by type and own name or a beginning of it; `*` is the first of the type. */
export type Which = [type: string, name: string]

const isMeant =
  ([type, name]: Which) =>
  (resource: Resource) =>
    resource.type === type &&
    !resource.existing &&
    (name === '*' || ownName(resource).startsWith(name) || resource.name.endsWith(`/${name}`))

function found({ resources }: Deployment, which: Which): { at: number; resource: Resource } {
  const at = resources.findIndex(isMeant(which))
  const resource = resources[at]
  if (!resource) throw new Error(`no ${which.join(' ')} is deployed`)
  return { at, resource }
}

/** The deployment with one property of one resource changed, or left out where `to` is undefined. */
export function edited(
  deployment: Deployment,
  which: Which,
  path: (string | number)[],
  to: unknown
): Deployment {
  const { resource } = found(deployment, which)
  const body = change(resource.body, path, to)
  if (body.kind !== 'object') throw new Error('a body is an object')
  const name = body.properties.get('name')?.value
  const renamed = path[0] === 'name' && name?.kind === 'string' ? { name: name.value } : {}
  return moved(deployment, which, { ...renamed, body })
}

/** The deployment with a property of a resource itself, such as `scope`, changed. */
export function moved(deployment: Deployment, which: Which, to: Partial<Resource>): Deployment {
  const { at, resource } = found(deployment, which)
  return { ...deployment, resources: deployment.resources.with(at, { ...resource, ...to }) }
}

/** The deployment with a copy of a resource under another name. */
export function twice(deployment: Deployment, which: Which, name: string): Deployment {
  const { resource } = found(deployment, which)
  const id = resource.id.replace(/[^/]+$/, name)
  return { ...deployment, resources: [...deployment.resources, { ...resource, name, id }] }
}

/** The deployment without a resource. */
export function without(deployment: Deployment, which: Which): Deployment {
  const { at } = found(deployment, which)
  return { ...deployment, resources: deployment.resources.toSpliced(at, 1) }
}

/** The deployment with another value of an output, or without it where `to` is undefined. */
export function answering(deployment: Deployment, name: string, to?: unknown): Deployment {
  const outputs = new Map(deployment.outputs)
  if (to === undefined) outputs.delete(name)
  else outputs.set(name, value(to))
  return { ...deployment, outputs }
}

function change(from: Value, [key, ...rest]: (string | number)[], to: unknown): Value {
  if (key === undefined) return value(to)
  if (typeof key === 'number') {
    if (from.kind !== 'array') throw new Error(`${key} is asked of no list`)
    const item = from.items[key]
    if (!item) throw new Error(`there is no item ${key}`)
    return { ...from, items: from.items.with(key, change(item, rest, to)) }
  }
  if (from.kind !== 'object') throw new Error(`${key} is asked of no object`)
  const properties = new Map(from.properties)
  const property = properties.get(key)
  if (rest.length && !property) throw new Error(`there is no ${key}`)
  if (!rest.length && to === undefined) properties.delete(key)
  else {
    const inner = property?.value ?? value(null)
    properties.set(key, { key: from.place, value: change(inner, rest, to) })
  }
  return { ...from, properties }
}
