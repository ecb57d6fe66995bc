import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs'
import { BlobServiceClient } from '@azure/storage-blob'
import avro from 'avsc'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identitySettings } from '../../infra/local/appSettings.ts'
import { archiveUrl } from '../../infra/local/archive.ts'
import { type Cloud, startCloud } from '../../infra/local/cloud.ts'
import { type Endpoints, endpointsOf } from '../../infra/local/endpoints.ts'
import { count, credential, RETRY, receive } from './eventHubsNamespace.ts'

const WINDOW_MS = 1_000
/** A round of the test: so many batches, each of another key. */
const BATCHES = 40
const NAME =
  /^grandstand\/telemetry\/(\d+)\/\d{4}\/(?:0[1-9]|1[0-2])\/[0-3]\d\/[0-2]\d\/[0-5]\d\/[0-5]\d\.avro$/

type Archived = { partition: string; name: string; record: Record<string, unknown> }

let dir: string
let cloud: Cloud
let endpoints: Endpoints
let producer: EventHubProducerClient

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'capture-'))
  cloud = await startCloud({ dir, captureMs: WINDOW_MS, storesAlone: true })
  endpoints = endpointsOf(cloud.plan, {})
  const { connectionString, hub } = endpoints.eventHubs
  producer = new EventHubProducerClient(connectionString, hub, RETRY)
})
afterAll(async () => {
  await producer?.close()
  await cloud?.close()
  await rm(dir, { recursive: true, force: true })
})

const archive = () =>
  BlobServiceClient.fromConnectionString(endpoints.archive.connectionString).getContainerClient(
    endpoints.archive.container
  )

/** All that is archived, by a standard reader that knows nothing of the writer. */
async function archived(): Promise<Archived[]> {
  const found: Archived[] = []
  for await (const { name } of archive().listBlobsFlat()) {
    const { readableStreamBody } = await archive().getBlobClient(name).download()
    const records = pipeline(readableStreamBody!, new avro.streams.BlockDecoder(), () => undefined)
    for await (const record of records as AsyncIterable<Archived['record']>) {
      found.push({ partition: NAME.exec(name)?.[1] ?? `not a name: ${name}`, name, record })
    }
  }
  return found
}

async function fileCount(): Promise<number> {
  let files = 0
  for await (const _ of archive().listBlobsFlat()) files++
  return files
}

/** Waits until as many events are archived. */
async function settled(events: number): Promise<Archived[]> {
  for (let turn = 0; turn < 60; turn++) {
    const found = await archived().catch(() => [])
    if (found.length >= events) return found
    await pause(500)
  }
  return archived()
}

async function hubSize(): Promise<number> {
  const { partitionIds } = await producer.getEventHubProperties()
  const ends = await Promise.all(partitionIds.map(id => producer.getPartitionProperties(id)))
  return ends.reduce((sum, end) => sum + end.lastEnqueuedSequenceNumber + 1, 0)
}

test('an archived event has everything that Azure writes of it', async () => {
  const body = Buffer.from('{"seq":7,"name":"Zoë"}')
  const properties = { race: 'ride-1', bib: 12, weight: 1.5 }
  await producer.sendBatch([{ body, properties }], { partitionKey: 'ride-1.0' })
  const [first] = await settled(1)
  const consumer = new EventHubConsumerClient(
    'replay',
    endpoints.eventHubs.connectionString,
    endpoints.eventHubs.hub,
    RETRY
  )
  const [event] = await receive(consumer, count(1))
  await consumer.close()
  expect(first?.name).toMatch(NAME)
  const enqueued = event!.enqueuedTimeUtc
  const { EnqueuedTimeUtc, ...record } = first!.record
  expect(record).toEqual({
    SequenceNumber: 0,
    Offset: event!.offset,
    SystemProperties: {
      'x-opt-enqueued-time': { long: enqueued.getTime() },
      'x-opt-partition-key': { string: 'ride-1.0' }
    },
    Properties: { race: { string: 'ride-1' }, bib: { long: 12 }, weight: { double: 1.5 } },
    Body: body
  })
  expect(EnqueuedTimeUtc).toMatch(/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/)
  expect(Date.parse(`${EnqueuedTimeUtc} UTC`)).toBe(Math.floor(enqueued.getTime() / 1_000) * 1_000)
})

test('nothing is missing and nothing is twice over kill -9 of hub, archive and both', async () => {
  const rounds = [['eventHubs'], ['storage'], ['storage', 'eventHubs']]
  for (const doomed of rounds) {
    for (let n = 0; n < BATCHES; n++) {
      const killing = n === BATCHES / 2 ? doomed.map(name => cloud.parts.get(name)!.kill()) : []
      // A batch whose answer was lost is sent again: the hub has it twice, and so must the archive.
      await Promise.all([send([{ body: `${n}` }, { body: `${n} too` }], `key-${n}`), ...killing])
      await pause(WINDOW_MS / 10)
    }
  }
  const expected = await hubSize()
  expect(expected).toBeGreaterThanOrEqual(rounds.length * BATCHES * 2)
  const found = await settled(expected)
  expect(found).toHaveLength(expected)
  for (const events of Map.groupBy(found, ({ partition }) => partition).values()) {
    expect(events.map(({ record }) => record.SequenceNumber)).toEqual(events.map((_, n) => n))
  }
})

test('windows in which nothing came write nothing', async () => {
  const before = await fileCount()
  await pause(3 * WINDOW_MS)
  expect(await fileCount()).toBe(before)
})

test('what the storage forgot is written again', async () => {
  const before = await archived()
  const { name, partition } = before.at(-1)!
  await archive().deleteBlob(name)
  expect((await archived()).length).toBeLessThan(before.length)
  const after = await settled(before.length)
  expect(after).toHaveLength(before.length)
  const own = after.filter(each => each.partition === partition)
  expect(own.map(({ record }) => record.SequenceNumber)).toEqual(own.map((_, n) => n))
})

async function send(events: { body: string }[], partitionKey: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await producer.sendBatch(events, { partitionKey })
    } catch (error) {
      if (attempt === 20) throw error
      await pause(200)
    }
  }
}

test('the archive opens to the identity of Capture alone', async () => {
  const opens = async (identity: string) => {
    const { container } = endpoints.archive
    const service = new BlobServiceClient(
      archiveUrl(cloud.plan.ports),
      credential(tokenOf(identity))
    )
    const first = service.getContainerClient(container).listBlobsFlat().next()
    return first.then(
      () => 'opened',
      (error: { statusCode?: number }) => error.statusCode
    )
  }
  expect(await opens('capture')).toBe('opened')
  for (const other of ['aggregate', 'admin', 'gateway', 'iotHub']) {
    expect(await opens(other)).toBe(403)
  }
})

test('the key of the archive opens no other account', async () => {
  const { connectionString } = endpoints.archive
  const elsewhere = connectionString.replaceAll('starchive', 'staggregate')
  const service = BlobServiceClient.fromConnectionString(elsewhere)
  await expect(service.listContainers().next()).rejects.toThrow('Authentication information')
})

/** A token for Storage of one of our own identities. */
function tokenOf(identity: string) {
  return async () => {
    const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = (await identitySettings(cloud.plan))(
      identity
    )
    const query = 'api-version=2019-08-01&resource=https://storage.azure.com/'
    const answer = await fetch(`${IDENTITY_ENDPOINT}?${query}`, {
      headers: { 'x-identity-header': IDENTITY_HEADER }
    })
    return ((await answer.json()) as { access_token: string }).access_token
  }
}
