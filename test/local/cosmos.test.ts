import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import {
  ChangeFeedStartFrom,
  type Container,
  type ContainerRequest,
  CosmosClient,
  type CosmosClientOptions,
  type Database,
  ErrorResponse,
  type JSONObject,
  type OperationInput,
  PartitionKeyKind,
  type SqlQuerySpec
} from '@azure/cosmos'
import { DefaultAzureCredential } from '@azure/identity'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureCertificates } from '../../infra/local/certificates.ts'
import { startCosmos } from '../../infra/local/cosmos/server.ts'
import type { Tls } from '../../infra/local/standIn.ts'

/** How long anything that must happen may take, in ms. */
const DEADLINE_MS = 10_000
const KEY = Buffer.from('the local account key, long enough for a test').toString('base64')
const live = process.env.AZURE_LIVE === '1' ? process.env.COSMOS_ENDPOINT : undefined
const onLaptop = describe.skipIf(live)
if (live) console.log('Skipped against Azure: the tests of keys, tokens, limits and the journal.')

let audiences: string | string[] = []
const checkToken = async (token: string, audience: string | string[]) => {
  audiences = audience
  if (token !== 'good' && token !== 'reader') throw new Error('no such token')
  return { sub: token, aud: audience }
}

let dir: string
let tls: Tls
let caFile: string
let folders = 0
let client: CosmosClient
let database: Database
let closeAccount = async () => {}

const start = (folder: string, port = 0) =>
  startCosmos({
    dir: folder,
    port,
    tls,
    key: KEY,
    checkToken,
    isAllowed: ({ sub }, right) => sub === 'good' || right === 'read'
  })
const newFolder = () => join(dir, `account-${folders++}`)
const connect = (endpoint: string, options: Partial<CosmosClientOptions> = {}) =>
  new CosmosClient({ endpoint, key: KEY, consistencyLevel: 'Session', ...options })
let scopes: string | string[] = []
const withToken = (endpoint: string, token: string) =>
  new CosmosClient({
    endpoint,
    aadCredentials: {
      getToken: async asked => {
        scopes = asked
        return { token, expiresOnTimestamp: Date.now() + 3_600_000 }
      }
    }
  })

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'grandstand-cosmos-'))
  const certificates = await ensureCertificates(dir)
  tls = certificates.tls
  caFile = certificates.caFile
  setDefaultCACertificates([...getCACertificates('default'), certificates.ca])
  if (live) {
    const key = process.env.COSMOS_KEY
    client = key
      ? connect(live, { key })
      : new CosmosClient({ endpoint: live, aadCredentials: new DefaultAzureCredential() })
  } else {
    const cosmos = await start(newFolder())
    client = connect(cosmos.endpoint)
    closeAccount = cosmos.close
  }
  const { database: created } = await client.databases.createIfNotExists({
    id: `grandstand-test-${process.pid}`
  })
  database = created
})

afterAll(async () => {
  await database.delete()
  client.dispose()
  await closeAccount()
  await rm(dir, { recursive: true })
})

let containers = 0
async function newContainer(options: Partial<ContainerRequest> = {}): Promise<Container> {
  const { container } = await database.containers.createIfNotExists({
    id: `items-${containers++}`,
    partitionKey: '/raceId',
    ...options
  })
  return container
}

/** What a refused call says. */
async function refusalOf(call: Promise<unknown>) {
  try {
    await call
  } catch (error) {
    if (error instanceof ErrorResponse)
      return { code: error.code, substatus: error.substatus, message: error.message }
    throw error
  }
  throw new Error('The call was not refused.')
}

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code

async function rowsOf(
  container: Container,
  query: string | SqlQuerySpec,
  partitionKey?: string
): Promise<unknown[]> {
  const options = partitionKey === undefined ? {} : { partitionKey }
  return (await container.items.query(query, options).fetchAll()).resources
}

const feedOf = (
  container: Container,
  changeFeedStartFrom: ChangeFeedStartFrom,
  maxItemCount = 100
) => container.items.getChangeFeedIterator<JSONObject>({ changeFeedStartFrom, maxItemCount })

