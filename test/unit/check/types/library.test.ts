import { readdirSync, readFileSync } from 'node:fs'
import { readTypesJson, TypeBaseKind } from 'bicep-types'
import { expect, test } from 'vitest'
import versions from '../../../../infra/check/types/versions.json' with { type: 'json' }
import { types } from './build.ts'

const DATA = 'infra/check/types/data'
const SITE = 'Microsoft.Web/sites'
const SITE_VERSION = '2025-03-01'

test('the kept definitions are those of the pinned types and versions', () => {
  const kept = readTypesJson(readFileSync(`${DATA}/types.json`, 'utf8'))
  const names = kept.flatMap(one => (one.type === TypeBaseKind.ResourceType ? one.name : []))
  const pinned = Object.entries(versions).map(([type, version]) => `${type}@${version}`)
  expect(names.toSorted()).toEqual(pinned.toSorted())
})

test('a property called description is kept, descriptions are not', () => {
  const text = readFileSync(`${DATA}/types.json`, 'utf8')
  expect(text).not.toContain('"description":"')
  const api = ['Microsoft.ApiManagement/service/apis', '2024-05-01'] as const
  expect(types.propertyOf(...api, ['properties', 'description'])).toBe('string')
})

test('the data name both sources, a commit of each, and their licence', () => {
  expect(readdirSync(DATA).toSorted()).toEqual(['NOTICE', 'types.json'])
  const notice = readFileSync(`${DATA}/NOTICE`, 'utf8')
  for (const source of ['Azure/bicep-types-az', 'microsoftgraph/msgraph-bicep-types'])
    expect(notice).toMatch(new RegExp(`${source}\ncommit [0-9a-f]{40}\n`))
  expect(notice.match(/MIT License/g)).toHaveLength(2)
  expect(notice.match(/Copyright \(c\) Microsoft Corporation/g)).toHaveLength(2)
})

test('a type is had at its pinned version alone, in any casing', () => {
  expect(types.has(SITE, SITE_VERSION)).toBe(true)
  expect(types.has('microsoft.web/SITES', SITE_VERSION)).toBe(true)
  expect(types.has(SITE, '2024-04-01')).toBe(false)
  expect(types.has('Microsoft.Web/slots', SITE_VERSION)).toBe(false)
  expect(types.pinned('microsoft.web/SITES')).toEqual({ type: SITE, apiVersion: SITE_VERSION })
})

test.each([
  [[], 'object'],
  [['properties'], 'object'],
  [['properties', 'defaultHostName'], 'string'],
  [['properties', 'httpsOnly'], 'bool'],
  [['properties', 'containerSize'], 'int'],
  [['properties', 'hostNames'], 'array'],
  [['properties', 'hostNames', '0'], 'string'],
  [['properties', 'hostNames', 'first'], undefined],
  [['properties', 'clientCertMode'], 'string'],
  [['tags', 'azd-service-name'], 'string'],
  [['identity', 'userAssignedIdentities', '/any/id', 'clientId'], 'string'],
  [['properties', 'hostName'], undefined],
  [['properties', 'defaultHostName', 'length'], undefined],
  // Only written, never answered.
  [['properties', 'siteConfig'], undefined]
])('%j of a site is %s', (path, kind) => {
  expect(types.propertyOf(SITE, SITE_VERSION, path)).toBe(kind)
})

test('a property of a chosen shape is found whatever was chosen', () => {
  const account = ['Microsoft.DocumentDB/databaseAccounts', '2025-10-15'] as const
  const policy = ['properties', 'backupPolicy']
  expect(types.propertyOf(...account, [...policy, 'type'])).toBe('string')
  expect(types.propertyOf(...account, [...policy, 'periodicModeProperties'])).toBe('object')
  expect(types.propertyOf(...account, [...policy, 'continuousModeProperties'])).toBe('object')
  expect(types.propertyOf(...account, [...policy, 'neither'])).toBeUndefined()
})

test("what is any is any all the way, and Graph's types are known", () => {
  const schema = ['Microsoft.ApiManagement/service/schemas', '2024-05-01'] as const
  expect(types.propertyOf(...schema, ['properties', 'document', 'definitions', 'a', '0'])).toBe(
    'any'
  )
  expect(types.propertyOf('Microsoft.Graph/applications', 'v1.0', ['appId'])).toBe('string')
  expect(types.propertyOf('Microsoft.Graph/applications', 'beta', ['appId'])).toBeUndefined()
})
