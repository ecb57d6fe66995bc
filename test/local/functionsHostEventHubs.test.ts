import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EventData, EventHubProducerClient } from '@azure/event-hubs'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureCertificates } from '../../infra/local/certificates.ts'
import {
  type EventHubs,
  type EventHubsOptions,
  startEventHubs
} from '../../infra/local/eventHubs/server.ts'
import { bundleApp } from './fixtures/bundleApp.ts'
import {
  firstOutput,
  type HostChild,
  killChild,
  readRecord,
  startHostChild
} from './fixtures/hostChild.ts'

vi.setConfig({ testTimeout: 20_000 })
const wait = { timeout: 10_000, interval: 50 }
const HOST_JSON = {
  extensions: {
    eventHubs: { maxEventBatchSize: 50, minEventBatchSize: 10, maxWaitTime: '00:00:00.200' }
  }
}
const RETRY = { retryOptions: { maxRetries: 9, retryDelayInMs: 100, timeoutInMs: 5000 } }

let dir: string
let appDir: string
let record: string
let storage: string
let azurite: ChildProcess
let options: EventHubsOptions
let hub: EventHubs
let producer: EventHubProducerClient
let host: HostChild

const startHost = () =>
  startHostChild(appDir, join(dir, 'host'), {
    HUB: hub.connectionString,
    AzureWebJobsStorage: storage,
    RECORD: record
  })

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'grandstand-host-'))
  record = join(dir, 'record')
  appDir = await bundleApp('streamApp.ts', HOST_JSON)
  const program = join(process.cwd(), 'node_modules/.bin/azurite-blob')
  azurite = spawn(
    process.execPath,
    [
      program,
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      '--inMemoryPersistence',
      '--blobPort',
      '0'
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], cwd: dir }
  )
  const blobs = await firstOutput(azurite, /listens on (http:\S+)/)
  const key =
    'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
  storage = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${key};BlobEndpoint=${blobs}/devstoreaccount1;`
  options = {
    dir: join(dir, 'hub'),
    ports: { amqps: 0, amqp: 0, rest: 0 },
    tls: (await ensureCertificates(dir)).tls,
    hub: 'telemetry',
    partitions: 2,
    consumerGroups: ['aggregate'],
    key: { name: 'local', value: 'bG9jYWwgc2VjcmV0IGtleQ==' },
    checkToken: () => Promise.reject(new Error('No tokens here'))
  }
  hub = await startEventHubs(options)
  options.ports.amqp = hub.amqpPort
  producer = new EventHubProducerClient(hub.connectionString, 'telemetry', RETRY)
  host = await startHost()
}, 20_000)
afterAll(async () => {
  await killChild(azurite)
  await host?.kill()
  await producer.close()
  await hub.close()
  for (const path of [appDir, dir]) rmSync(path, { recursive: true })
})

const send = (events: EventData[], partitionKey = '44') =>
  producer.sendBatch(events, { partitionKey })
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ body: { n: from + i } }))
/** The numbers that the successful invocations saw, in order. */
const numbersOf = (name: string) =>
  readRecord(record, name)
    .filter(({ failed }) => !failed)
    .flatMap(({ items }) => items.map(({ n }) => n as number))
    .filter(n => n !== undefined)

describe('Event Hubs triggers', () => {
  it('hand over bodies and metadata as the service does', async () => {
    await send([
      { body: { hello: 1 }, properties: { race: 'r1' } },
      { body: 'plain', properties: {} }
    ])
    const [batch] = await vi.waitFor(() => {
      const found = readRecord(record, 'retried')
      expect(found).toHaveLength(1)
      return found
    }, wait)
    expect(batch?.items).toEqual([{ hello: 1 }, 'plain'])
    expect(batch?.metadata).toMatchObject({
      partitionContext: { eventHubName: 'telemetry', consumerGroup: 'aggregate' },
      propertiesArray: [{ race: 'r1' }, {}],
      partitionKeyArray: [44, 44],
      sequenceNumberArray: [0, 1]
    })
    expect(batch?.metadata.systemPropertiesArray).toMatchObject([
      { sequenceNumber: 0, partitionKey: '44' },
      { sequenceNumber: 1 }
    ])
    expect(String(batch?.metadata.enqueuedTimeUtcArray)).toMatch(/^\d{4}-.+Z,/)
  })

  it('leave a checkpoint where the service would', async () => {
    const [batch] = readRecord(record, 'retried')
    const partitionId = batch?.metadata.partitionContext?.partitionId
    const blob = BlobServiceClient.fromConnectionString(storage)
      .getContainerClient('azure-webjobs-eventhub')
      .getBlobClient(`127.0.0.1/telemetry/aggregate/checkpoint/${partitionId}`)
    const { metadata } = await vi.waitFor(() => blob.getProperties(), wait)
    expect(metadata?.sequencenumber).toBe('1')
    expect(metadata?.offset).toBeDefined()
  })

  it('repeat a failed batch as long as the policy says, and lose it without one', async () => {
    await send([{ body: { failures: 2 } }])
    await vi.waitFor(() => {
      const attempts = readRecord(record, 'retried').slice(1)
      expect(attempts.map(({ attempt, failed }) => [attempt, failed])).toEqual([
        [0, true],
        [1, true],
        [2, false]
      ])
    }, wait)
    await send(numbered(0, 1))
    await vi.waitFor(() => expect(numbersOf('notRetried')).toEqual([0]), wait)
    expect(readRecord(record, 'notRetried').filter(({ failed }) => failed)).toHaveLength(1)
  })

  it('go on after the hub was away', async () => {
    await hub.close()
    hub = await startEventHubs(options)
    await send(numbered(1, 101))
    await vi.waitFor(() => expect(numbersOf('retried')).toHaveLength(101), wait)
    expect(numbersOf('retried')).toEqual(Array.from({ length: 101 }, (_, i) => i))
  })

  it('lose nothing when the host is killed', async () => {
    await send(numbered(101, 301))
    await vi.waitFor(() => expect(numbersOf('retried').length).toBeGreaterThan(110), wait)
    await host.kill()
    await send(numbered(301, 401))
    host = await startHost()
    await vi.waitFor(() => expect(new Set(numbersOf('retried')).size).toBe(401), wait)
    const batches = readRecord(record, 'retried').filter(({ items }) => items.length > 50)
    expect(batches).toEqual([])
  })
})