/** All pages until the feed has nothing new. */
async function drain(feed: ReturnType<typeof feedOf>) {
  const pages: JSONObject[][] = []
  while (true) {
    const page = await feed.readNext()
    if (page.statusCode === 304)
      return { pages, items: pages.flat(), token: page.continuationToken }
    pages.push(page.result)
  }
}

describe('Databases and containers', () => {
  it('exist once, keep what they were given and are gone after a delete', async () => {
    const container = await newContainer({
      partitionKey: { paths: ['/raceId'], kind: PartitionKeyKind.Hash },
      defaultTtl: 3600,
      indexingPolicy: { includedPaths: [{ path: '/raceId/?' }], excludedPaths: [{ path: '/*' }] }
    })
    const { resource } = await container.read()
    expect(resource).toMatchObject({ id: container.id, defaultTtl: 3600 })
    expect(resource?.partitionKey?.paths).toEqual(['/raceId'])
    expect(Buffer.from(String(resource?._rid).replaceAll('-', '/'), 'base64')).toHaveLength(8)
    expect(await codeOf(database.containers.create({ id: container.id }))).toBe(409)
    expect(await codeOf(client.databases.create({ id: database.id }))).toBe(409)
    const { resources } = await container.readPartitionKeyRanges().fetchAll()
    expect(resources).toMatchObject([{ minInclusive: '', maxExclusive: 'FF' }])
    await container.delete()
    expect(await codeOf(container.read())).toBe(404)
    const again = await newContainer()
    expect((await again.read()).resource?._rid).not.toBe(resource?._rid)
  })
})

describe('An item', () => {
  let container: Container
  beforeAll(async () => {
    container = await newContainer()
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
    const mortal = await newContainer({ defaultTtl: -1 })
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
    const container = await newContainer()
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
    const container = await newContainer()
    const feed = feedOf(container, ChangeFeedStartFrom.Beginning())
    const create = { operationType: 'Create', resourceBody: { id: 'one', raceId: 'r' } } as const
    const { code, result } = await container.items.batch([create, create, create], 'r')
    expect(code).toBe(207)
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, 409, 424])
    expect((await container.item('one', 'r').read()).statusCode).toBe(404)
    expect((await drain(feed)).items).toEqual([])
  })
})

