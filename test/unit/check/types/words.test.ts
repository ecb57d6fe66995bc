import { type BicepType, ObjectTypePropertyFlags, TypeBaseKind } from 'bicep-types'
import { expect, test } from 'vitest'
import { ALLOWED } from '../../../../infra/check/types/allowed.ts'
import { KEYS } from '../../../../infra/check/types/keys.ts'
import { kindOf } from '../../../../infra/check/types/library.ts'
import { LIMITS } from '../../../../infra/check/types/limits.ts'
import { membersOf } from '../../../../infra/check/types/objects.ts'
import { REQUIRED } from '../../../../infra/check/types/required.ts'
import { said, types } from './build.ts'
import { altered } from './sound.ts'

const ACCOUNT = 'Microsoft.DocumentDB/databaseAccounts'
const ALERT = 'Microsoft.Insights/metricAlerts'
const HUB = 'Microsoft.EventHub/namespaces/eventhubs'
const PLAN = 'Microsoft.Web/serverfarms'
const STORAGE = 'Microsoft.Storage/storageAccounts'

/** The definition that a table's path leads to; undefined where there is none that may be written. */
function at(type: string, path: string): BicepType | undefined {
  // Keys such as odata.type have dots, but no table needs one.
  return path.split('.').reduce((shape: BicepType | undefined, key) => {
    if (!shape) return undefined
    if (key === '[]')
      return shape.type === TypeBaseKind.ArrayType ? types.shape(shape.itemType) : undefined
    const { declared, others } = membersOf(shape, types)
    if (key === '*') return others
    const property = declared[key]
    const writable = property && !(property.flags & ObjectTypePropertyFlags.ReadOnly)
    return writable ? types.shape(property.type) : undefined
  }, types.body(type))
}

const rows = (table: Record<string, Record<string, unknown>>) =>
  Object.entries(table).flatMap(([type, paths]) =>
    Object.keys(paths).map(path => [type, path] as const)
  )

test.each(rows(ALLOWED))(
  'the words of %s: %s are of a string that may be written',
  (type, path) => {
    const shape = at(type, path)
    expect(shape && kindOf(shape)).toBe('string')
  }
)

test.each(rows(LIMITS))(
  'the limits of %s: %s are of a number that may be written',
  (type, path) => {
    const shape = at(type, path)
    expect(shape && kindOf(shape)).toBe('int')
  }
)

test.each(
  Object.entries(REQUIRED).flatMap(([type, paths]) => paths.map(path => [type, path] as const))
)('what %s also requires, %s, may be written', (type, path) => expect(at(type, path)).toBeDefined())

test.each(rows(KEYS))('the keys of %s: %s are of an open object', (type, path) => {
  expect(at(type, `${path}.*`)).toBeDefined()
})

test('closed enumerations take their own words alone, in their casing', () => {
  const consistency = 'properties/consistencyPolicy/defaultConsistencyLevel'
  expect(said(ACCOUNT, altered(ACCOUNT, consistency, 'session'))).toEqual([
    "choice: properties.consistencyPolicy.defaultConsistencyLevel is 'session'; write 'Session'."
  ])
  const account = altered(ACCOUNT, 'properties/databaseAccountOfferType', 'Premium')
  expect(said(ACCOUNT, account)).toEqual([
    "choice: properties.databaseAccountOfferType is 'Premium'; write 'Standard'."
  ])
})

test('open enumerations take the words that are known alone', () => {
  expect(said(STORAGE, altered(STORAGE, 'sku/name', 'Standard_LSR'))).toEqual([
    "allowed: sku.name is 'Standard_LSR'; write 'Standard_LRS'."
  ])
  const tier = 'properties/backupPolicy/continuousModeProperties/tier'
  expect(said(ACCOUNT, altered(ACCOUNT, tier, 'Continuous30Days'))).toEqual([])
  expect(said(ACCOUNT, altered(ACCOUNT, tier, 'Continuous8Days'))).toEqual([
    "open-enumeration: properties.backupPolicy.continuousModeProperties.tier is 'Continuous8Days', which Azure may refuse: write 'Continuous7Days', or list the value under 'Microsoft.DocumentDB/databaseAccounts' and 'properties.backupPolicy.continuousModeProperties.tier' in infra/check/types/allowed.ts."
  ])
})

test('plain strings that name a size, a kind or a mode take listed words alone', () => {
  expect(said(PLAN, altered(PLAN, 'sku/name', 'FC2'))).toEqual([
    "allowed: sku.name is 'FC2'; write 'FC1'."
  ])
  expect(
    said('Microsoft.Web/sites/config', { name: 'web', properties: { push: { kind: 'x' } } })[0]
  ).toMatch(/^open-enumeration: properties.push.kind is 'x'/)
})

