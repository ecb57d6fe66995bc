import type { Entity } from './entities.ts'
import { refusal } from './refusal.ts'
import type { Expression } from './syntax.ts'

/** Ids that stand for the subscription and tenant of whoever deploys. */
export const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001'
export const TENANT = '00000000-0000-4000-8000-000000000002'

/** Where a file is deployed to; `id` is its resource id. */
export type Scope = { kind: 'subscription' | 'resourceGroup'; id: string; name: string }

export const subscriptionScope: Scope = {
  kind: 'subscription',
  id: `/subscriptions/${SUBSCRIPTION}`,
  name: 'subscription'
}
export const groupScope = (name: string): Scope => ({
  kind: 'resourceGroup',
  id: `${subscriptionScope.id}/resourceGroups/${name}`,
  name
})

const GROUP = 'Microsoft.Resources/resourceGroups'

/** Whether a type is that of resource groups, which are scopes and resources both. */
export const isGroup = (type: string): boolean => type.toLowerCase() === GROUP.toLowerCase()

/** The scope that `scope: …` of a module names: a resource group of this deployment. */
export function scopeOf(entity: Entity | undefined, { place, text }: Expression): Scope {
  if (entity?.kind === 'resource' && isGroup(entity.type)) return groupScope(entity.name)
  throw refusal(place, 'scope', `\`${text}\` is no resource group of this deployment`)
}

/** Id of a resource: provider, then types and names in turn, under what it belongs to. */
export function idWithin(scopeId: string, type: string, names: string[]): string {
  if (isGroup(type)) return `${scopeId}/resourceGroups/${names[0] ?? ''}`
  const [provider = '', ...types] = type.split('/')
  const pairs = types.map((segment, index) => `/${segment}/${names[index] ?? ''}`)
  return `${scopeId}/providers/${provider}${pairs.join('')}`
}
