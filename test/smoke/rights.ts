import builtTopology from '#topology' with { type: 'json' }
import builtRights from '../../infra/rights.json' with { type: 'json' }

type Grants = Record<string, readonly string[]>
type Holder = {
  durable?: boolean
  eventHubs?: readonly string[]
  archive?: readonly string[]
  keyVault?: readonly string[]
  webPubSub?: readonly string[]
  cosmos?: Grants
}
type Roles = Record<string, { id: string }>

/** The parts of `infra/topology.json` that say who may do what. */
export type PrivilegeTable = { apps: Record<string, Holder>; principals: Record<string, Holder> }
/** `infra/rights.json`: what each right is on Azure. */
export type Rights = {
  builtIn: Record<'eventHubs' | 'archive' | 'host', Roles>
  dataActions: Record<'cosmos' | 'webPubSub' | 'keyVault', Grants>
}

/** By principal what it may do, as sentences `{role id or data action} on {kind of resource}` in lower case. */
export type Privileges = Map<string, Set<string>>

const HUB = 'Microsoft.EventHub/namespaces/eventhubs'
const ACCOUNT = 'Microsoft.Storage/storageAccounts'
const CONTAINER = `${ACCOUNT}/blobServices/containers`
const INSIGHTS = 'Microsoft.Insights/components'
const TASK_HUB = 'Microsoft.DurableTask/schedulers/taskHubs'
const VAULT_KEY = 'Microsoft.KeyVault/vaults/keys'
const WEB_PUBSUB = 'Microsoft.SignalRService/webPubSub'

/** One privilege as a sentence. */
export const privilege = (what: string, on: string): string => `${what} on ${on}`.toLowerCase()

/** What the topology gives everyone. `scheduler`: the Durable Task Scheduler keeps the entities. */
export function wantedPrivileges(
  scheduler: boolean,
  table: PrivilegeTable = builtTopology,
  rights: Rights = builtRights
): Privileges {
  const { builtIn, dataActions } = rights
  const idOf = (roles: Roles, right: string): string => {
    const role = roles[right]
    if (!role) throw new Error(`rights.json does not know the right ${right}`)
    return role.id
  }
  const actionsOf = (service: keyof Rights['dataActions'], right: string): readonly string[] => {
    const actions = dataActions[service][right]
    if (!actions) throw new Error(`rights.json does not know the right ${right} of ${service}`)
    return actions
  }
  const common = ({ eventHubs, archive, keyVault, webPubSub, cosmos }: Holder): string[] => [
    ...(eventHubs ?? []).map(right => privilege(idOf(builtIn.eventHubs, right), HUB)),
    ...(archive ?? []).map(right => privilege(idOf(builtIn.archive, right), CONTAINER)),
    ...(keyVault ?? []).flatMap(right =>
      actionsOf('keyVault', right).map(action => privilege(action, VAULT_KEY))
    ),
    ...(webPubSub ?? []).flatMap(right =>
      actionsOf('webPubSub', right).map(action => privilege(action, WEB_PUBSUB))
    ),
    ...Object.entries(cosmos ?? {}).flatMap(([container, names]) =>
      names.flatMap(right =>
        actionsOf('cosmos', right).map(action => privilege(action, `container ${container}`))
      )
    )
  ]
  const ofHost = ({ durable = false }: Holder): string[] => [
    privilege(idOf(builtIn.host, 'blobs'), ACCOUNT),
    privilege(idOf(builtIn.host, 'telemetry'), INSIGHTS),
    ...(durable && scheduler ? [privilege(idOf(builtIn.host, 'durableTasks'), TASK_HUB)] : []),
    ...(durable && !scheduler
      ? ['queues', 'tables'].map(right => privilege(idOf(builtIn.host, right), ACCOUNT))
      : [])
  ]
  const wanted: Privileges = new Map()
  for (const [name, app] of Object.entries(table.apps)) {
    wanted.set(name, new Set([...common(app), ...ofHost(app)]))
  }
  for (const [name, principal] of Object.entries(table.principals)) {
    wanted.set(name, new Set(common(principal)))
  }
  // The gateway writes its own telemetry, as the apps' hosts do.
  wanted.get('gateway')?.add(privilege(idOf(builtIn.host, 'telemetry'), INSIGHTS))
  return wanted
}

/** What is deployed but not wanted, and wanted but not deployed: a sentence each. */
export function differences(wanted: Privileges, found: Privileges): string[] {
  const names = [...new Set([...wanted.keys(), ...found.keys()])]
  return names.flatMap(name => {
    const may = wanted.get(name) ?? new Set<string>()
    const has = found.get(name) ?? new Set<string>()
    return [
      ...[...has].filter(each => !may.has(each)).map(each => `${name} may too much: ${each}`),
      ...[...may].filter(each => !has.has(each)).map(each => `${name} lacks: ${each}`)
    ]
  })
}
