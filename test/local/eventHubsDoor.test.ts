import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  latestEventPosition,
  type ReceivedEventData
} from '@azure/event-hubs'
import { generateKeyPair } from 'jose'
import rhea from 'rhea'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { partitionOfKey } from '../../infra/local/eventHubs/partitionKey.ts'
import type { EventHubs } from '../../infra/local/eventHubs/server.ts'
import {
  AUDIENCE,
  bodies,
  closeClients,
  closeHubs,
  count,
  credential,
  GROUP,
  goodCredential,
  HUB,
  hubSettings,
  KEY,
  kept,
  keyConsumer,
  keyProducer,
  live,
  post,
  RETRY,
  receive,
  sign,
  startHub
} from './eventHubsNamespace.ts'

if (live) console.info('Skipped against Azure: the tests of keys and tokens.')

vi.setConfig({ testTimeout: 20_000 })

/** The code of what the client gave up with: the last error of all its attempts. */
const codeOf = (work: Promise<unknown>): Promise<string> => {
  const lastCode = (error: { code?: string; errors?: { code: string }[] }): string =>
    error.errors ? lastCode(error.errors.at(-1)!) : String(error.code)
  return work.then(() => 'nothing was refused', lastCode)
}

describe.skipIf(live)('The local hub at its door', () => {
  let hub: EventHubs
  beforeAll(async () => {
    hub = await startHub(hubSettings())
  })
  afterEach(closeClients)
  afterAll(closeHubs)

  it('serves connection strings over plain AMQP, to every declared consumer group', async () => {
    await keyProducer(hub).sendBatch([{ body: 'by key', properties: { door: 'plain' } }])
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
    const producer = keyProducer(hub)
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
    const unknown = new EventHubProducerClient(hub.url, 'nothing', goodCredential, RETRY)
    expect(await codeOf(kept(unknown).sendBatch([{ body: 1 }]))).toBe(
      'MessagingEntityNotFoundError'
    )
    expect(await codeOf(keyProducer(hub).sendBatch([{ body: 1 }], { partitionId: '9' }))).toBe(
      'ArgumentOutOfRangeError'
    )
    const noGroup = receive(keyConsumer(hub, 'nobody'), count(1), { partition: '0' })
    expect(await codeOf(noGroup)).toBe('MessagingEntityNotFoundError')
    const refused = Promise.withResolvers<string>()
    const metric = keyConsumer(hub).subscribe(
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
    const status = async (
      body: string,
      headers: Record<string, string> = {},
      path = `/${HUB}/messages?timeout=60`
    ) => (await post(`${hub.restUrl}${path}`, body, headers)).status
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
    const producer = keyProducer(hub)
    for (let n = 0; n < 10; n++)
      await producer.sendBatch(
        Array.from({ length: 500 }, (_, i) => ({ body: { n: n * 500 + i, pad: 'x'.repeat(600) } })),
        { partitionId: '0' }
      )
    const ours = (events: ReceivedEventData[]) =>
      events.filter(event => event.body.pad !== undefined)
    const events = await receive(keyConsumer(hub), all => ours(all).length >= 5_000, {
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
