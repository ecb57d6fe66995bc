import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import tls from 'node:tls'
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type ReceivedEventData
} from '@azure/event-hubs'
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity'
import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import rhea from 'rhea'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openLog } from '../../infra/local/eventHubs/log.ts'
import { partitionOfKey } from '../../infra/local/eventHubs/partitionKey.ts'
import {
  type EventHubs,
  type EventHubsOptions,
  startEventHubs
} from '../../infra/local/eventHubs/server.ts'

const HUB = 'telemetry'
const GROUP = '$Default'
const PARTITIONS = 4
const KEY = { name: 'local', value: 'bG9jYWwgc2VjcmV0IGtleQ==' }
const AUDIENCE = 'https://eventhubs.azure.net'
const WAIT_MS = 10_000
const RETRY = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 500, timeoutInMs: 4_000 }
}

const {
  AZURE_LIVE,
  EVENT_HUBS_NAMESPACE: liveNamespace = '',
  EVENT_HUB: liveHub = ''
} = process.env
const live = AZURE_LIVE === '1' && liveNamespace !== '' && liveHub !== ''
if (live)
  console.info('Skipped: tests of files, keys, tokens and kill -9, which need the local hub.')

const { publicKey, privateKey } = await generateKeyPair('RS256')
const pair = await generate([{ name: 'commonName', value: 'localhost' }], {
  extensions: [
    { name: 'basicConstraints', cA: true, critical: true },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' }
      ]
    }
  ]
})
tls.setDefaultCACertificates([...tls.getCACertificates('default'), pair.cert])

vi.setConfig({ testTimeout: 20_000 })

const dirs: string[] = []
function options(dir = mkdtempSync(join(tmpdir(), 'event-hubs-'))): EventHubsOptions {
  dirs.push(dir)
  return {
    dir,
    ports: { amqps: 0, amqp: 0, rest: 0 },
    tls: { key: pair.private, cert: pair.cert },
    hub: HUB,
    partitions: PARTITIONS,
    consumerGroups: ['aggregate'],
    key: KEY,
    checkToken: async (token, audience) => (await jwtVerify(token, publicKey, { audience })).payload
  }
}

const sign = (audience: string, seconds: number, key = privateKey) =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setAudience(audience)
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(key)

const credential = (token: () => Promise<string>) => ({
  getToken: async () => ({ token: await token(), expiresOnTimestamp: Date.now() + 3_600_000 })
})
const good = credential(() => sign(AUDIENCE, 3_600))

let hub: EventHubs
const clients: { close(): Promise<void> }[] = []
const kept = <C extends { close(): Promise<void> }>(client: C): C => {
  clients.push(client)
  return client
}

/** The hub under test by Entra ID: the real namespace, or the stand-in over TLS. */
const entra = (): [string, string, TokenCredential] =>
  live ? [liveNamespace, liveHub, new DefaultAzureCredential()] : [hub.url, HUB, good]
const entraProducer = () => kept(new EventHubProducerClient(...entra(), RETRY))
const entraConsumer = () => kept(new EventHubConsumerClient(GROUP, ...entra(), RETRY))
/** By connection string over plain AMQP. */
const keyProducer = (of = hub) => kept(new EventHubProducerClient(of.connectionString, RETRY))
const keyConsumer = (of = hub, group = GROUP) =>
  kept(new EventHubConsumerClient(group, of.connectionString, RETRY))