describe('A query', () => {
  let container: Container
  beforeAll(async () => {
    container = await newContainer({
      indexingPolicy: {
        includedPaths: [{ path: '/*' }],
        excludedPaths: [{ path: '/payload/*' }]
      }
    })
    for (let n = 0; n < 12; n++)
      await container.items.create({
        id: `i${n}`,
        raceId: n < 8 ? 'first' : 'second',
        n,
        kind: n % 3 === 0 ? 'fizz' : 'plain',
        deep: { x: n * n },
        ...(n % 2 === 0 && { even: true }),
        ...(n === 5 && { nothing: null }),
        payload: { n }
      })
  })

  it.each<[string, unknown[]]>([
    ['SELECT VALUE c.n FROM c WHERE c.n >= 2 AND c.n < 5', [2, 3, 4]],
    [`SELECT VALUE c.n FROM c WHERE c.kind = 'fizz' AND NOT c.n = 0`, [3, 6]],
    ['select value r.n from r where r.n = 1 or r.n > 5 and r.n <= 6', [1, 6]],
    ['SELECT VALUE c.n FROM c WHERE (c.n = 1 OR c.n > 5) AND c.n != 7', [1, 6]],
    [`SELECT VALUE c.n FROM c WHERE c.id IN ('i1', "i2", 'none')`, [1, 2]],
    ['SELECT VALUE c.n FROM c WHERE IS_DEFINED(c.even) AND c.even = true', [0, 2, 4, 6]],
    ['SELECT VALUE c.n FROM c WHERE NOT IS_DEFINED(c.even)', [1, 3, 5, 7]],
    ['SELECT VALUE c.n FROM c WHERE c.even = false', []],
    ['SELECT VALUE c.n FROM c WHERE NOT (c.even = true)', []],
    ['SELECT VALUE c.n FROM c WHERE c.nothing = null', [5]],
    ['SELECT c.id, c.deep.x FROM c WHERE c.n = 3', [{ id: 'i3', x: 9 }]],
    ['SELECT VALUE c.n FROM c WHERE c.n < 4 ORDER BY c.n DESC', [3, 2, 1, 0]]
  ])('answers %s', async (query, expected) => {
    expect(await rowsOf(container, query, 'first')).toEqual(expected)
  })

  it('takes parameters and stays within its partition, or goes through all', async () => {
    const query = {
      query: 'SELECT * FROM c WHERE c.n > @from AND c.kind = @kind',
      parameters: [
        { name: '@from', value: 4 },
        { name: '@kind', value: 'fizz' }
      ]
    }
    expect(await rowsOf(container, query, 'first')).toMatchObject([{ n: 6 }])
    expect(await rowsOf(container, query)).toHaveLength(2)
    expect(await rowsOf(container, 'SELECT VALUE c.n FROM c ORDER BY c._ts')).toHaveLength(12)
  })

  it('comes in pages that a continuation token goes on from', async () => {
    const query = 'SELECT VALUE c.n FROM c ORDER BY c.n DESC'
    const options = { partitionKey: 'first', maxItemCount: 3 }
    const first = await container.items.query<number>(query, options).fetchNext()
    expect(first.resources).toEqual([7, 6, 5])
    const { continuationToken } = first
    const rest = container.items.query<number>(query, { ...options, continuationToken })
    expect((await rest.fetchNext()).resources).toEqual([4, 3, 2])
    expect((await rest.fetchNext()).resources).toEqual([1, 0])
    expect(rest.hasMoreResults()).toBe(false)
  })

  it('may not order by an excluded path', async () => {
    const refusal = await refusalOf(
      rowsOf(container, 'SELECT * FROM c ORDER BY c.payload.n', 'first')
    )
    expect(refusal.code).toBe(400)
    expect(refusal.message).toContain('order-by item is excluded')
  })

  it('is refused where it is no SQL', async () => {
    expect(await codeOf(rowsOf(container, 'SELECT * FROM', 'first'))).toBe(400)
    expect(await codeOf(rowsOf(container, 'SELECT VALUE d.n FROM c', 'first'))).toBe(400)
    expect(await codeOf(rowsOf(container, 'SELECT VALUE c.top FROM c', 'first'))).toBe(400)
  })

  it
    .skipIf(live)
    .each([
      'SELECT VALUE COUNT(1) FROM c',
      'SELECT TOP 1 * FROM c',
      'SELECT c FROM c',
      'SELECT DISTINCT c.n FROM c',
      'SELECT * FROM c OFFSET 1 LIMIT 1',
      'SELECT * FROM c WHERE CONTAINS(c.id, "1")',
      'SELECT * FROM c WHERE c.n + 1 = 2',
      'SELECT * FROM c WHERE c.payload.n = 1',
      'SELECT * FROM c ORDER BY c.n, c.id'
    ])('is refused by name where the laptop does not serve it: %s', async query => {
    const refusal = await refusalOf(rowsOf(container, query, 'first'))
    expect(refusal.code).toBe(400)
    expect(refusal.message).toMatch(/not served on the laptop, near|needs the excluded path/)
  })
})

