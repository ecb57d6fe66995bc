import { expect, test } from 'vitest'
import type { Resource } from '../../../../infra/check/model.ts'
import { typeFaults } from '../../../../infra/check/types/check.ts'
import { later } from '../build.ts'
import { resourceOf, said, types } from './build.ts'
import { altered, renamed, SOUND, without } from './sound.ts'

const HUB = 'Microsoft.EventHub/namespaces/eventhubs'
const NAMESPACE = 'Microsoft.EventHub/namespaces'
const SITE = 'Microsoft.Web/sites'
const ALERT = 'Microsoft.Insights/metricAlerts'

test.each(Object.entries(SOUND))('a sound %s is not blamed', (type, body) => {
  expect(said(type, body)).toEqual([])
})

test('a type that is not pinned is refused, with the nearest that is', () => {
  expect(said('Microsoft.EventHub/namespaces/eventhub', { name: 'it' })).toEqual([
    "type: Microsoft.EventHub/namespaces/eventhub is not a known type: write 'Microsoft.EventHub/namespaces/eventhubs', or add it to infra/check/types/versions.json and run prune.ts."
  ])
  expect(said('Microsoft.Sql/servers', { name: 'it' })[0]).toMatch(/^type: .* type: add it to/)
})

test('another version than the pinned one is refused, and the body is still checked', () => {
  const body = without(HUB, 'name')
  expect(said(HUB, body, { apiVersion: '2026-01-01' })).toEqual([
    'version: Microsoft.EventHub/namespaces/eventhubs is pinned to 2024-01-01; write that instead of 2026-01-01.',
    'required: name is required; write it.'
  ])
})

test("a type is written in Azure's casing", () => {
  const resource: Resource = {
    ...resourceOf('microsoft.eventhub/Namespaces/eventHubs', SOUND[HUB] ?? {}),
    apiVersion: '2024-01-01'
  }
  expect(typeFaults(resource, types).map(one => one.message)).toEqual([
    "Write 'Microsoft.EventHub/namespaces/eventhubs' instead of 'microsoft.eventhub/Namespaces/eventHubs'."
  ])
})

test('a property that the type requires must be there, and is missed at its object', () => {
  const type = 'Microsoft.Cdn/profiles/afdEndpoints/routes'
  expect(
    said('Microsoft.ApiManagement/service', without('Microsoft.ApiManagement/service', 'location'))
  ).toEqual(['required: location is required; write it.'])
  expect(said(type, without(type, 'properties/originGroup/id'))).toEqual([
    'required: properties.originGroup.id is required; write it.'
  ])
  const resource = resourceOf(SITE, without(SITE, 'properties/functionAppConfig/runtime/name'))
  const [fault] = typeFaults(resource, types)
  expect(fault?.message).toBe('properties.functionAppConfig.runtime.name is required; write it.')
  const runtime = resource.body.properties.get('properties')?.value
  expect(fault?.place.column).toBeGreaterThan(runtime?.place.column ?? Infinity)
})

test.each([
  [NAMESPACE, 'location'],
  [NAMESPACE, 'sku'],
  [SITE, 'properties'],
  [SITE, 'properties/serverFarmId'],
  ['Microsoft.ApiManagement/service/policies', 'properties']
])('%s needs %s although its type does not say so', (type, path) => {
  const missing = path.replaceAll('/', '.')
  expect(said(type, without(type, path))).toEqual([`required: ${missing} is required; write it.`])
})

test('null stands for nothing: a fault where something is required, none elsewhere', () => {
  expect(said(NAMESPACE, altered(NAMESPACE, 'location', null))).toEqual([
    'null: location is required, but null; write a value.'
  ])
  expect(said(NAMESPACE, altered(NAMESPACE, 'tags', null))).toEqual([])
  expect(said(HUB, altered(HUB, 'properties/partitionCount', null))).toEqual([])
  const alert = altered(ALERT, 'properties/scopes/0', null)
  expect(said(ALERT, alert)).toEqual([
    'kind: properties.scopes[0] is of kind null; write a value of kind string.'
  ])
})