/** Posts one event as the gateway does. */
async function post(body: string, headers: Record<string, string> = {}, path?: string) {
  const token = live
    ? (await new DefaultAzureCredential().getToken(`${AUDIENCE}/.default`)).token
    : await sign(AUDIENCE, 600)
  const base = live ? `https://${liveNamespace}/${liveHub}` : `${hub.restUrl}/${HUB}`
  return fetch(path === undefined ? `${base}/messages?timeout=60` : `${hub.restUrl}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/atom+xml;type=entry;charset=utf-8',
      ...headers
    },
    body
  })
}

type Wanted = { from?: EventPosition; partition?: string }

/** Reads until `enough` says so; rejects at the first error or after the wait. */
function receive(
  consumer: EventHubConsumerClient,
  enough: (events: ReceivedEventData[]) => boolean,
  { from = earliestEventPosition, partition }: Wanted = {},
  started: () => void = () => undefined
): Promise<ReceivedEventData[]> {
  const events: ReceivedEventData[] = []
  const { promise, resolve, reject } = Promise.withResolvers<ReceivedEventData[]>()
  const timer = setTimeout(
    () =>
      reject(
        new Error(`Only ${events.length} events came: ${JSON.stringify(events.map(e => e.body))}`)
      ),
    WAIT_MS
  )
  const handlers = {
    processInitialize: async () => started(),
    processEvents: async (batch: ReceivedEventData[]) => {
      events.push(...batch)
      if (enough(events)) resolve(events)
    },
    processError: async (error: Error) => reject(error)
  }
  const position = { startPosition: from, maxWaitTimeInSeconds: 1, maxBatchSize: 500 }
  const subscription =
    partition === undefined
      ? consumer.subscribe(handlers, position)
      : consumer.subscribe(partition, handlers, position)
  return promise.finally(async () => {
    clearTimeout(timer)
    await subscription.close()
  })
}

const count = (n: number) => (events: ReceivedEventData[]) => events.length >= n
const bodies = (events: ReceivedEventData[]) => events.map(event => event.body)
/** The code of what the client gave up with: the last error of all its attempts. */
const codeOf = (work: Promise<unknown>): Promise<string> => {
  const lastCode = (error: { code?: string; errors?: { code: string }[] }): string =>
    error.errors ? lastCode(error.errors.at(-1)!) : String(error.code)
  return work.then(() => 'nothing was refused', lastCode)
}

const hubs: EventHubs[] = []
const children: ChildProcess[] = []
/** Starts a hub that is closed after all tests at the latest. */
async function start(settings: EventHubsOptions): Promise<EventHubs> {
  const started = await startEventHubs(settings)
  hubs.push(started)
  return started
}

beforeAll(async () => {
  if (!live) hub = await start(options())
})
afterEach(() => Promise.all(clients.splice(0).map(client => client.close())))
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(hubs.map(each => each.close()))
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

describe('Event Hubs with the official clients', () => {
  /** A race nobody else writes to: on the real hub other events may lie about. */
  const mine = randomUUID()
  const ofMine = (n: number, name: string) => (events: ReceivedEventData[]) =>
    events.filter(event => event.properties?.run === `${mine}.${name}`).length >= n
  const since = () => ({ from: { enqueuedOn: Date.now() - 60_000 } })

  it('delivers what a producer sent, with properties and types intact, by token over TLS', async () => {
    const producer = entraProducer()
    const properties = { run: `${mine}.typed`, bib: 17, valid: true, note: 'é' }
    await producer.sendBatch([
      { body: { lap: 1 }, properties, messageId: 'm-1', contentType: 'application/json' },
      { body: Buffer.from([1, 2, 3]), properties }
    ])
    const events = await receive(entraConsumer(), ofMine(2, 'typed'), since())
    const [first, second] = events.filter(event => event.properties?.run === properties.run)
    expect(first).toMatchObject({
      body: { lap: 1 },
      properties,
      messageId: 'm-1',
      contentType: 'application/json'
    })
    expect(Buffer.from(second?.body)).toEqual(Buffer.from([1, 2, 3]))
  })

  it('keeps a partition key on one partition, in order, with rising numbers', async () => {
    const producer = entraProducer()
    const properties = { run: `${mine}.keyed` }
    for (const n of [0, 1, 2])
      await producer.sendBatch(
        [
          { body: n, properties },
          { body: n + 10, properties }
        ],
        {
          partitionKey: 'car-16'
        }
      )
    const { partitionIds } = await producer.getEventHubProperties()
    const partition = String(partitionOfKey('car-16', partitionIds.length))
    const all = await receive(entraConsumer(), ofMine(6, 'keyed'), { ...since(), partition })
    const events = all.filter(event => event.properties?.run === properties.run)
    expect(bodies(events)).toEqual([0, 10, 1, 11, 2, 12])
    expect(new Set(events.map(event => event.partitionKey))).toEqual(new Set(['car-16']))
    const numbers = events.map(event => event.sequenceNumber)
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  })

  it('brings events posted by HTTPS to the consumer with their properties and partition key', async () => {
    const run = `${mine}.rest`
    const response = await post('{"seq":1}', {
      run,
      bib: '17',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      BrokerProperties: JSON.stringify({ PartitionKey: 'spring-cup.0' })
    })
    expect([response.status, await response.text()]).toEqual([201, ''])
    const events = await receive(entraConsumer(), ofMine(1, 'rest'), since())
    const event = events.find(each => each.properties?.run === run)
    expect(event).toMatchObject({ partitionKey: 'spring-cup.0' })
    expect(String(event?.properties?.bib)).toBe('17')
    if (!live) {
      expect(event).toMatchObject({ body: { seq: 1 }, properties: { run, bib: '17' } })
      expect(Object.keys(event?.properties ?? {})).toEqual(['run', 'bib'])
    }
  })

  it('resumes after a sequence number and after an offset', async () => {
    const properties = { run: `${mine}.resume` }
    const producer = entraProducer()
    for (const body of [1, 2, 3])
      await producer.sendBatch([{ body, properties }], { partitionId: '1' })
    const all = await receive(entraConsumer(), ofMine(3, 'resume'), { ...since(), partition: '1' })
    const [first, second] = all.filter(event => event.properties?.run === properties.run)
    const read = async (from: EventPosition, n: number) => {
      const events = await receive(entraConsumer(), ofMine(n, 'resume'), { from, partition: '1' })
      return bodies(events.filter(event => event.properties?.run === properties.run))
    }
    expect(await read({ sequenceNumber: first!.sequenceNumber }, 2)).toEqual([2, 3])
    expect(await read({ sequenceNumber: first!.sequenceNumber, isInclusive: true }, 3)).toEqual([
      1, 2, 3
    ])
    expect(await read({ offset: second!.offset }, 1)).toEqual([3])
  })

  it('describes the hub and its partitions', async () => {
    const producer = entraProducer()
    await producer.sendBatch([{ body: 'last' }], { partitionId: '2' })
    const { partitionIds } = await producer.getEventHubProperties()
    expect(partitionIds).toContain('2')
    const partition = await producer.getPartitionProperties('2')
    expect(partition.isEmpty).toBe(false)
    const from = { sequenceNumber: partition.lastEnqueuedSequenceNumber, isInclusive: true }
    const [last] = await receive(entraConsumer(), count(1), { from, partition: '2' })
    expect(last).toMatchObject({ body: 'last', offset: partition.lastEnqueuedOffset })
    expect(last?.enqueuedTimeUtc).toEqual(partition.lastEnqueuedOnUtc)
  })

  it('detaches a reader when another with its epoch arrives, and refuses one with a lower', async () => {
    const loser = Promise.withResolvers<string>()
    const opened = Promise.withResolvers<void>()
    const first = entraConsumer().subscribe(
      '3',
      {
        processEvents: async () => opened.resolve(),
        processError: async error =>
          loser.resolve('code' in error ? String(error.code) : error.message)
      },
      { ownerLevel: 1, startPosition: latestEventPosition, maxWaitTimeInSeconds: 1 }
    )
    await opened.promise
    const second = entraConsumer().subscribe(
      '3',
      { processEvents: async () => undefined, processError: async () => undefined },
      { ownerLevel: 1, startPosition: latestEventPosition, maxWaitTimeInSeconds: 1 }
    )
    expect(await loser.promise).toBe('ReceiverDisconnectedError')
    const refused = Promise.withResolvers<string>()
    const third = entraConsumer().subscribe(
      '3',
      {
        processEvents: async () => undefined,
        processError: async error =>
          refused.resolve('code' in error ? String(error.code) : error.message)
      },
      { ownerLevel: 0, startPosition: latestEventPosition, maxWaitTimeInSeconds: 1 }
    )
    expect(await refused.promise).toBe('ReceiverDisconnectedError')
    await Promise.all([first, second, third].map(subscription => subscription.close()))
  })
})

describe.skipIf(live)('The local hub at its door', () => {
  it('serves connection strings over plain AMQP, to every declared consumer group', async () => {
    await keyProducer().sendBatch([{ body: 'by key', properties: { door: 'plain' } }])
    const seen = (events: ReceivedEventData[]) => events.some(event => event.body === 'by key')
    for (const group of [GROUP, 'aggregate'])
      expect(bodies(await receive(keyConsumer(hub, group), seen))).toContain('by key')
  })

  it('refuses a wrong key, a foreign, an expired and a misdirected token', async () => {
    const forged = hub.connectionString.replace(KEY.value, 'd3Jvbmc=')
    const { privateKey: foreign } = await generateKeyPair('RS256')
    const byToken = (token: () => Promise<string>) =>
      new EventHubProducerClient(hub.url, HUB, credential(token), RETRY)
    const producers = [
      new EventHubProducerClient(forged, RETRY),
      byToken(() => sign(AUDIENCE, 600, foreign)),
      byToken(() => sign(AUDIENCE, -120)),
      byToken(() => sign('https://storage.azure.com', 600))
    ]
    const codes = producers.map(producer => codeOf(kept(producer).sendBatch([{ body: 1 }])))
    expect(await Promise.all(codes)).toEqual(producers.map(() => 'UnauthorizedError'))
  })

  it('refuses links on a connection without a token', async () => {
    const connection = rhea.create_container().connect({ port: hub.amqpPort, reconnect: false })
    const address = `${HUB}/ConsumerGroups/${GROUP}/Partitions/0`
    const links = [
      connection.open_sender(HUB),
      connection.open_sender('$management'),
      connection.open_receiver(address)
    ]
    const errors = links.map(async link => {
      const side = link.is_sender() ? 'sender' : 'receiver'
      await once(link, `${side}_error`)
      return link.error
    })
    for (const error of await Promise.all(errors))
      expect(error).toMatchObject({ condition: 'amqp:unauthorized-access' })
    connection.close()
  })

  it('detaches a reader whose token expired; the client comes back with a fresh one and misses nothing', async () => {
    let issued = 0
    const short = credential(() => {
      issued++
      return sign(AUDIENCE, 2)
    })
    const consumer = kept(new EventHubConsumerClient(GROUP, hub.url, HUB, short, RETRY))
    const producer = keyProducer()
    let issuedAtFirst = 0
    const ticking = (events: ReceivedEventData[]) => {
      issuedAtFirst ||= issued
      return issued > issuedAtFirst && events.length > 2
    }
    const ticks = setInterval(
      () => producer.sendBatch([{ body: 'tick' }], { partitionId: '0' }),
      200
    )
    const events = await receive(consumer, ticking, { partition: '0', from: latestEventPosition })
    clearInterval(ticks)
    const [first] = events
    expect(events.map(event => event.sequenceNumber - first!.sequenceNumber)).toEqual([
      ...events.keys()
    ])
  })

  it('accepts the audience with a trailing slash', async () => {
    const slash = credential(() => sign(`${AUDIENCE}/`, 600))
    await kept(new EventHubProducerClient(hub.url, HUB, slash, RETRY)).sendBatch([
      { body: 'slash' }
    ])
  })

  it('refuses what is not there, and options that it does not serve', async () => {
    const unknown = new EventHubProducerClient(hub.url, 'nothing', good, RETRY)
    expect(await codeOf(kept(unknown).sendBatch([{ body: 1 }]))).toBe(
      'MessagingEntityNotFoundError'
    )
    expect(await codeOf(keyProducer().sendBatch([{ body: 1 }], { partitionId: '9' }))).toBe(
      'ArgumentOutOfRangeError'
    )
    const noGroup = receive(keyConsumer(hub, 'nobody'), count(1), { partition: '0' })
    expect(await codeOf(noGroup)).toBe('MessagingEntityNotFoundError')
    const refused = Promise.withResolvers<string>()
    const metric = keyConsumer().subscribe(
      '0',
      {
        processEvents: async () => undefined,
        processError: async error => refused.resolve(error.message)
      },
      { trackLastEnqueuedEventProperties: true }
    )
    expect(await refused.promise).toContain(
      'Not served: com.microsoft:enable-receiver-runtime-metric'
    )
    await metric.close()
  })

  it('answers HTTPS as the service does', async () => {
    const sas = (expiry: number) => {
      const resource = encodeURIComponent(`${hub.restUrl}/${HUB}`)
      const signature = createHmac('sha256', KEY.value)
        .update(`${resource}\n${expiry}`)
        .digest('base64')
      return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${KEY.name}`
    }
    const now = Math.floor(Date.now() / 1000)
    const status = async (...args: Parameters<typeof post>) => (await post(...args)).status
    expect(await status('1', { authorization: sas(now + 60) })).toBe(201)
    expect(await status('1', { authorization: sas(now - 60) })).toBe(401)
    expect(await status('1', { authorization: '' })).toBe(401)
    expect(await status('1', { authorization: `Bearer ${await sign(AUDIENCE, -120)}` })).toBe(401)
    expect(await status('1', { BrokerProperties: 'car-16' })).toBe(400)
    expect(await status('x'.repeat(2 ** 20 + 1))).toBe(413)
    expect(await status('1', {}, '/nothing/messages')).toBe(404)
    expect(await status('1', {}, `/${HUB}/partitions/0/messages`)).toBe(501)
    expect(
      await status('[]', { 'content-type': 'application/vnd.microsoft.servicebus.json' })
    ).toBe(501)
  })

  it('delivers thousands of events to a reader that starts at the beginning', async () => {
    const producer = keyProducer()
    for (let n = 0; n < 10; n++)
      await producer.sendBatch(
        Array.from({ length: 500 }, (_, i) => ({ body: { n: n * 500 + i, pad: 'x'.repeat(600) } })),
        { partitionId: '0' }
      )
    const ours = (events: ReceivedEventData[]) =>
      events.filter(event => event.body.pad !== undefined)
    const events = await receive(keyConsumer(), all => ours(all).length >= 5_000, {
      partition: '0'
    })
    expect(ours(events).map(event => event.body.n)).toEqual(
      Array.from({ length: 5_000 }, (_, n) => n)
    )
  })

  it('places keys as the service does', () => {
    const table = {
      'car-1': [1, 1, 1, 17],
      'car-16': [0, 4, 12, 28],
      'car-44': [2, 6, 14, 14],
      '7': [3, 7, 15, 31],
      'driver-VER': [3, 3, 3, 3],
      'race-2024-01-car-0063': [0, 4, 12, 28]
    }
    for (const [key, expected] of Object.entries(table))
      expect([4, 8, 16, 32].map(partitions => partitionOfKey(key, partitions))).toEqual(expected)
  })
})

