import { expect, test } from 'vitest'
import type { TypeLibrary } from '../../../../infra/check/model.ts'
import { diagnostics, tagged } from '../../../../infra/check/rules/observed.ts'
import { deployment, resource } from '../build.ts'

const workspace = resource('Microsoft.OperationalInsights/workspaces', 'log')
const vault = resource('Microsoft.KeyVault/vaults', 'kv')
const setting = (properties: object, scope = vault.id) =>
  resource('Microsoft.Insights/diagnosticSettings', 'workspace', { properties }, scope)
const sound = { workspaceId: workspace.id, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
const faultsWith = (...settings: ReturnType<typeof setting>[]) =>
  diagnostics(deployment([workspace, vault, ...settings])).map(({ message }) => message)

test('a data service sends its logs to the workspace', () => {
  expect(faultsWith(setting(sound))).toEqual([])
  expect(faultsWith()).toEqual(['kv has no diagnostic settings'])
  expect(faultsWith(setting(sound, '/another'))).toEqual(['kv has no diagnostic settings'])
  expect(faultsWith(setting({ ...sound, workspaceId: '/another' }))).toEqual([
    expect.stringContaining('properties.workspaceId')
  ])
})

test('diagnostic settings that send nothing are none', () => {
  expect(faultsWith(setting({ ...sound, logs: [] }))).toEqual(['workspace sends nothing'])
  const off = { ...sound, logs: [{ categoryGroup: 'allLogs', enabled: false }] }
  expect(faultsWith(setting(off))).toEqual(['workspace: enabled must be true'])
})

test('whatever can have tags has the environment', () => {
  const types: TypeLibrary = {
    has: () => true,
    propertyOf: (type, _version, path) =>
      type.endsWith('vaults') && path[0] === 'tags' ? 'object' : undefined
  }
  const faults = (tags?: object) => {
    const one = resource('Microsoft.KeyVault/vaults', 'kv', tags && { tags })
    return tagged(
      deployment([one, resource('Microsoft.KeyVault/vaults/keys', 'kv/key')]),
      'venue',
      types
    )
  }
  expect(faults({ 'azd-env-name': 'venue' })).toEqual([])
  expect(faults({ 'azd-env-name': 'other' })).toHaveLength(1)
  expect(faults()).toHaveLength(1)
})
