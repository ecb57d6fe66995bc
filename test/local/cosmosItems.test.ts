import {
  ChangeFeedStartFrom,
  type Container,
  type OperationInput,
  PartitionKeyKind
} from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  codeOf,
  DEADLINE_MS,
  drain,
  feedOf,
  live,
  openAccount,
  refusalOf,
  rowsOf,
  type TestAccount
} from './cosmosAccount.ts'

let account: TestAccount
beforeAll(async () => {
  account = await openAccount()
})
afterAll(() => account.close())

describe('Databases and containers', () => {
  it('exist once, keep what they were given and are gone after a delete', async () => {
    const container = await account.newContainer({
      partitionKey: { paths: ['/raceId'], kind: PartitionKeyKind.Hash },
      defaultTtl: 3600,
      indexingPolicy: { includedPaths: [{ path: '/raceId/?' }], excludedPaths: [{ path: '/*' }] }
    })
    const { resource } = await container.read()
    expect(resource).toMatchObject({ id: container.id, defaultTtl: 3600 })
    expect(resource?.partitionKey?.paths).toEqual(['/raceId'])
    expect(Buffer.from(String(resource?._rid).replaceAll('-', '/'), 'base64')).toHaveLength(8)
    expect(await codeOf(account.database.containers.create({ id: container.id }))).toBe(409)
    expect(await codeOf(account.client.databases.create({ id: account.database.id }))).toBe(409)
    const { resources } = await container.readPartitionKeyRanges().fetchAll()
    expect(resources).toMatchObject([{ minInclusive: '', maxExclusive: 'FF' }])
    await container.delete()
    expect(await codeOf(container.read())).toBe(404)
    const again = await account.newContainer()
    expect((await again.read()).resource?._rid).not.toBe(resource?._rid)
  })
})

describe('An item', () => {
  let container: Container
  beforeAll(async () => {
    container = await account.newContainer()
  })

  it('is created once, read, replaced and deleted', async () => {
    const { resource, statusCode, headers, etag } = await container.items.create({
      id: 'a b+ü',
      raceId: 'grün',
      n: 1
    })
    expect(statusCode).toBe(201)
    expect(resource?._etag).toMatch(/^".+"$/)
    expect(etag).toBe(resource?._etag)
    expect(Math.abs(Number(resource?._ts) - Date.now() / 1000)).toBeLessThan(300)
    expect(Number(headers['x-ms-request-charge'])).toBeGreaterThanOrEqual(5)
    expect(headers['x-ms-session-token']).toMatch(/^0:.*#\d+$/)
    const again = container.items.create({ id: 'a b+ü', raceId: 'grün' })
    expect(await codeOf(again)).toBe(409)
    const item = container.item('a b+ü', 'grün')
    const read = await item.read()
    expect(read.resource).toEqual(resource)
    expect(read.requestCharge).toBe(1)
    const replaced = await item.replace({ id: 'a b+ü', raceId: 'grün', n: 2 })
    expect(replaced.resource).toMatchObject({ n: 2, _rid: resource?._rid })
    expect(replaced.resource?._etag).not.toBe(resource?._etag)
    expect((await item.delete()).statusCode).toBe(204)
    expect((await item.read()).statusCode).toBe(404)
    expect(await codeOf(item.delete())).toBe(404)
    expect(await codeOf(item.replace({ id: 'a b+ü', raceId: 'grün' }))).toBe(404)
  })

  it('is upserted as new, then as an update', async () => {
    const item = { id: 'up', raceId: 'r' }
    expect((await container.items.upsert(item)).statusCode).toBe(201)
    expect((await container.items.upsert(item)).statusCode).toBe(200)
  })

  it('is written only on the condition of If-Match, and not sent again on If-None-Match', async () => {
    const { resource, item } = await container.items.create({ id: 'etag', raceId: 'r', n: 1 })
    const current = String(resource?._etag)
    const read = { accessCondition: { type: 'IfNoneMatch', condition: current } }
    expect((await item.read(read)).statusCode).toBe(304)
    const stale = { accessCondition: { type: 'IfMatch', condition: '"stale"' } }
    const body = { id: 'etag', raceId: 'r', n: 2 }
    expect(await codeOf(item.replace(body, stale))).toBe(412)
    expect(await codeOf(container.items.upsert(body, stale))).toBe(412)
    expect(await codeOf(item.delete(stale))).toBe(412)
    const patch = [{ op: 'incr', path: '/n', value: 1 }] as const
    expect(await codeOf(item.patch([...patch], stale))).toBe(412)
    const fresh = { accessCondition: { type: 'IfMatch', condition: current } }
    expect((await item.replace(body, fresh)).statusCode).toBe(200)
    expect(await codeOf(item.replace(body, fresh))).toBe(412)
    expect((await item.read(read)).resource?.n).toBe(2)
  })

  it('belongs to one partition: the same id may be in another, a wrong header is refused', async () => {
    await container.items.create({ id: 'twin', raceId: 'one' })
    await container.items.create({ id: 'twin', raceId: 'two' })
    await container.items.create({ id: 'twin' })
    expect((await container.item('twin', 'two').read()).resource?.raceId).toBe('two')
    expect((await container.item('twin', 'three').read()).statusCode).toBe(404)
    const moved = container.item('twin', 'one').replace({ id: 'twin', raceId: 'two' })
    expect(await refusalOf(moved)).toMatchObject({ code: 400, substatus: 1001 })
  })

  it('is refused above 2 MB', async () => {
    const large = { id: 'large', raceId: 'r', text: 'x'.repeat(2 * 1024 * 1024) }
    expect(await codeOf(container.items.upsert(large))).toBe(413)
    expect(
      (await container.items.upsert({ ...large, text: 'x'.repeat(1_900_000) })).statusCode
    ).toBe(201)
  })

  it('is patched in order, as a whole or not at all', async () => {
    const { item } = await container.items.create({
      id: 'patched',
      raceId: 'r',
      n: 1,
      list: [{ a: 1 }],
      gone: true
    })
    const { resource } = await item.patch([
      { op: 'set', path: '/name', value: 'new' },
      { op: 'incr', path: '/n', value: 2 },
      { op: 'incr', path: '/fresh', value: 5 },
      { op: 'add', path: '/list/-', value: { a: 2 } },
      { op: 'add', path: '/list/0', value: { a: 0 } },
      { op: 'remove', path: '/gone' }
    ])
    expect(resource).toMatchObject({
      name: 'new',
      n: 3,
      fresh: 5,
      list: [{ a: 0 }, { a: 1 }, { a: 2 }]
    })
    expect(resource).not.toHaveProperty('gone')
    const broken = item.patch([
      { op: 'set', path: '/name', value: 'half' },
      { op: 'remove', path: '/missing' }
    ])
    expect(await codeOf(broken)).toBe(400)
    expect((await item.read()).resource?.name).toBe('new')
    expect(await codeOf(item.patch([{ op: 'set', path: '/id', value: 'x' }]))).toBe(400)
    expect(await codeOf(item.patch([{ op: 'incr', path: '/name', value: 1 }]))).toBe(400)
    const eleven = Array.from({ length: 11 }, () => ({ op: 'incr', path: '/n', value: 1 }) as const)
    expect(await codeOf(item.patch(eleven))).toBe(400)
  })

  it('keeps its cap under 50 patches at once that are conditional on it', async () => {
    const { item } = await container.items.create({ id: 'cap', raceId: 'r', seats: 0 })
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () =>
        item
          .patch({
            condition: 'from c where c.seats < 10',
            operations: [{ op: 'incr', path: '/seats', value: 1 }]
          })
          .then(({ resource }) => Number(resource?.seats))
          .catch(({ code }) => code)
      )
    )
    const seats = outcomes.filter(outcome => outcome !== 412)
    expect(seats.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect((await item.read()).resource?.seats).toBe(10)
  })

  it('is gone after its time to live, the container letting it', async () => {
    const mortal = await account.newContainer({ defaultTtl: -1 })
    const feed = feedOf(mortal, ChangeFeedStartFrom.Beginning())
    await mortal.items.create({ id: 'short', raceId: 'r', ttl: 1 })
    await mortal.items.create({ id: 'long', raceId: 'r' })
    await container.items.create({ id: 'ttl', raceId: 'r', ttl: 1 })
    const item = mortal.item('short', 'r')
    await expect
      .poll(async () => (await item.read()).statusCode, { timeout: DEADLINE_MS, interval: 200 })
      .toBe(404)
    expect(await rowsOf(mortal, 'SELECT VALUE c.id FROM c')).toEqual(['long'])
    if (!live) expect((await drain(feed)).items.map(({ id }) => id)).toEqual(['long'])
    expect((await mortal.items.create({ id: 'short', raceId: 'r' })).statusCode).toBe(201)
    expect((await container.item('ttl', 'r').read()).statusCode).toBe(200)
    expect(await codeOf(mortal.items.create({ id: 'zero', raceId: 'r', ttl: 0 }))).toBe(400)
  })
})

