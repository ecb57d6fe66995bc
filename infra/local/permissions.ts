import topology from '#topology' with { type: 'json' }
import type { IsAllowed } from './cosmos/call.ts'

type Service = 'eventHubs' | 'keyVault' | 'webPubSub' | 'iotHub'
type Holder = Partial<Record<Service | 'archive', string[]>> & {
  cosmos?: Record<string, string[]>
}
const identities: Record<string, Holder> = { ...topology.apps, ...topology.principals }
const holders = new Map(Object.entries(identities))

/** What the identity that a token names may do; Bicep makes its roles of the same entry. */
const holderOf = (claims: Record<string, unknown>): Holder =>
  holders.get(String(claims.app_displayname)) ?? {}

/** Whether the topology gives the token's identity this right. */
export const isPermitted = (
  claims: Record<string, unknown>,
  service: Service,
  right: string
): boolean => holderOf(claims)[service]?.includes(right) === true

/** Whether the topology gives the token's identity this right to the items of a container. */
export const mayUseItems: IsAllowed = (claims, right, container) => {
  const rights = holderOf(claims).cosmos?.[container] ?? []
  return rights.includes(right) || rights.includes('all')
}
