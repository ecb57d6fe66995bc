import { describe, expect, test } from 'vitest'
import { settingsOf } from '../../../../infra/check/rules/sites.ts'
import { edited, twice, type Which, without } from './edit.ts'
import { whatIsSaid } from './said.ts'

const said = whatIsSaid()
const HUB: Which = ['Microsoft.EventHub/namespaces/eventhubs', 'telemetry']
const IOT: Which = ['Microsoft.Devices/IotHubs', '*']
const CONTAINER = 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers'
const KEY: Which = ['Microsoft.KeyVault/vaults/keys', 'seat-token']
const SITE: Which = ['Microsoft.Web/sites', 'aggregate-']
const PLAN: Which = ['Microsoft.Web/serverfarms', '*']
const ROUTING = ['properties', 'routing']
const CAPTURE = ['properties', 'captureDescription']
const RESOURCE = ['properties', 'resource']
const FLEX = ['properties', 'functionAppConfig']

test('the rules have nothing to say of the template as it is', () => {
  expect(said('dev', deployment => deployment)).toEqual([])
  expect(said('prod', deployment => deployment)).toEqual([])
})

describe('topology', () => {
  test.each<[Which, (string | number)[], unknown]>([
    [HUB, ['name'], 'readings'],
    [HUB, ['properties', 'partitionCount'], 32],
    [HUB, [...CAPTURE, 'enabled'], false],
    [HUB, [...CAPTURE, 'destination', 'identity', 'userAssignedIdentity'], '/another'],
    [HUB, [...CAPTURE, 'destination', 'properties', 'blobContainer'], 'nowhere'],
    [IOT, [...ROUTING, 'fallbackRoute', 'isEnabled'], true],
    [IOT, [...ROUTING, 'routes', 0, 'isEnabled'], false],
    [IOT, [...ROUTING, 'endpoints', 'eventHubs', 0, 'entityPath'], 'readings'],
    [IOT, [...ROUTING, 'endpoints', 'eventHubs', 0, 'authenticationType'], 'keyBased'],
    [[CONTAINER, 'ledger'], [...RESOURCE, 'partitionKey', 'paths', 0], '/id'],
    [[CONTAINER, 'ledger'], [...RESOURCE, 'defaultTtl'], 60],
    [[CONTAINER, 'deadLetters'], [...RESOURCE, 'defaultTtl'], undefined],
    [[CONTAINER, 'standings'], [...RESOURCE, 'indexingPolicy', 'excludedPaths'], []],
    [[CONTAINER, 'races'], [...RESOURCE, 'indexingPolicy', 'excludedPaths', 0, 'path'], '/*'],
    [KEY, ['properties', 'kty'], 'EC'],
    [KEY, ['properties', 'keyOps', 1], 'decrypt'],
    [['Microsoft.SignalRService/webPubSub/hubs', '*'], ['name'], 'other']
  ])('%s must keep %s', (which, path, to) => {
    expect(said('dev', all => edited(all, which, path, to)).join('\n')).toContain('topology: ')
  })

  test.each<Which>([
    ['Microsoft.EventHub/namespaces/eventhubs/consumergroups', 'aggregate'],
    [CONTAINER, 'results'],
    KEY
  ])('%s %s must be deployed', (type, name) => {
    expect(said('dev', all => without(all, [type, name])).join('\n')).toContain(
      `topology: ${type} ${name}`
    )
  })
})

describe('apps', () => {
  test.each<[Which, (string | number)[], unknown, string]>([
    [SITE, ['name'], 'other-abc', 'apps: the topology has no app other'],
    [SITE, ['identity', 'userAssignedIdentities'], { '/another': {} }, 'its own identity alone'],
    [SITE, ['properties', 'serverFarmId'], '/another', 'properties.serverFarmId'],
    [SITE, [...FLEX, 'deployment', 'storage', 'value'], 'https://a.blob/', 'container of its own'],
    [SITE, [...FLEX, 'runtime', 'version'], '20', 'runtime.version'],
    [SITE, ['properties', 'siteConfig', 'linuxFxVersion'], 'NODE|24', 'leave linuxFxVersion out'],
    [SITE, ['properties', 'siteConfig', 'appSettings', 0, 'name'], 'ANY', 'what ANY must be'],
    [PLAN, ['sku', 'name'], 'EP1', 'sku.name must be "FC1"'],
    [
      SITE,
      ['properties', 'siteConfig', 'appSettings', 0, 'name'],
      'OTHER',
      'reads the setting OTHER'
    ],
    [SITE, ['properties', 'siteConfig', 'appSettings', 0, 'name'], 'OTHER', 'lacks the setting'],
    [
      SITE,
      ['properties', 'siteConfig', 'appSettings', 0, 'value'],
      'x',
      'is not what this deployment has'
    ]
  ])('%s must keep %s', (which, path, to, message) => {
    expect(said('dev', all => edited(all, which, path, to)).join('\n')).toContain(message)
  })

  test.each([
    ['rider-', 'RIDERS_ISSUER', 'https://login.example/v2.0'],
    ['rider-', 'RIDERS_AUDIENCE', 'anybody'],
    ['admin-', 'PUBLIC_API', 'https://api.example']
  ])('%s must keep its %s', (site, name, other) => {
    const which: Which = ['Microsoft.Web/sites', site]
    const settings = ['properties', 'siteConfig', 'appSettings']
    for (const of of ['dev', 'prod'] as const) {
      const faults = said(of, all => {
        const found = all.resources.find(
          ({ type, name }) => type === which[0] && name.startsWith(site)
        )
        const index = found ? [...settingsOf(found).keys()].indexOf(name) : -1
        return edited(all, which, [...settings, index, 'value'], other)
      })
      expect(faults.join('\n')).toContain(`${name} is not what this deployment has`)
    }
  })

  test('an app has one site, and a plan of its own', () => {
    const two = said('dev', all => twice(all, SITE, 'aggregate-again')).join('\n')
    expect(two).toContain('aggregate-again must have a plan of its own')
    expect(two).toContain('the app aggregate must have exactly one site')
    expect(said('dev', all => without(all, SITE)).join('\n')).toContain(
      'the app aggregate must have exactly one site'
    )
  })

  test('what is always ready is a group of the app, live ones among them', () => {
    const ready = [...FLEX, 'scaleAndConcurrency', 'alwaysReady']
    for (const name of ['function:nothing', 'durable'])
      expect(
        said('prod', all => edited(all, SITE, ready, [{ name, instanceCount: 1 }])).join('\n')
      ).toContain('alwaysReady')
  })
})

test('resources are called by what they are', () => {
  const vault: Which = ['Microsoft.KeyVault/vaults', '*']
  expect(said('dev', all => edited(all, vault, ['name'], 'keys-x')).join('\n')).toContain(
    'names: keys-x must be'
  )
})