/** Runs the stand-in in a process of its own, under the shell's `limits`. */
async function launch(settings: EventHubsOptions, limits = ':') {
  const server = new URL('../../infra/local/eventHubs/server.ts', import.meta.url).href
  const script = `
    import { startEventHubs } from ${JSON.stringify(server)}
    const checkToken = async () => { throw new Error('Keys alone') }
    const hub = await startEventHubs({ ...${JSON.stringify(settings)}, checkToken })
    console.log(hub.connectionString)`
  const node = [process.execPath, '--input-type=module', '-e', script]
  const child = spawn('sh', ['-c', `${limits}; exec "$0" "$@"`, ...node], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  children.push(child)
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, connectionString: String(line) }
}

/** Sends from four producers without retries until each is refused; resolves to what was acknowledged. */
async function sendUntilRefused(connectionString: string, onSent: (events: number) => void) {
  const noRetry = { retryOptions: { maxRetries: 0, timeoutInMs: 2_000 } }
  const acknowledged: string[] = []
  const loops = [0, 1, 2, 3].map(async loop => {
    const producer = kept(new EventHubProducerClient(connectionString, noRetry))
    for (let n = 0; ; n++) {
      const ids = Array.from({ length: 20 }, (_, i) => `${loop}-${n}-${i}`)
      const sent = await producer.sendBatch(ids.map(body => ({ body }))).then(
        () => true,
        () => false
      )
      if (!sent) return
      acknowledged.push(...ids)
      onSent(acknowledged.length)
    }
  })
  await Promise.all(loops)
  return acknowledged
}

