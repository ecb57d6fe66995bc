import type { Deployment, Fault, Resource, Value } from '../model.ts'
import { at, faultAt, ofType, ownName, plainOf, same } from './read.ts'

/** Compares properties of a resource with what they must be; `undefined` is: must not be there. */
export function expectAt(
  resource: Resource,
  rule: string,
  expected: Record<string, unknown>
): Fault[] {
  return Object.entries(expected).flatMap(([path, right]) => {
    const given = at(resource.body, path)
    // Azure takes null for left out.
    if (same(plainOf(given) ?? undefined, right)) return []
    const wish = right === undefined ? 'must be left out' : `must be ${JSON.stringify(right)}`
    return [faultAt(given ?? resource, rule, `${resource.name}: ${path} ${wish}`)]
  })
}

/** Resources of a type must be these, by own name: none missing, none more. */
export function expectNames(
  deployment: Deployment,
  rule: string,
  type: string,
  expected: string[]
): Fault[] {
  const given = ofType(deployment, type)
  const missing = expected.filter(name => !given.some(resource => ownName(resource) === name))
  return [
    ...given
      .filter(resource => !expected.includes(ownName(resource)))
      .map(resource =>
        faultAt(
          resource,
          rule,
          `${type} ${ownName(resource)} is not known: write it there or not here`
        )
      ),
    ...missing.map(name =>
      faultAt(anchor(deployment, type), rule, `${type} ${name} is missing: deploy it`)
    )
  ]
}

/** Where a missing resource would be: beside others of its type or service, else at the beginning. */
export function anchor(deployment: Deployment, type: string): Resource {
  const { resources } = deployment
  const parents = type.split('/').map((_, index, parts) => parts.slice(0, parts.length - index))
  for (const parent of parents) {
    const found = resources.find(resource => resource.type === parent.join('/'))
    if (found) return found
  }
  const [first] = resources
  if (!first) throw new Error('the template deploys nothing: give it a resource')
  return first
}

/** Faults of a value that must name one of these resources by its id. */
export function expectId(
  where: Resource,
  rule: string,
  path: string,
  resources: Resource[]
): Fault[] {
  const given: Value | undefined = at(where.body, path)
  const ids = resources.map(({ id }) => id)
  const text = plainOf(given)
  return typeof text === 'string' && ids.includes(text)
    ? []
    : [
        faultAt(
          given ?? where,
          rule,
          `${where.name}: ${path} must be the id of ${ids.join(' or ')}`
        )
      ]
}
