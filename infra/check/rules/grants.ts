import topology from '#topology' with { type: 'json' }
import rights from '../../rights.json' with { type: 'json' }
import type { Deployment, Place, Resource } from '../model.ts'
import { lastSegment } from '../types/unsure.ts'
import { principalOf } from './principals.ts'
import { at, itemsOf, ofType, textOf } from './read.ts'

/** One thing that one principal may do at one place; `action` is a data action or the name of a built-in role. */
export type Grant = {
  /** A name of the topology, or the object id of someone else. */
  principal: string
  service: string
  /** Resource id; Cosmos DB's own form within an account. */
  scope: string
  action: string
  place: Place
}

/** Cosmos clients read the account's addresses before anything else: it shows no item. */
export const COSMOS_METADATA = 'Microsoft.DocumentDB/databaseAccounts/readMetadata'

const ROLE_NAMES = new Map(
  Object.values(rights.builtIn).flatMap(service =>
    Object.values(service).map(({ id, name }) => [id, name] as const)
  )
)

/** Everything that the template's role assignments allow. */
export function grantsOf(deployment: Deployment): Grant[] {
  return [...azureGrants(deployment), ...cosmosGrants(deployment)]
}

function azureGrants(deployment: Deployment): Grant[] {
  const custom = ofType(deployment, 'Microsoft.Authorization/roleDefinitions')
  return ofType(deployment, 'Microsoft.Authorization/roleAssignments').flatMap(assignment => {
    const definition = at(assignment.body, 'properties.roleDefinitionId')
    const roleId = textOf(definition) ?? ''
    const own = custom.find(({ id }) => id === roleId)
    const actions = own ? actionsOf(own) : [builtInName(roleId)]
    return actions.map(action => ({
      principal: principalOf(deployment, at(assignment.body, 'properties.principalId')),
      service: serviceOf(assignment.scope),
      scope: assignment.scope,
      action,
      place: definition?.place ?? assignment.declared
    }))
  })
}

function builtInName(roleId: string): string {
  const [, guid = ''] = /\/Microsoft\.Authorization\/roleDefinitions\/([^/]+)$/.exec(roleId) ?? []
  return ROLE_NAMES.get(guid) ?? `the unknown role ${roleId}`
}

function cosmosGrants(deployment: Deployment): Grant[] {
  const kind = 'Microsoft.DocumentDB/databaseAccounts'
  const definitions = ofType(deployment, `${kind}/sqlRoleDefinitions`)
  return ofType(deployment, `${kind}/sqlRoleAssignments`).flatMap(({ body, declared }) => {
    const roleId = textOf(at(body, 'properties.roleDefinitionId'))
    const scope = at(body, 'properties.scope')
    const definition = definitions.find(({ id }) => id === roleId)
    const actions = definition ? actionsOf(definition) : [`role ${roleId}`]
    return actions
      .filter(action => action !== COSMOS_METADATA)
      .map(action => ({
        principal: principalOf(deployment, at(body, 'properties.principalId')),
        service: 'cosmos',
        scope: textOf(scope) ?? '',
        action,
        place: scope?.place ?? declared
      }))
  })
}

/** Data actions of a role, and what it may do to the resources themselves, which is nothing here. */
function actionsOf(role: Resource): string[] {
  return itemsOf(at(role.body, 'properties.permissions')).flatMap(permission =>
    ['actions', 'dataActions'].flatMap(kind =>
      itemsOf(at(permission, kind)).map(action => textOf(action) ?? '')
    )
  )
}

/** What a person calls the service behind a resource id. */
function serviceOf(scope: string): string {
  if (scope.includes('Microsoft.EventHub/')) return 'eventHubs'
  if (scope.includes('Microsoft.SignalRService/')) return 'webPubSub'
  if (scope.includes('Microsoft.KeyVault/')) return 'keyVault'
  if (scope.includes('Microsoft.Devices/')) return 'iotHub'
  if (scope.includes('Microsoft.DurableTask/')) return 'durable'
  if (scope.includes('Microsoft.Insights/')) return 'telemetry'
  return scope.includes('Microsoft.Storage/') ? 'storage' : 'everything'
}

/**
 * Who may do what, for people and tests: by principal, services with the last names of their scopes
 * (`hub telemetry`'s is `telemetry`) and the actions there.
 */
export function privilegeTable(
  deployment: Deployment
): Map<string, { service: string; scope: string; actions: string[] }[]> {
  const table = new Map<string, { service: string; scope: string; actions: string[] }[]>()
  for (const name of [...Object.keys(topology.apps), ...Object.keys(topology.principals)]) {
    table.set(name, [])
  }
  for (const { principal, service, scope, action } of grantsOf(deployment)) {
    const rows = table.get(principal) ?? []
    const last = lastSegment(scope)
    const row = rows.find(r => r.service === service && r.scope === last)
    if (row) row.actions.push(action)
    else rows.push({ service, scope: last, actions: [action] })
    table.set(principal, rows)
  }
  return table
}