describe('The change feed', () => {
  it('has each item once, in its newest state and in the order of the last writes', async () => {
    const container = await newContainer()
    for (const id of ['a', 'b', 'c', 'd']) await container.items.create({ id, raceId: 'r', n: 0 })
    await container.item('d', 'r').delete()
    const feed = feedOf(container, ChangeFeedStartFrom.Beginning())
    const { items } = await drain(feed)
    expect(items.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    for (let n = 1; n <= 5; n++) await container.items.upsert({ id: 'a', raceId: 'r', n })
    await container.items.upsert({ id: 'b', raceId: 'r', n: 9 })
    const later = await drain(feed)
    expect(later.items).toMatchObject([
      { id: 'a', n: 5 },
      { id: 'b', n: 9 }
    ])
    const lsns = [...items, ...later.items].map(({ _lsn }) => Number(_lsn))
    expect(lsns).toEqual(lsns.toSorted((a, b) => a - b))
    expect((await drain(feed)).items).toEqual([])
    const all = await drain(feedOf(container, ChangeFeedStartFrom.Beginning()))
    expect(all.items.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  })

  it('starts now, for one partition, in pages, and goes on from a token', async () => {
    const container = await newContainer()
    await container.items.create({ id: 'before', raceId: 'r' })
    const now = feedOf(container, ChangeFeedStartFrom.Now())
    expect((await now.readNext()).statusCode).toBe(304)
    const one = feedOf(container, ChangeFeedStartFrom.Beginning('r'), 2)
    for (let n = 0; n < 5; n++) {
      await container.items.create({ id: `r${n}`, raceId: 'r' })
      await container.items.create({ id: `s${n}`, raceId: 's' })
    }
    expect((await drain(now)).items).toHaveLength(10)
    const { pages, token } = await drain(one)
    expect(pages.map(page => page.length)).toEqual([2, 2, 2])
    await container.items.create({ id: 'after', raceId: 'r' })
    const resumed = await drain(feedOf(container, ChangeFeedStartFrom.Continuation(token)))
    expect(resumed.items.map(({ id }) => id)).toEqual(['after'])
  })

  it('never divides a batch', async () => {
    const container = await newContainer()
    const operations = Array.from({ length: 5 }, (_, n) => ({
      operationType: 'Create' as const,
      resourceBody: { id: `${n}`, raceId: 'r' }
    }))
    await container.items.batch(operations, 'r')
    await container.items.create({ id: 'next', raceId: 'r' })
    const { pages } = await drain(feedOf(container, ChangeFeedStartFrom.Beginning(), 2))
    expect(pages.map(page => page.length)).toEqual([5, 1])
    expect(new Set(pages[0]?.map(({ _lsn }) => _lsn)).size).toBe(1)
  })
})

onLaptop('Who may do what', () => {
  let cosmos: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    cosmos = await start(newFolder())
    const owner = connect(cosmos.endpoint)
    const created = await owner.databases.create({ id: 'db' })
    await created.database.containers.create({ id: 'items', partitionKey: '/raceId' })
    owner.dispose()
  })
  afterAll(() => cosmos.close())

  it('refuses a wrong key and a bad token with 401', async () => {
    const key = Buffer.from('another key').toString('base64')
    expect(await codeOf(connect(cosmos.endpoint, { key }).database('db').read())).toBe(401)
    expect(await codeOf(withToken(cosmos.endpoint, 'bad').database('db').read())).toBe(401)
    expect((await fetch(cosmos.endpoint)).status).toBe(401)
  })

  it('lets a token into the data but not create or delete databases and containers', async () => {
    const entra = withToken(cosmos.endpoint, 'good')
    const db = entra.database('db')
    const items = db.container('items')
    await items.items.create({ id: 'a', raceId: 'r' })
    const account = cosmos.endpoint.slice(0, -1)
    expect([scopes].flat()).toEqual([`${account}/.default`])
    expect(audiences).toEqual([cosmos.endpoint, account, 'https://cosmos.azure.com'])
    expect(await rowsOf(items, 'SELECT VALUE c.id FROM c', 'r')).toEqual(['a'])
    expect((await drain(feedOf(items, ChangeFeedStartFrom.Beginning()))).items).toHaveLength(1)
    for (const call of [
      entra.databases.create({ id: 'new' }),
      db.delete(),
      db.containers.create({ id: 'new', partitionKey: '/raceId' }),
      items.delete()
    ])
      expect(await refusalOf(call)).toMatchObject({ code: 403, substatus: 5300 })
  })

  it('asks the account for each right of a token', async () => {
    const items = withToken(cosmos.endpoint, 'reader').database('db').container('items')
    expect((await items.item('a', 'r').read()).statusCode).toBe(200)
    const write = items.items.upsert({ id: 'a', raceId: 'r' })
    expect(await refusalOf(write)).toMatchObject({ code: 403, substatus: 5301 })
  })
})