test('a misspelt property is told its right name', () => {
  expect(said(HUB, renamed(HUB, 'properties/partitionCount', 'partitonCount'))).toEqual([
    `unknown: properties.partitonCount is no property of ${HUB}; write 'partitionCount'.`
  ])
  expect(said(HUB, renamed(HUB, 'properties/partitionCount', 'PartitionCount'))).toEqual([
    `unknown: properties.PartitionCount is no property of ${HUB}; write 'partitionCount'.`
  ])
  expect(said(HUB, altered(HUB, 'properties/xylophone', 1))).toEqual([
    `unknown: properties.xylophone is no property of ${HUB}; remove it.`
  ])
})

test('a property one level too high or too low is told where it belongs', () => {
  expect(said(HUB, altered(HUB, 'partitionCount', 4))).toEqual([
    `unknown: partitionCount is no property of ${HUB}; 'partitionCount' belongs one level down, in 'properties'.`
  ])
  expect(said(NAMESPACE, altered(NAMESPACE, 'properties/tags', {}))).toEqual([
    `unknown: properties.tags is no property of ${NAMESPACE}; 'tags' belongs one level up.`
  ])
})

test('a property named like what every object has is unknown too', () => {
  expect(said(HUB, altered(HUB, 'properties/toString', 'x'))).toHaveLength(1)
})

test.each([
  [HUB, 'properties/partitionCount', '16', 'string', 'int'],
  [HUB, 'name', 1, 'int', 'string'],
  [HUB, 'properties/captureDescription/enabled', 'true', 'string', 'bool'],
  [HUB, 'properties', [], 'array', 'object'],
  [ALERT, 'properties/scopes', 'one', 'string', 'array'],
  [NAMESPACE, 'sku/name', 1, 'int', 'string'],
  [HUB, 'properties/partitionCount', later('string'), 'string', 'int'],
  [ALERT, 'properties/scopes/0', later('object'), 'object', 'string']
])('%s: %s takes no value of another kind', (type, path, value, given, expected) => {
  const [fault, ...others] = said(type, altered(type, path, value))
  expect(fault).toMatch(
    new RegExp(`^kind: .* is of kind ${given}; write a value of kind ${expected}.$`)
  )
  expect(others).toEqual([])
})

test('what only the deployment knows is taken where its kind fits or is not known', () => {
  for (const type of ['int', 'any'] as const)
    expect(said(HUB, altered(HUB, 'properties/partitionCount', later(type)))).toEqual([])
  expect(said(NAMESPACE, altered(NAMESPACE, 'sku/name', later('string')))).toEqual([])
})

test('read-only properties are not written', () => {
  expect(said(NAMESPACE, altered(NAMESPACE, 'properties/serviceBusEndpoint', 'x'))).toEqual([
    'read-only: properties.serviceBusEndpoint is read-only; remove it.'
  ])
  expect(said(NAMESPACE, altered(NAMESPACE, 'id', 'x'))).toEqual([
    'read-only: id is read-only; remove it.'
  ])
})

test('an object whose shape one property chooses is checked as that shape', () => {
  const account = 'Microsoft.DocumentDB/databaseAccounts'
  const policy = 'properties/backupPolicy'
  const say = (value: unknown) => said(account, altered(account, policy, value))
  expect(
    say({ type: 'Periodic', periodicModeProperties: { backupIntervalInMinutes: 240 } })
  ).toEqual([])
  expect(say({ type: 'Periodic', continuousModeProperties: {} })).toEqual([
    expect.stringMatching(
      /^unknown: properties.backupPolicy.continuousModeProperties is no property/
    )
  ])
  expect(say({ type: 'Continous' })).toEqual([
    "choice: properties.backupPolicy.type is 'Continous'; write 'Continuous'."
  ])
  expect(say({})).toEqual([
    "choice: properties.backupPolicy.type is required; write one of 'Continuous', 'Periodic'."
  ])
  expect(say({ type: later('string') })).toEqual([
    "choice: properties.backupPolicy.type decides what else is allowed; write one of 'Continuous', 'Periodic'."
  ])
  expect(said('Microsoft.Web/sites/config', { name: 'apsettings', properties: {} })).toEqual([
    "choice: name is 'apsettings'; write 'appsettings'."
  ])
})