/** Those of the acknowledged events that a hub started anew on the same files does not have. */
async function missing(acknowledged: string[], settings: EventHubsOptions): Promise<string[]> {
  const absent = new Set(acknowledged)
  const all = keyConsumer(await start(settings))
  const found = (events: ReceivedEventData[]) => {
    for (const event of events.splice(0)) absent.delete(event.body)
    return absent.size === 0
  }
  await receive(all, found).catch(() => undefined)
  return [...absent]
}

describe.skipIf(live)('The local hub across restarts', () => {
  it('stops accepting once a write has failed', async () => {
    const { dir } = options()
    const log = openLog(dir, 2, Date.now)
    const [broken, whole] = log.partitions
    const event = { key: '', message: Buffer.from('event') }
    await log.append(whole!, [event])
    broken!.close()
    await expect(log.append(broken!, [event])).rejects.toThrow('The log stopped')
    await expect(log.append(whole!, [event])).rejects.toThrow('The log stopped')
    expect(whole!.reach.nextSequence).toBe(1)
    whole!.close()
  })

  it('keeps every event and goes on counting; a reset forgets all', async () => {
    const settings = options()
    const before = await startEventHubs(settings)
    await keyProducer(before).sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '0' })
    await before.close()
    const after = await start(settings)
    await keyProducer(after).sendBatch([{ body: 'c' }], { partitionId: '0' })
    const events = await receive(keyConsumer(after), count(3), { partition: '0' })
    expect(events.map(event => [event.body, event.sequenceNumber])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2]
    ])
    const times = events.map(event => event.enqueuedTimeUtc.getTime())
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    await after.reset()
    expect(await keyProducer(after).getPartitionProperties('0')).toMatchObject({ isEmpty: true })
    await keyProducer(after).sendBatch([{ body: 'd' }], { partitionId: '0' })
    const [fresh] = await receive(keyConsumer(after), count(1), { partition: '0' })
    expect(fresh).toMatchObject({ body: 'd', sequenceNumber: 0 })
  })

  it('drops a torn last record and writes on behind the last whole one', async () => {
    const settings = options()
    const before = await startEventHubs(settings)
    await keyProducer(before).sendBatch([{ body: 'whole' }], { partitionId: '1' })
    await before.close()
    const file = readdirSync(settings.dir)
      .map(name => join(settings.dir, name))
      .find(path => statSync(path).size > 0)!
    appendFileSync(file, Buffer.from([0, 0, 1, 0, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 1]))
    const after = await start(settings)
    await keyProducer(after).sendBatch([{ body: 'next' }], { partitionId: '1' })
    const events = await receive(keyConsumer(after), count(2), { partition: '1' })
    expect(events.map(event => [event.body, event.sequenceNumber])).toEqual([
      ['whole', 0],
      ['next', 1]
    ])
  })

  it('still has every acknowledged event after kill -9 while a producer sends', async () => {
    const settings = options()
    const { child, connectionString } = await launch(settings)
    const acknowledged = await sendUntilRefused(connectionString, sent => {
      if (sent > 2_000) child.kill('SIGKILL')
    })
    expect(child.killed).toBe(true)
    expect(await missing(acknowledged, settings)).toEqual([])
  })

  it('acknowledges nothing that a full disk does not take', async () => {
    const settings = options()
    const { child, connectionString } = await launch(settings, 'ulimit -f 64')
    const acknowledged = await sendUntilRefused(connectionString, () => undefined)
    expect(acknowledged.length).toBeGreaterThan(100)
    child.kill('SIGKILL')
    expect(await missing(acknowledged, settings)).toEqual([])
  })
})
