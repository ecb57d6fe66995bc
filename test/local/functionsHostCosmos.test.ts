import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { type Container, CosmosClient } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureCertificates } from '../../infra/local/certificates.ts'
import { startCosmos } from '../../infra/local/cosmos/server.ts'
import { bundleApp } from './fixtures/bundleApp.ts'
import { type HostChild, readRecord, startHostChild } from './fixtures/hostChild.ts'

vi.setConfig({ testTimeout: 20_000 })
const wait = { timeout: 10_000, interval: 50 }
const KEY = 'bG9jYWwgc2VjcmV0IGtleQ=='

let dir: string
let appDir: string
let record: string
let certificates: Awaited<ReturnType<typeof ensureCertificates>>
let cosmos: Awaited<ReturnType<typeof startCosmos>>
let port = 0
let client: CosmosClient
let ledger: Container
let host: HostChild

const startAccount = () =>
  startCosmos({
    dir: join(dir, 'cosmos'),
    port,
    tls: certificates.tls,
    key: KEY,
    checkToken: () => Promise.reject(new Error('No tokens here'))
  })
const startHost = () =>
  startHostChild(appDir, join(dir, 'host'), {
    DB: `AccountEndpoint=${cosmos.endpoint};AccountKey=${KEY};`,
    NODE_EXTRA_CA_CERTS: certificates.caFile,
    RECORD: record
  })

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'grandstand-host-'))
  record = join(dir, 'record')
  appDir = await bundleApp('streamApp.ts', {})
  certificates = await ensureCertificates(dir)
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificates.ca])
  cosmos = await startAccount()
  port = Number(new URL(cosmos.endpoint).port)
  client = new CosmosClient({ endpoint: cosmos.endpoint, key: KEY })
  const { database } = await client.databases.create({ id: 'grandstand' })
  await database.containers.create({ id: 'leases', partitionKey: '/id' })
  ledger = (await database.containers.create({ id: 'ledger', partitionKey: '/raceId' })).container
  await write(0, 5)
  host = await startHost()
}, 20_000)
afterAll(async () => {
  await host.kill()
  client.dispose()
  await cosmos.close()
  for (const path of [appDir, dir]) rmSync(path, { recursive: true })
})

async function write(from: number, to: number, more: object = {}): Promise<void> {
  for (let n = from; n < to; n++)
    await ledger.items.create({ id: `fact-${n}`, raceId: 'r1', n, ...more })
}
/** The numbers that the successful invocations saw, in order. */
const numbersOf = (name: string) =>
  readRecord(record, name)
    .filter(({ failed }) => !failed)
    .flatMap(({ items }) => items.map(({ n }) => n as number))
const range = (to: number) => Array.from({ length: to }, (_, i) => i)

describe('Cosmos DB triggers', () => {
  it('hand over what was there before, in batches no larger than wanted', async () => {
    await vi.waitFor(() => expect(numbersOf('notRetried')).toEqual(range(5)), wait)
    await vi.waitFor(() => expect(numbersOf('retried')).toEqual(range(5)), wait)
    const sizes = readRecord(record, 'notRetried').map(({ items }) => items.length)
    expect(Math.max(...sizes)).toBe(2)
    expect(readRecord(record, 'retried')[0]?.items[0]).toMatchObject({
      id: 'fact-0',
      _lsn: expect.any(Number),
      _etag: expect.any(String)
    })
  })

  it('repeat a failed batch as long as the policy says, and lose it without one', async () => {
    await write(5, 6, { failures: 1 })
    await vi.waitFor(() => expect(numbersOf('retried')).toEqual(range(6)), wait)
    await write(6, 7)
    await vi.waitFor(() => expect(numbersOf('notRetried')).toEqual([0, 1, 2, 3, 4, 6]), wait)
  })

  it('go on after the account was away', async () => {
    await cosmos.close()
    cosmos = await startAccount()
    await write(7, 10)
    await vi.waitFor(() => expect(numbersOf('retried')).toEqual(range(10)), wait)
  })

  it('go on from the lease when the host is killed', async () => {
    await host.kill()
    await write(10, 12)
    host = await startHost()
    await vi.waitFor(() => expect(new Set(numbersOf('retried')).size).toBe(12), wait)
    await vi.waitFor(() => expect(numbersOf('notRetried')).toContain(11), wait)
    expect(numbersOf('notRetried')).not.toContain(5)
  })
})
