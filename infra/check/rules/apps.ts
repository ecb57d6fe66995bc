import topology from '#topology' with { type: 'json' }
import type { Deployment, Fault, Resource } from '../model.ts'
import { anchor, expectAt, expectId } from './compare.ts'
import { identityOf } from './principals.ts'
import { storageOf } from './privileges.ts'
import {
  at,
  faultAt,
  itemsOf,
  ofType,
  own,
  ownName,
  plainOf,
  propertiesOf,
  same,
  textOf
} from './read.ts'
import { appOf, settingsOf } from './sites.ts'

const RULE = 'apps'

/** Properties that Flex Consumption refuses, or that functionAppConfig says in their place. */
const REFUSED = [
  'linuxFxVersion',
  'windowsFxVersion',
  'nodeVersion',
  'alwaysOn',
  'use32BitWorkerProcess',
  'functionAppScaleLimit',
  'minimumElasticInstanceCount',
  'preWarmedInstanceCount'
]

/** One site for every app of the topology, each with plan, identity and storage of its own. */
export function apps(deployment: Deployment): Fault[] {
  const sites = ofType(deployment, 'Microsoft.Web/sites')
  const names = Object.keys(topology.apps)
  const place = anchor(deployment, 'Microsoft.Web/sites')
  const plans = ofType(deployment, 'Microsoft.Web/serverfarms')
  return [
    ...names
      .filter(name => sites.filter(site => appOf(site) === name).length !== 1)
      .map(name => faultAt(place, RULE, `the app ${name} must have exactly one site`)),
    ...sites.flatMap(site =>
      names.includes(appOf(site))
        ? siteFaults(site, deployment)
        : [faultAt(site, RULE, `the topology has no app ${appOf(site)}`)]
    ),
    ...shared(sites),
    ...plans.flatMap(plan =>
      expectAt(plan, RULE, {
        'sku.name': 'FC1',
        'sku.tier': 'FlexConsumption',
        'properties.reserved': true
      })
    )
  ]
}

function siteFaults(site: Resource, deployment: Deployment): Fault[] {
  const app = appOf(site)
  const identity = [identityOf(deployment, app)].filter(one => one !== undefined)
  const config = 'properties.functionAppConfig'
  const storage = `${config}.deployment.storage`
  const given = [...propertiesOf(at(site.body, 'identity.userAssignedIdentities')).keys()]
  const container = textOf(at(site.body, `${storage}.value`)) ?? ''
  return [
    ...expectAt(site, RULE, {
      kind: 'functionapp,linux',
      'identity.type': 'UserAssigned',
      [`${storage}.type`]: 'blobContainer',
      [`${storage}.authentication.type`]: 'UserAssignedIdentity',
      [`${config}.runtime.name`]: 'node',
      [`${config}.runtime.version`]: '24'
    }),
    ...expectId(site, RULE, `${storage}.authentication.userAssignedIdentityResourceId`, identity),
    ...expectId(
      site,
      RULE,
      'properties.serverFarmId',
      ofType(deployment, 'Microsoft.Web/serverfarms')
    ),
    ...(same(
      given,
      identity.map(({ id }) => id)
    )
      ? []
      : [
          faultAt(
            at(site.body, 'identity') ?? site,
            RULE,
            `${site.name} must have its own identity alone`
          )
        ]),
    ...(isContainer(container, site, deployment)
      ? []
      : [
          faultAt(
            at(site.body, `${storage}.value`) ?? site,
            RULE,
            `${site.name} must keep its package in a container of its own account`
          )
        ]),
    ...refused(site),
    ...ready(site)
  ]
}

/** Whether an address is of a container that this storage account has. */
function isContainer(address: string, site: Resource, deployment: Deployment): boolean {
  const account = storageOf(deployment, appOf(site))
  const blobs = textOf(settingsOf(site).get('AzureWebJobsStorage__blobServiceUri'))
  const type = 'Microsoft.Storage/storageAccounts/blobServices/containers'
  return ofType(deployment, type).some(
    one => one.id.startsWith(`${account}/`) && address === `${blobs}${ownName(one)}`
  )
}

/** Functions that a board waits for: where anything of their app is always ready, they are. */
const LIVE: Record<string, string> = { aggregate: 'telemetry', publish: 'standingsChanged' }

/** Instances are kept ready for groups that the app has. */
function ready(site: Resource): Fault[] {
  const given = at(site.body, 'properties.functionAppConfig.scaleAndConcurrency.alwaysReady')
  const names = itemsOf(given).map(group => textOf(own(group, 'name')))
  const app: { functions: string[] } = topology.apps[appOf(site) as keyof typeof topology.apps]
  const live = LIVE[appOf(site)]
  const groups = ['http', 'durable', ...app.functions.map(name => `function:${name}`)]
  const wrong = names.some(name => !groups.includes(name ?? ''))
  const cold = names.length > 0 && live !== undefined && !names.includes(`function:${live}`)
  return given && (wrong || cold)
    ? [
        faultAt(
          given,
          RULE,
          `${site.name}: alwaysReady must name groups of the app, live ones among them`
        )
      ]
    : []
}

function refused(site: Resource): Fault[] {
  const config = at(site.body, 'properties.siteConfig')
  return REFUSED.flatMap(key => {
    const value = own(config, key)
    return value ? [faultAt(value, RULE, `leave ${key} out of siteConfig`)] : []
  })
}

/** Flex Consumption has one app a plan, and an identity is a privilege: nothing of that is shared. */
function shared(sites: Resource[]): Fault[] {
  const seen = new Set<unknown>()
  return sites.flatMap(site => {
    const plan = at(site.body, 'properties.serverFarmId')
    const text = plainOf(plan)
    const again = seen.has(text)
    seen.add(text)
    return again ? [faultAt(plan ?? site, RULE, `${site.name} must have a plan of its own`)] : []
  })
}
