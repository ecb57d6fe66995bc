import { expect, test } from 'vitest'
import { said } from './build.ts'

const GUID = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

/** What the check says about the name of a resource that is there already, so that nothing else is asked for. */
const named = (type: string, name: string) =>
  said(`Microsoft.${type}`, { name }, { existing: true })

test.each([
  ['ApiManagement/service', 'apim-abc', ['', '1apim', 'apim-', 'a'.repeat(51)]],
  ['Authorization/roleAssignments', GUID, ['reader', GUID.slice(1), `${GUID}0`]],
  ['Cdn/profiles', 'afd-abc', ['afd_abc', 'a'.repeat(261)]],
  ['Cdn/profiles/afdEndpoints', 'pages-abc', ['pages.abc', 'a'.repeat(47)]],
  ['Cdn/profiles/originGroups', 'pages', ['pages_', '-pages']],
  ['Cdn/profiles/ruleSets', 'headers', ['security-headers', '1st']],
  ['Cdn/profiles/ruleSets/rules', 'noStore', ['no-store', 'a'.repeat(61)]],
  ['Consumption/budgets', 'grandstand-dev', ['a budget', 'a'.repeat(64)]],
  ['Devices/IotHubs', 'iot-abc', ['io', 'iot-', 'iot_abc', 'a'.repeat(51)]],
  ['DocumentDB/databaseAccounts', 'cosmos-abc', ['Cosmos', 'cosmos-', 'a'.repeat(45)]],
  ['DocumentDB/databaseAccounts/sqlDatabases/containers', 'leases-a', ['a/b?', 'a ']],
  ['DocumentDB/databaseAccounts/sqlRoleDefinitions', GUID, ['reader']],
  ['DurableTask/schedulers', 'dts-abc', ['dt', 'dts_abc', 'a'.repeat(65)]],
  ['EventHub/namespaces', 'evhns-abc', ['evhns', 'evhns-', '1evhns-abc', 'a'.repeat(51)]],
  ['EventHub/namespaces/eventhubs', 'telemetry', ['.', 'a'.repeat(257)]],
  ['EventHub/namespaces/eventhubs/consumergroups', 'aggregate', ['-', 'a'.repeat(51)]],
  ['Insights/metricAlerts', 'throttled', ['throttled?', 'throttled.']],
  ['KeyVault/vaults', 'kv-abc', ['kv', '1kv', 'kv--abc', 'kv-', 'a'.repeat(25)]],
  ['KeyVault/vaults/keys', 'seat-token', ['seat_token', 'a'.repeat(128)]],
  ['ManagedIdentity/userAssignedIdentities', 'id-abc', ['id', '_id', 'a'.repeat(129)]],
  ['Network/FrontDoorWebApplicationFirewallPolicies', 'wafabc', ['waf-abc', '1waf']],
  ['OperationalInsights/workspaces', 'log-abc', ['log', 'log-', 'a'.repeat(64)]],
  ['Resources/resourceGroups', 'rg-dev', ['rg.', 'rg dev', 'a'.repeat(91)]],
  ['SignalRService/webPubSub', 'wps-abc', ['wp', '1wps', 'wps-', 'a'.repeat(64)]],
  ['SignalRService/webPubSub/hubs', 'grandstand', ['1hub', 'grand-stand']],
  ['Storage/storageAccounts', 'stabc', ['st', 'st-abc', 'stABC', 'a'.repeat(25)]],
  ['Storage/storageAccounts/blobServices', 'default', ['main']],
  ['Storage/storageAccounts/blobServices/containers', 'package', ['ab', 'Package', 'a--b', '$www']],
  ['Storage/storageAccounts/blobServices/containers', '$web', ['a'.repeat(64)]],
  ['Web/serverfarms', 'plan-abc', ['plan_abc', 'a'.repeat(61)]],
  ['Web/sites', 'public-abc', ['-public', 'public_abc', 'a', 'a'.repeat(61)]],
  ['Web/staticSites', 'stapp-abc', ['stapp_abc']],
  ['Web/staticSites/customDomains', 'race.example.org', ['race', 'race_1.example.org']]
])('%s is named like %s', (type, sound, wrong) => {
  expect(named(type, sound)).toEqual([])
  for (const name of wrong) expect(named(type, name), name).not.toEqual([])
})

test('names that are known in part are refused only for the part that is known', () => {
  const vault = 'KeyVault/vaults'
  expect(named(vault, 'kv-«token»')).toEqual([])
  expect(named(vault, '«token»')).toEqual([])
  expect(named(vault, 'kv_«token»')).toEqual([
    "name: name is 'kv_«token»', but a name of Microsoft.KeyVault/vaults takes letters, digits and single inner hyphens, a letter first."
  ])
  expect(named(vault, `${'a'.repeat(25)}«token»`)).toHaveLength(1)
  expect(named('Storage/storageAccounts', 'st-«token»')).toHaveLength(1)
  expect(named('Authorization/roleAssignments', '«guid(a, b)»')).toEqual([])
})
