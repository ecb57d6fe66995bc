import { expect, test } from 'vitest'
import type { Arm, Resource } from '../../smoke/arm.ts'
import { deployedPrivileges, kindOf } from '../../smoke/deployedRights.ts'
import {
  differences,
  type PrivilegeTable,
  privilege,
  type Rights,
  wantedPrivileges
} from '../../smoke/rights.ts'

const TABLE: PrivilegeTable = {
  apps: { rider: { cosmos: { seats: ['read'] }, keyVault: ['sign'] }, clock: { durable: true } },
  principals: { gateway: { eventHubs: ['send'] } }
}
const RIGHTS: Rights = {
  builtIn: {
    eventHubs: { send: { id: 'r-send' } },
    archive: {},
    host: {
      blobs: { id: 'r-blobs' },
      queues: { id: 'r-queues' },
      tables: { id: 'r-tables' },
      durableTasks: { id: 'r-tasks' },
      telemetry: { id: 'r-telemetry' }
    }
  },
  dataActions: {
    cosmos: { read: ['items/read', 'executeQuery'] },
    webPubSub: {},
    keyVault: { sign: ['keys/sign'] }
  }
}
const GROUP = '/subscriptions/s/resourceGroups/g'
const at = (below: string) => `${GROUP}/providers/${below}`

test('a holder may what its rights are on Azure, and what every host needs', () => {
  const wanted = wantedPrivileges(false, TABLE, RIGHTS)
  expect([...(wanted.get('rider') ?? [])].sort()).toEqual([
    'executequery on container seats',
    'items/read on container seats',
    'keys/sign on microsoft.keyvault/vaults/keys',
    'r-blobs on microsoft.storage/storageaccounts',
    'r-telemetry on microsoft.insights/components'
  ])
  expect([...(wanted.get('gateway') ?? [])]).toEqual([
    'r-send on microsoft.eventhub/namespaces/eventhubs',
    'r-telemetry on microsoft.insights/components'
  ])
})

test('entities live in the storage account or in the scheduler, never in both', () => {
  const queues = privilege('r-queues', 'Microsoft.Storage/storageAccounts')
  const tasks = privilege('r-tasks', 'Microsoft.DurableTask/schedulers/taskHubs')
  const [storage, scheduler] = [false, true].map(on => [
    ...(wantedPrivileges(on, TABLE, RIGHTS).get('clock') ?? [])
  ])
  expect(storage).toContain(queues)
  expect(storage).not.toContain(tasks)
  expect(scheduler).toContain(tasks)
  expect(scheduler).not.toContain(queues)
})

test('a right that rights.json does not know is refused', () => {
  const table = { apps: { rider: { keyVault: ['delete'] } }, principals: {} }
  expect(() => wantedPrivileges(false, table, RIGHTS)).toThrow('delete of keyVault')
})

test('the product’s own table has privileges for everyone in it', () => {
  for (const [name, may] of wantedPrivileges(true)) expect([name, may.size]).not.toEqual([name, 0])
})

test('too much, too little and an unknown identity are each told', () => {
  const wanted = new Map([['rider', new Set(['a', 'b'])]])
  const found = new Map([
    ['rider', new Set(['b', 'c'])],
    ['stranger', new Set(['d'])]
  ])
  expect(differences(wanted, found)).toEqual([
    'rider may too much: c',
    'rider lacks: a',
    'stranger may too much: d'
  ])
  expect(differences(wanted, wanted)).toEqual([])
})

test.each([
  { scope: at('Microsoft.KeyVault/vaults/kv/keys/seat'), kind: 'Microsoft.KeyVault/vaults/keys' },
  { scope: at('Microsoft.Web/sites/a'), kind: 'Microsoft.Web/sites' },
  { scope: GROUP, kind: 'resource group' },
  { scope: '/subscriptions/s', kind: 'subscription' }
])('$scope is a $kind', ({ scope, kind }) => {
  expect(kindOf(scope)).toBe(kind)
})

/** What Resource Manager would list, by the end of the path. */
function listing(lists: Record<string, Partial<Resource>[]>): Arm {
  const list = async (path: string) => {
    const found = Object.entries(lists).find(([end]) => decodeURIComponent(path).endsWith(end))
    return (found?.[1] ?? []) as Resource[]
  }
  return {
    subscription: '/subscriptions/s',
    group: GROUP,
    list,
    ofType: type => list(at(type)),
    sum: async () => 0,
    query: async () => []
  }
}

const deployed = (scope: string, role = 'r-own') =>
  listing({
    userAssignedIdentities: [{ name: 'id-rider-abc123', properties: { principalId: 'p-1' } }],
    "CustomRole'": [
      {
        name: 'r-own',
        properties: { type: 'CustomRole', permissions: [{ dataActions: ['keys/sign'] }] }
      }
    ],
    "principalId eq 'p-1'": [
      { properties: { roleDefinitionId: `/x/${role}`, principalId: 'p-1', scope } }
    ],
    'Microsoft.DocumentDB/databaseAccounts': [{ id: '/cosmos' }],
    sqlRoleDefinitions: [
      {
        name: 'd-1',
        properties: {
          type: 'CustomRole',
          permissions: [
            { dataActions: ['Microsoft.DocumentDB/databaseAccounts/readMetadata', 'items/read'] }
          ]
        }
      }
    ],
    sqlRoleAssignments: [
      {
        properties: {
          roleDefinitionId: '/cosmos/sqlRoleDefinitions/d-1',
          principalId: 'p-1',
          scope: '/cosmos/dbs/grandstand/colls/seats'
        }
      }
    ]
  })

test('our roles count by what they allow, those of Cosmos DB by container and without metadata', async () => {
  const found = await deployedPrivileges(deployed(at('Microsoft.KeyVault/vaults/kv/keys/seat')))
  expect([...(found.get('rider') ?? [])]).toEqual([
    'keys/sign on microsoft.keyvault/vaults/keys',
    'items/read on container seats'
  ])
})

test('a role of Azure’s counts by its name, and one on the whole group is seen as such', async () => {
  const found = await deployedPrivileges(deployed(GROUP, 'contributor'))
  expect(found.get('rider')).toContain('contributor on resource group')
})