test.each([
  ['Microsoft.SignalRService/webPubSub', 'sku/name', 'Standard_S2'],
  ['Microsoft.SignalRService/webPubSub', 'properties/publicNetworkAccess', 'enabled'],
  ['Microsoft.EventHub/namespaces', 'sku/name', 'Gold'],
  ['Microsoft.EventHub/namespaces', 'properties/minimumTlsVersion', '1.1'],
  ['Microsoft.EventHub/namespaces', 'identity/type', 'userAssigned'],
  ['Microsoft.ApiManagement/service', 'sku/name', 'Basicv2'],
  ['Microsoft.ApiManagement/service', 'location', 'global'],
  ['Microsoft.ApiManagement/service', 'properties/publisherEmail', 'nobody'],
  ['Microsoft.ApiManagement/service/policies', 'properties/format', 'XML'],
  ['Microsoft.Devices/IotHubs', 'sku/name', 'S4'],
  ['Microsoft.Web/sites', 'properties/functionAppConfig/runtime/version', '18'],
  ['Microsoft.Web/sites', 'kind', 'functionapp'],
  ['Microsoft.Web/staticSites', 'location', 'germanywestcentral'],
  ['Microsoft.Consumption/budgets', 'properties/timePeriod/startDate', '2026-01-02'],
  ['Microsoft.Authorization/roleAssignments', 'properties/principalType', 'Principal'],
  ['Microsoft.Insights/diagnosticSettings', 'properties/logs/0/categoryGroup', 'all'],
  ['Microsoft.Insights/diagnosticSettings', 'properties/metrics/0/category', 'All'],
  ['Microsoft.Network/FrontDoorWebApplicationFirewallPolicies', 'location', 'westeurope'],
  ['Microsoft.Graph/applications', 'appRoles/0/allowedMemberTypes/0', 'Person'],
  [ALERT, 'properties/criteria/allOf/0/operator', 'Greater'],
  [ALERT, 'properties/criteria/allOf/0/timeAggregation', 'Sum'],
  [ALERT, 'properties/criteria/allOf/0/metricName', 'Throttled'],
  [ALERT, 'properties/windowSize', 'PT2M'],
  [ACCOUNT, 'properties/capabilities/0/name', 'Serverless'],
  [HUB, 'properties/captureDescription/destination/name', 'EventHubArchive.Blob'],
  [HUB, 'properties/captureDescription/destination/properties/archiveNameFormat', '{Year}'],
  [
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers',
    'properties/resource/partitionKey/kind',
    'List'
  ],
  [
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers',
    'properties/resource/partitionKey/paths/0',
    'raceId'
  ]
])('%s: a wrong %s, %s, is a fault', (type, path, value) => {
  expect(said(type, altered(type, path, value))).toEqual([
    expect.stringMatching(/^(allowed|open-enumeration|choice): /)
  ])
})

test('words that are known in part are refused only where no word can come of them', () => {
  expect(said(STORAGE, altered(STORAGE, 'sku/name', 'Standard_«redundancy»'))).toEqual([])
  expect(said(STORAGE, altered(STORAGE, 'sku/name', 'Basic_«redundancy»'))).toHaveLength(1)
  expect(said(PLAN, altered(PLAN, 'sku/name', '«sku»'))).toEqual([])
})

test.each([
  [HUB, 'properties/partitionCount', 0, 'at least 1'],
  [HUB, 'properties/partitionCount', 33, 'at most 32'],
  [ALERT, 'properties/severity', 5, 'at most 4'],
  ['Microsoft.EventHub/namespaces', 'properties/maximumThroughputUnits', -1, 'at least 0'],
  ['Microsoft.SignalRService/webPubSub', 'sku/capacity', 11, 'one of 1, 2'],
  ['Microsoft.KeyVault/vaults/keys', 'properties/keySize', 1024, 'one of 2048'],
  [
    'Microsoft.Web/sites',
    'properties/functionAppConfig/scaleAndConcurrency/instanceMemoryMB',
    1024,
    'one of 512'
  ],
  [
    'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers',
    'properties/options/autoscaleSettings/maxThroughput',
    4500,
    'a multiple of 1000'
  ]
])('%s: %s is not %i', (type, path, value, says) => {
  expect(said(type, altered(type, path, value))).toEqual([expect.stringContaining(`write ${says}`)])
})

test('strings keep to the lengths and patterns of their types', () => {
  const service = 'Microsoft.ApiManagement/service'
  const named = (publisherName: string) =>
    said(service, altered(service, 'properties/publisherName', publisherName))
  expect(named('x'.repeat(101))).toEqual([
    'length: properties.publisherName has 101 letters or more; write at most 100.'
  ])
  expect(named(`${'x'.repeat(101)}«y»`)).toHaveLength(1)
  expect(named(`${'x'.repeat(99)}«y»`)).toEqual([])
  const vault = 'Microsoft.KeyVault/vaults'
  expect(said(vault, altered(vault, 'properties/tenantId', 'mine'))).toHaveLength(1)
})
