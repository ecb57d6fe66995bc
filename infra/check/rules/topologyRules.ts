import topology from '#topology' with { type: 'json' }
import type { Deployment, Fault } from '../model.ts'
import { expectAt, expectId, expectNames } from './compare.ts'
import { identityOf } from './principals.ts'
import { at, faultAt, ofType, ownName, plainOf, same, textOf } from './read.ts'

const RULE = 'topology'

/** What the services keep is what topology.json says: hubs, containers, keys. */
export function services(deployment: Deployment): Fault[] {
  return [
    ...eventHubs(deployment),
    ...iotHub(deployment),
    ...cosmos(deployment),
    ...expectNames(deployment, RULE, 'Microsoft.SignalRService/webPubSub/hubs', [
      topology.webPubSub.hub
    ]),
    ...keyVault(deployment)
  ]
}

function eventHubs(deployment: Deployment): Fault[] {
  const { hub, partitions, consumerGroups } = topology.eventHubs
  const type = 'Microsoft.EventHub/namespaces/eventhubs'
  const captures = [identityOf(deployment, 'capture')].filter(one => one !== undefined)
  const accounts = ofType(deployment, 'Microsoft.Storage/storageAccounts')
  return [
    ...expectNames(deployment, RULE, type, [hub]),
    ...expectNames(deployment, RULE, `${type}/consumergroups`, consumerGroups),
    ...ofType(deployment, type).flatMap(resource => {
      const capture = 'properties.captureDescription'
      const container = textOf(at(resource.body, `${capture}.destination.properties.blobContainer`))
      const containers = ofType(
        deployment,
        'Microsoft.Storage/storageAccounts/blobServices/containers'
      )
      return [
        ...expectAt(resource, RULE, {
          'properties.partitionCount': partitions,
          [`${capture}.enabled`]: true,
          [`${capture}.encoding`]: 'Avro',
          [`${capture}.destination.name`]: 'EventHubArchive.AzureBlockBlob',
          [`${capture}.destination.identity.type`]: 'UserAssigned'
        }),
        ...expectId(
          resource,
          RULE,
          `${capture}.destination.identity.userAssignedIdentity`,
          captures
        ),
        ...expectId(
          resource,
          RULE,
          `${capture}.destination.properties.storageAccountResourceId`,
          accounts
        ),
        ...(containers.some(one => ownName(one) === container)
          ? []
          : [faultAt(resource, RULE, `the container ${container} of Capture is not deployed`)])
      ]
    })
  ]
}

/** Messages of devices go to the hub, in IoT Hub's own name, or nowhere: a fallback would hide the fault. */
function iotHub(deployment: Deployment): Fault[] {
  return ofType(deployment, 'Microsoft.Devices/IotHubs').flatMap(hub => {
    const routing = plainOf(at(hub.body, 'properties.routing')) as Routing | undefined
    const endpoints = routing?.endpoints?.eventHubs ?? []
    const [endpoint] = endpoints
    const [route] = routing?.routes ?? []
    const identity = identityOf(deployment, 'iotHub')
    const right =
      endpoints.length === 1 &&
      endpoint?.authenticationType === 'identityBased' &&
      endpoint.entityPath === topology.eventHubs.hub &&
      endpoint.identity?.userAssignedIdentity === identity?.id &&
      endpoint.endpointUri?.startsWith('sb://') === true &&
      route?.source === 'DeviceMessages' &&
      route.condition === 'true' &&
      route.isEnabled === true &&
      same(route.endpointNames, [endpoint.name])
    const wrong = faultAt(
      at(hub.body, 'properties.routing') ?? hub,
      RULE,
      `${hub.name} must route DeviceMessages to the hub ${topology.eventHubs.hub} by its own identity`
    )
    return [
      ...(right ? [] : [wrong]),
      ...expectAt(hub, RULE, { 'properties.routing.fallbackRoute': FALLBACK })
    ]
  })
}
const FALLBACK = {
  name: '$fallback',
  source: 'DeviceMessages',
  condition: 'true',
  endpointNames: ['events'],
  isEnabled: false
}
type Routing = {
  endpoints?: {
    eventHubs?: {
      name?: string
      authenticationType?: string
      entityPath?: string
      endpointUri?: string
      identity?: { userAssignedIdentity?: string }
    }[]
  }
  routes?: { source?: string; condition?: string; isEnabled?: boolean; endpointNames?: string[] }[]
}

type Container = { partitionKey: string; defaultTtl?: number; indexed?: string[] }

function cosmos(deployment: Deployment): Fault[] {
  const containers: Record<string, Container> = topology.cosmos.containers
  const type = 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases'
  return [
    ...expectNames(deployment, RULE, type, [topology.cosmos.database]),
    ...expectNames(deployment, RULE, `${type}/containers`, Object.keys(containers)),
    ...ofType(deployment, type).flatMap(database =>
      expectAt(database, RULE, { 'properties.resource.id': topology.cosmos.database })
    ),
    ...ofType(deployment, `${type}/containers`).flatMap(resource => {
      const wanted = containers[ownName(resource)]
      if (!wanted) return []
      const policy = 'properties.resource.indexingPolicy'
      const paths = (list: string) =>
        (plainOf(at(resource.body, `${policy}.${list}`)) as { path?: string }[] | undefined) ?? []
      const included = paths('includedPaths').map(({ path }) => path)
      const excluded = paths('excludedPaths').map(({ path }) => path)
      const indexed = wanted.indexed
        ? same(included, wanted.indexed) && same(excluded, ['/*'])
        : (included.length === 0 || same(included, ['/*'])) && !excluded.includes('/*')
      const message = `${resource.name}: ${policy} must index ${wanted.indexed?.join(', ') ?? 'all'}`
      return [
        ...expectAt(resource, RULE, {
          'properties.resource.id': ownName(resource),
          'properties.resource.partitionKey.paths': [wanted.partitionKey],
          'properties.resource.partitionKey.kind': 'Hash',
          'properties.resource.defaultTtl': wanted.defaultTtl
        }),
        ...(indexed ? [] : [faultAt(at(resource.body, policy) ?? resource, RULE, message)])
      ]
    })
  ]
}

/** One key that signs RS256 and does nothing else. */
function keyVault(deployment: Deployment): Fault[] {
  const type = 'Microsoft.KeyVault/vaults/keys'
  return [
    ...expectNames(deployment, RULE, type, [topology.keyVault.seatKey]),
    ...ofType(deployment, type).flatMap(key => {
      const given = at(key.body, 'properties.keyOps')
      const isRight = [['sign', 'verify'], ['sign']].some(right => same(plainOf(given), right))
      const message = 'the seat key signs, and at most verifies'
      return [
        ...expectAt(key, RULE, { 'properties.kty': 'RSA' }),
        ...(isRight ? [] : [faultAt(given ?? key, RULE, message)])
      ]
    })
  ]
}