onLaptop('What Azure serves and Grandstand does not use', () => {
  it('is refused by name', async () => {
    const container = await newContainer()
    const create = { operationType: 'Create', resourceBody: { id: 'a', raceId: 'r' } } as const
    const refused: [() => Promise<unknown>, string][] = [
      [() => container.scripts.storedProcedure('p').execute('r'), 'sprocs'],
      [() => client.databases.query('SELECT * FROM c').fetchNext(), '/dbs'],
      [() => container.items.create({ raceId: 'r' }, { preTriggerInclude: 'x' }), 'Triggers'],
      [() => container.item('a', 'r').patch([{ op: 'replace', path: '/a', value: 1 }]), 'replace'],
      [
        () =>
          database.containers.create({
            id: 'deep',
            partitionKey: { paths: ['/a', '/b'], kind: PartitionKeyKind.MultiHash }
          }),
        'Hierarchical'
      ],
      [() => database.containers.create({ id: 'rich', throughput: 400 }), 'Throughput'],
      [
        () => database.containers.create({ id: 'u', uniqueKeyPolicy: { uniqueKeys: [] } }),
        'uniqueKey'
      ],
      [() => database.containers.readAll().fetchNext(), '/colls'],
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

onLaptop('What is on disk', () => {
  const opened: { close(): Promise<void> }[] = []
  const children: ChildProcess[] = []
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(opened.map(one => one.close()))
  })
  async function reopen(folder: string, port = 0) {
    const cosmos = await start(folder, port)
    opened.push(cosmos)
    const own = connect(cosmos.endpoint)
    const close = async () => {
      own.dispose()
      opened.splice(opened.indexOf(cosmos), 1)
      await cosmos.close()
    }
    return { cosmos, close, own, items: own.database('db').container('items') }
  }
  async function seed({ own }: { own: CosmosClient }) {
    const { database: created } = await own.databases.create({ id: 'db' })
    await created.containers.create({ id: 'items', partitionKey: '/raceId', defaultTtl: -1 })
  }

  it('outlives a restart: items, deletes, batches and positions in the feed', async () => {
    const folder = newFolder()
    const first = await reopen(folder)
    await seed(first)
    for (const id of ['a', 'b', 'c']) await first.items.items.create({ id, raceId: 'r' })
    await first.items.item('b', 'r').delete()
    await first.items.items.batch(
      [
        { operationType: 'Upsert', resourceBody: { id: 'a', raceId: 'r', n: 2 } },
        { operationType: 'Create', resourceBody: { id: 'd', raceId: 'r' } }
      ],
      'r'
    )
    const before = await rowsOf(first.items, 'SELECT * FROM c')
    const { token } = await drain(feedOf(first.items, ChangeFeedStartFrom.Beginning()))
    await first.items.items.create({ id: 'unseen', raceId: 'r' })
    await first.close()

    const second = await reopen(folder)
    expect(await rowsOf(second.items, 'SELECT * FROM c WHERE c.id != "unseen"')).toEqual(before)
    const resumed = feedOf(second.items, ChangeFeedStartFrom.Continuation(token))
    expect((await drain(resumed)).items.map(({ id }) => id)).toEqual(['unseen'])
    await second.items.items.create({ id: 'newer', raceId: 'r' })
    expect((await drain(resumed)).items.map(({ id }) => id)).toEqual(['newer'])
    await second.cosmos.reset()
    expect(await codeOf(second.own.database('db').read())).toBe(404)
    await second.close()
    const third = await reopen(folder)
    expect(await codeOf(third.own.database('db').read())).toBe(404)
    await third.close()
  })

  it('is read up to a last line that was torn, and written on from there', async () => {
    const folder = newFolder()
    const first = await reopen(folder)
    await seed(first)
    await first.items.items.create({ id: 'whole', raceId: 'r' })
    await first.close()
    await appendFile(join(folder, 'journal.jsonl'), '{"in":"AAAAAA","lsn":99,"put":[{"id":"to')
    const second = await reopen(folder)
    expect(await rowsOf(second.items, 'SELECT VALUE c.id FROM c')).toEqual(['whole'])
    await second.items.items.create({ id: 'next', raceId: 'r' })
    await second.close()
    const third = await reopen(folder)
    expect(await rowsOf(third.items, 'SELECT VALUE c.id FROM c')).toEqual(['whole', 'next'])
    await third.close()
  })

  it('is rewritten as the present state once it has grown far beyond it', async () => {
    const folder = newFolder()
    const first = await reopen(folder)
    await seed(first)
    await first.items.items.create({ id: 'first', raceId: 'r' })
    const { token } = await drain(feedOf(first.items, ChangeFeedStartFrom.Beginning()))
    // 36 versions of 1.9 MB pass the 64 MB from which the journal may be rewritten.
    const text = 'x'.repeat(1_900_000)
    for (let n = 1; n <= 38; n++)
      await first.items.items.upsert({ id: 'big', raceId: 'r', n, text })
    const { resource } = await first.items.item('big', 'r').read()
    await first.close()
    expect((await stat(join(folder, 'journal.jsonl'))).size).toBeLessThan(8_000_000)

    const second = await reopen(folder)
    expect((await second.items.item('big', 'r').read()).resource).toEqual(resource)
    expect((await second.items.item('first', 'r').read()).statusCode).toBe(200)
    const resumed = feedOf(second.items, ChangeFeedStartFrom.Continuation(token))
    expect((await drain(resumed)).items).toMatchObject([{ id: 'big', n: 38 }])
    await second.close()
  })

  it('has every acknowledged write after kill -9', async () => {
    const folder = newFolder()
    const script = join(dir, 'child.mjs')
    await writeFile(
      script,
      `import { readFileSync } from 'node:fs'
       import { startCosmos } from ${JSON.stringify(join(process.cwd(), 'infra/local/cosmos/server.ts'))}
       const [dir, key, cert, secret] = process.argv.slice(2)
       const tls = { key: readFileSync(key), cert: readFileSync(cert) }
       const checkToken = async () => { throw new Error('no tokens here') }
       const { endpoint } = await startCosmos({ dir, port: 0, tls, key: secret, checkToken })
       console.log(endpoint)`
    )
    const args = [folder, join(dir, 'localhost.key'), join(dir, 'localhost.pem'), KEY]
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile }
    })
    children.push(child)
    const [endpoint] = await once(createInterface({ input: child.stdout }), 'line')
    const own = connect(String(endpoint), {
      connectionPolicy: {
        retryOptions: {
          maxRetryAttemptCount: 0,
          fixedRetryIntervalInMilliseconds: 0,
          maxWaitTimeInSeconds: 0
        }
      }
    })
    await seed({ own })
    const { items } = own.database('db').container('items')
    const acknowledged: string[] = []
    let isKilled = false
    const write = async (writer: number) => {
      for (let n = 0; !isKilled; n++) {
        const id = `${writer}-${n}`
        await items.upsert({ id, raceId: `r${writer}`, text: 'x'.repeat(12_000) })
        acknowledged.push(id)
      }
    }
    const writers = Promise.allSettled(Array.from({ length: 8 }, (_, writer) => write(writer)))
    await expect.poll(() => acknowledged.length, { timeout: DEADLINE_MS }).toBeGreaterThan(200)
    child.kill('SIGKILL')
    await once(child, 'exit')
    isKilled = true
    const seen = [...acknowledged]
    await Promise.race([writers, pause(500)])
    own.dispose()

    const after = await reopen(folder)
    const found = new Set(await rowsOf(after.items, 'SELECT VALUE c.id FROM c'))
    expect(seen.filter(id => !found.has(id))).toEqual([])
    await after.close()
  })
})
