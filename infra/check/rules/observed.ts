import type { Deployment, Fault, Resource, TypeLibrary } from '../model.ts'
import { at, faultAt, itemsOf, ofType, own, plainOf, textOf } from './read.ts'

/** Services that hold or pass data: what happens at them must be found in the logs. */
const OBSERVED = [
  'Microsoft.EventHub/namespaces',
  'Microsoft.Devices/IotHubs',
  'Microsoft.DocumentDB/databaseAccounts',
  'Microsoft.SignalRService/webPubSub',
  'Microsoft.KeyVault/vaults',
  'Microsoft.ApiManagement/service',
  'Microsoft.Cdn/profiles'
]

/** Every data service sends its logs to the workspace. */
export function diagnostics(deployment: Deployment): Fault[] {
  const given = ofType(deployment, 'Microsoft.Insights/diagnosticSettings')
  const workspaces = ofType(deployment, 'Microsoft.OperationalInsights/workspaces').map(w => w.id)
  const missing = OBSERVED.flatMap(type => ofType(deployment, type))
    .filter(service => !given.some(({ scope }) => scope === service.id))
    .map(service => faultAt(service, 'diagnostics', `${service.name} has no diagnostic settings`))
  return [...missing, ...given.flatMap(setting => quiet(setting, workspaces))]
}

function quiet(setting: Resource, workspaces: string[]): Fault[] {
  const workspace = at(setting.body, 'properties.workspaceId')
  const faults: Fault[] = []
  if (!workspaces.includes(textOf(workspace) ?? '')) {
    const message = `${setting.name}: properties.workspaceId must be the workspace of this template`
    faults.push(faultAt(workspace ?? setting, 'diagnostics', message))
  }
  const kinds = ['logs', 'metrics'].flatMap(kind => itemsOf(at(setting.body, `properties.${kind}`)))
  if (!kinds.length) faults.push(faultAt(setting, 'diagnostics', `${setting.name} sends nothing`))
  for (const kind of kinds) {
    if (plainOf(own(kind, 'enabled')) !== true) {
      faults.push(faultAt(kind, 'diagnostics', `${setting.name}: enabled must be true`))
    }
  }
  return faults
}

/** azd finds and deletes what it made by a tag. */
export function tagged(deployment: Deployment, environment: string, types: TypeLibrary): Fault[] {
  return deployment.resources.flatMap(resource => {
    const { type, apiVersion, existing } = resource
    // Azure finds no tags on children, whatever their types say.
    const isChild = type.split('/').length > 2
    const canHave = types.propertyOf(type, apiVersion, ['tags']) === 'object'
    if (existing || isChild || !canHave) return []
    const tag = own(at(resource.body, 'tags'), 'azd-env-name')
    if (textOf(tag) === environment) return []
    return [faultAt(tag ?? resource, 'tags', `${resource.name} must have the tag azd-env-name`)]
  })
}
