import topology from '#topology' with { type: 'json' }
import type { IsAllowed } from './cosmos/call.ts'

type App = {
  cosmos?: Record<string, string[]>
  keyVault?: string[]
  webPubSub?: string[]
  iotHub?: string[]
}
const apps: Record<string, App> = topology.apps

/** The app that a managed identity's token names; Bicep makes its roles of the same entry. */
function appOf(claims: Record<string, unknown>): App {
  const name = String(claims.app_displayname)
  return (Object.hasOwn(apps, name) && apps[name]) || {}
}

/** Whether the topology gives the token's app this right. */
export const isPermitted = (
  claims: Record<string, unknown>,
  service: 'keyVault' | 'webPubSub' | 'iotHub',
  right: string
): boolean => appOf(claims)[service]?.includes(right) === true

/** Whether the topology gives the token's app this right to the items of a container. */
export const mayUseItems: IsAllowed = (claims, right, container) => {
  const rights = appOf(claims).cosmos?.[container] ?? []
  return rights.includes(right) || rights.includes('all')
}
