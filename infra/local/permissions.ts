import topology from '#topology' with { type: 'json' }

type App = { functions: string[]; keyVault?: string[]; webPubSub?: string[] }
const apps: Record<string, App> = topology.apps

/** Whether the topology gives the app that a managed identity's token names this right; Bicep makes the same roles of it. */
export function isPermitted(
  claims: Record<string, unknown>,
  service: 'keyVault' | 'webPubSub',
  right: string
) {
  const app = String(claims.app_displayname)
  return Object.hasOwn(apps, app) && apps[app]?.[service]?.includes(right) === true
}
