import { PartitionKeyKind } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { live, openAccount, refusalOf, type TestAccount } from './cosmosAccount.ts'

if (live) console.log('Skipped against Azure: what the laptop alone refuses.')

describe.skipIf(live)('What Azure serves and Grandstand does not use', () => {
  let account: TestAccount
  beforeAll(async () => {
    account = await openAccount()
  })
  afterAll(() => account.close())

  it('is refused by name', async () => {
    const container = await account.newContainer()
    const create = { operationType: 'Create', resourceBody: { id: 'a', raceId: 'r' } } as const
    const refused: [() => Promise<unknown>, string][] = [
      [() => container.scripts.storedProcedure('p').execute('r'), 'sprocs'],
      [() => account.client.databases.query('SELECT * FROM c').fetchNext(), '/dbs'],
      [() => container.items.create({ raceId: 'r' }, { preTriggerInclude: 'x' }), 'Triggers'],
      [() => container.item('a', 'r').patch([{ op: 'replace', path: '/a', value: 1 }]), 'replace'],
      [
        () =>
          account.database.containers.create({
            id: 'deep',
            partitionKey: { paths: ['/a', '/b'], kind: PartitionKeyKind.MultiHash }
          }),
        'Hierarchical'
      ],
      [() => account.database.containers.create({ id: 'rich', throughput: 400 }), 'Throughput'],
      [
        () => account.database.containers.create({ id: 'u', uniqueKeyPolicy: { uniqueKeys: [] } }),
        'uniqueKey'
      ],
      [() => account.database.containers.readAll().fetchNext(), '/colls'],
      [
        () => container.items.query('SELECT * FROM c', { forceQueryPlan: true }).fetchNext(),
        'plans'
      ]
    ]
    await container.items.create({ id: 'a', raceId: 'r' })
    for (const [call, name] of refused) {
      const refusal = await refusalOf(call())
      expect(refusal).toMatchObject({ code: 400 })
      expect(refusal.message).toContain(name)
    }
    const bulk = await container.items.executeBulkOperations([{ ...create, partitionKey: 'r' }])
    expect(bulk[0]?.error?.message).toContain('Bulk')
  })
})
