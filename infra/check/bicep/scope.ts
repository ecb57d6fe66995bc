import type { Value } from '../model.ts'

/** Ids that stand for the subscription and tenant of whoever deploys. */
export const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001'
export const TENANT = '00000000-0000-4000-8000-000000000002'

/** Where a file is deployed to, or a resource lies. */
export type Scope = {
  kind: 'tenant' | 'subscription' | 'resourceGroup'
  /** Resource id; empty for the tenant. */
  id: string
  name: string
  /** Of a resource group, where it is known. */
  location?: Value
}

export const tenantScope: Scope = { kind: 'tenant', id: '', name: TENANT }
export const subscriptionScope: Scope = {
  kind: 'subscription',
  id: `/subscriptions/${SUBSCRIPTION}`,
  name: 'subscription'
}
export const groupScope = (name: string, subscription = SUBSCRIPTION): Scope => ({
  kind: 'resourceGroup',
  id: `/subscriptions/${subscription}/resourceGroups/${name}`,
  name
})

/** Id of a resource: provider, then types and names in turn, under what it belongs to. */
export function idWithin(scopeId: string, type: string, names: string[]): string {
  if (type.toLowerCase() === 'microsoft.resources/resourcegroups')
    return `${scopeId}/resourceGroups/${names[0] ?? ''}`
  const [provider = '', ...types] = type.split('/')
  const pairs = types.map((segment, index) => `/${segment}/${names[index] ?? ''}`)
  return `${scopeId}/providers/${provider}${pairs.join('')}`
}
