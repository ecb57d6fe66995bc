import topology from '#topology' with { type: 'json' }
import rights from '../../rights.json' with { type: 'json' }
import type { Deployment, Fault } from '../model.ts'
import { anchor } from './compare.ts'
import { type Grant, grantsOf } from './grants.ts'
import { IDENTITIES, identityOf, principalOf } from './principals.ts'
import { at, faultAt, itemsOf, ofType, own, ownName, plainOf, textOf } from './read.ts'

type Rights = {
  cosmos?: Record<string, string[]>
  eventHubs?: string[]
  webPubSub?: string[]
  keyVault?: string[]
  iotHub?: string[]
  archive?: string[]
  durable?: boolean
}
const RIGHTS: Record<string, Rights> = { ...topology.apps, ...topology.principals }
type Allowed = Omit<Grant, 'place' | 'service'>

/** Nobody may do more than topology and rights say, and nobody less. `uploader`: the object id of who deploys. */
export function privileges(deployment: Deployment, uploader: string): Fault[] {
  const allowed = [
    ...Object.keys(RIGHTS).flatMap(name => allowedTo(name, deployment)),
    ...uploads(deployment, uploader)
  ]
  const given = grantsOf(deployment)
  const sameGrant = (one: Allowed) => (other: Allowed) =>
    one.principal === other.principal && one.scope === other.scope && one.action === other.action
  const more = given
    .filter(grant => !allowed.some(sameGrant(grant)))
    .map(({ place, principal, action, scope }) => ({
      place,
      rule: 'privileges',
      message: `nothing in the topology lets ${principal} do ${action} at ${scope}`
    }))
  const less = allowed
    .filter(grant => !given.some(sameGrant(grant)))
    .map(({ principal, action, scope }) =>
      faultAt(
        identityOf(deployment, principal) ?? anchor(deployment, IDENTITIES),
        'privileges',
        `the topology lets ${principal} do ${action} at ${scope}, and no role assignment does`
      )
    )
  return [...more, ...less, ...principalTypes(deployment, uploader), ...exceptions(deployment)]
}

function allowedTo(principal: string, deployment: Deployment): Allowed[] {
  const app = RIGHTS[principal] ?? {}
  const hub = idOf(deployment, 'Microsoft.EventHub/namespaces/eventhubs')
  const database = idOf(deployment, 'Microsoft.DocumentDB/databaseAccounts')
  const grant = (scope: string) => (action: string) => ({ principal, scope, action })
  return [
    ...(app.eventHubs ?? []).map(right => grant(hub)(builtIn('eventHubs', right))),
    ...(app.archive ?? []).map(right => grant(archiveOf(deployment))(builtIn('archive', right))),
    ...Object.entries(app.cosmos ?? {}).flatMap(([container, names]) =>
      dataActions('cosmos', names).map(
        grant(`${database}/dbs/${topology.cosmos.database}/colls/${container}`)
      )
    ),
    ...dataActions('webPubSub', app.webPubSub).map(
      grant(idOf(deployment, 'Microsoft.SignalRService/webPubSub'))
    ),
    ...dataActions('keyVault', app.keyVault).map(
      grant(idOf(deployment, 'Microsoft.KeyVault/vaults/keys'))
    ),
    ...dataActions('iotHub', app.iotHub).map(grant(idOf(deployment, 'Microsoft.Devices/IotHubs'))),
    ...(principal === 'gateway' ? [telemetryGrant(principal, deployment)] : []),
    ...(principal in topology.apps ? hostGrants(principal, app.durable === true, deployment) : [])
  ]
}

/** What the Functions host itself needs in an app's name. */
function hostGrants(principal: string, durable: boolean, deployment: Deployment): Allowed[] {
  const storage = storageOf(deployment, principal)
  const taskHub = idOf(deployment, 'Microsoft.DurableTask/schedulers/taskHubs')
  const grant = (scope: string, right: string) => ({
    principal,
    scope,
    action: builtIn('host', right)
  })
  const entities = taskHub
    ? [grant(taskHub, 'durableTasks')]
    : [grant(storage, 'queues'), grant(storage, 'tables')]
  return [
    grant(storage, 'blobs'),
    telemetryGrant(principal, deployment),
    ...(durable ? entities : [])
  ]
}

const telemetryGrant = (principal: string, deployment: Deployment): Allowed => ({
  principal,
  scope: idOf(deployment, 'Microsoft.Insights/components'),
  action: builtIn('host', 'telemetry')
})

/** Whoever deploys puts the pages where Front Door finds them. */
function uploads(deployment: Deployment, uploader: string): Allowed[] {
  const scope = storageOf(deployment, 'pages')
  return scope ? [{ principal: uploader, scope, action: builtIn('pages', 'write') }] : []
}

function dataActions(service: keyof typeof rights.dataActions, names: string[] = []): string[] {
  const known: Record<string, string[]> = rights.dataActions[service]
  return [...new Set(names.flatMap(name => known[name] ?? [`unknown right ${name}`]))]
}

function builtIn(service: keyof typeof rights.builtIn, right: string): string {
  const known: Record<string, { name: string }> = rights.builtIn[service]
  return known[right]?.name ?? `unknown right ${right}`
}

const idOf = (deployment: Deployment, type: string): string => ofType(deployment, type)[0]?.id ?? ''

/** The storage account that holds what belongs to one app, or the pages: its name begins with theirs. */
export const storageOf = (deployment: Deployment, owner: string): string =>
  ofType(deployment, 'Microsoft.Storage/storageAccounts').find(account =>
    ownName(account).startsWith(`st${owner.toLowerCase().slice(0, 9)}`)
  )?.id ?? ''

/** The container that Capture writes to. */
function archiveOf(deployment: Deployment): string {
  const [hub] = ofType(deployment, 'Microsoft.EventHub/namespaces/eventhubs')
  const to = at(hub?.body, 'properties.captureDescription.destination.properties')
  const account = textOf(at(to, 'storageAccountResourceId'))
  return `${account}/blobServices/default/containers/${textOf(at(to, 'blobContainer'))}`
}

/** A role says what it allows: what it excepts, a star before it would allow, which nobody here is given. */
function exceptions(deployment: Deployment): Fault[] {
  return ROLES.flatMap(type => ofType(deployment, type)).flatMap(role =>
    itemsOf(at(role.body, 'properties.permissions')).flatMap(permission =>
      ['notActions', 'notDataActions'].flatMap(key => {
        const given = own(permission, key)
        const message = `${role.name}: leave ${key} out and name each action that is allowed`
        return given ? [faultAt(given, 'privileges', message)] : []
      })
    )
  )
}
const ROLES = [
  'Microsoft.Authorization/roleDefinitions',
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions'
]

/** Without the right type an assignment fails while Entra ID does not know a new identity yet. */
function principalTypes(deployment: Deployment, uploader: string): Fault[] {
  return ofType(deployment, 'Microsoft.Authorization/roleAssignments').flatMap(assignment => {
    const type = at(assignment.body, 'properties.principalType')
    const principal = principalOf(deployment, at(assignment.body, 'properties.principalId'))
    if (principal === uploader || plainOf(type) === 'ServicePrincipal') return []
    const message = `${assignment.name}: properties.principalType must be 'ServicePrincipal'`
    return [faultAt(type ?? assignment, 'privileges', message)]
  })
}