describe('A batch', () => {
  it('does all of its operations at once', async () => {
    const container = await account.newContainer()
    await container.items.create({ id: 'old', raceId: 'r', n: 1 })
    await container.items.create({ id: 'gone', raceId: 'r' })
    const operations: OperationInput[] = [
      { operationType: 'Create', resourceBody: { id: 'new', raceId: 'r' } },
      { operationType: 'Upsert', resourceBody: { id: 'up', raceId: 'r' } },
      { operationType: 'Replace', id: 'new', resourceBody: { id: 'new', raceId: 'r', n: 7 } },
      {
        operationType: 'Patch',
        id: 'old',
        resourceBody: { operations: [{ op: 'incr', path: '/n', value: 1 }] }
      },
      { operationType: 'Read', id: 'old' },
      { operationType: 'Delete', id: 'gone' }
    ]
    const { code, result } = await container.items.batch(operations, 'r')
    expect(code).toBe(200)
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([201, 201, 200, 200, 200, 204])
    expect(result?.[4]?.resourceBody).toMatchObject({ id: 'old', n: 2 })
    const found = await rowsOf(container, 'SELECT VALUE c.id FROM c ORDER BY c.id', 'r')
    expect(found).toEqual(['new', 'old', 'up'])
  })

  it('does none of them when one fails, and names which', async () => {
    const container = await account.newContainer()
    const feed = feedOf(container, ChangeFeedStartFrom.Beginning())
    const create = { operationType: 'Create', resourceBody: { id: 'one', raceId: 'r' } } as const
    const { code, result } = await container.items.batch([create, create, create], 'r')
    expect(code).toBe(207)
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, 409, 424])
    expect((await container.item('one', 'r').read()).statusCode).toBe(404)
    expect((await drain(feed)).items).toEqual([])
  })
})