test('open objects take any key, but their values are checked', () => {
  expect(said(NAMESPACE, altered(NAMESPACE, 'tags/anything', 'x'))).toEqual([])
  expect(said(NAMESPACE, altered(NAMESPACE, 'tags/anything', 1))).toEqual([
    "kind: tags['anything'] is of kind int; write a value of kind string."
  ])
  const iotHub = 'Microsoft.Devices/IotHubs'
  const endpoint = 'properties/eventHubEndpoints/events/retention'
  expect(said(iotHub, altered(iotHub, endpoint, 1))).toEqual([
    expect.stringMatching(
      /^unknown: properties.eventHubEndpoints\['events'\].retention is no property/
    )
  ])
})

test('items of arrays are checked one by one', () => {
  expect(said(ALERT, altered(ALERT, 'properties/criteria/allOf/0/metricNme', 'x'))).toEqual([
    expect.stringMatching(
      /^unknown: properties.criteria.allOf\[0\].metricNme .* write 'metricName'/
    )
  ])
})

test('identities are named by their resource ids', () => {
  const path = 'identity/userAssignedIdentities'
  expect(said(NAMESPACE, altered(NAMESPACE, path, { 'id-capture': {} }))).toEqual([
    expect.stringMatching(
      /^key: identity.userAssignedIdentities has the key 'id-capture'; write what/
    )
  ])
  expect(said(NAMESPACE, altered(NAMESPACE, path, { '«identity.id»': {} }))).toEqual([])
})

test('an existing resource is named and no more', () => {
  const existing = { existing: true }
  expect(said(NAMESPACE, { name: 'evhns-abc' }, existing)).toEqual([])
  expect(said('Microsoft.Graph/servicePrincipals', { appId: '«id»' }, existing)).toEqual([])
  expect(said(NAMESPACE, {}, existing)).toEqual(['required: name is required; write it.'])
  expect(said(NAMESPACE, { name: 'evhns-abc', location: 'westeurope' }, existing)).toEqual([
    `existing: location may not be set on an existing ${NAMESPACE}; remove it.`
  ])
  expect(said('Microsoft.Web/sites/config', { name: 'wob' }, existing)).toEqual([
    "choice: name is 'wob'; write 'web'."
  ])
})

test("a child may be declared with its parents' names", () => {
  expect(said(HUB, altered(HUB, 'name', 'evhns-abc/telemetry'))).toEqual([])
  expect(said(HUB, altered(HUB, 'name', '«toLower(a/b)»/telemetry'))).toEqual([])
  expect(said(HUB, altered(HUB, 'name', 'evhns-abc/.'))).toHaveLength(1)
})

test('a resource has a name for each part of its type', () => {
  const hub = SOUND[HUB] ?? {}
  expect(said(HUB, hub, { name: '«id/of/it»/telemetry' })).toEqual([])
  expect(said(HUB, hub, { name: 'telemetry' })).toEqual([
    `name: name makes 'telemetry', of 1 names; ${HUB} has 2: set parent, or drop a slash.`
  ])
  expect(said(HUB, hub, { name: 'evhns-abc/evhns-abc/telemetry' })).toHaveLength(1)
  expect(
    said('Microsoft.Graph/applications', SOUND['Microsoft.Graph/applications'] ?? {}, { name: '' })
  ).toEqual([])
})

test('open objects of which Azure takes few keys have these alone', () => {
  const iotHub = 'Microsoft.Devices/IotHubs'
  const endpoint = 'properties/eventHubEndpoints/events'
  expect(said(iotHub, renamed(iotHub, endpoint, 'event'))).toEqual([
    "key: properties.eventHubEndpoints has the key 'event'; write 'events'."
  ])
  const logger = (credentials: object) =>
    said('Microsoft.ApiManagement/service/loggers', {
      name: 'insights',
      properties: { loggerType: 'applicationInsights', credentials }
    })
  expect(logger({ connectionString: '«it»', identityClientId: 'SystemAssigned' })).toEqual([])
  expect(logger({ connectionstring: '«it»' })).toHaveLength(1)
})
