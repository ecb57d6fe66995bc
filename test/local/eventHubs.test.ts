import { randomUUID } from 'node:crypto'
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  latestEventPosition,
  type ReceivedEventData
} from '@azure/event-hubs'
import { DefaultAzureCredential, type TokenCredential } from '@azure/identity'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { partitionOfKey } from '../../infra/local/eventHubs/partitionKey.ts'
import type { EventHubs } from '../../infra/local/eventHubs/server.ts'
import {
  bodies,
  closeClients,
  closeHubs,
  count,
  GROUP,
  goodCredential,
  HUB,
  hubSettings,
  kept,
  live,
  post,
  RETRY,
  receive,
  startHub
} from './eventHubsNamespace.ts'

vi.setConfig({ testTimeout: 20_000 })

let hub: EventHubs
beforeAll(async () => {
  if (!live) hub = await startHub(hubSettings())
})
afterEach(closeClients)
afterAll(closeHubs)

/** The hub under test by Entra ID: the real namespace, or the stand-in over TLS. */
const entra = (): [string, string, TokenCredential] =>
  live ? [live.namespace, live.hub, new DefaultAzureCredential()] : [hub.url, HUB, goodCredential]
const entraProducer = () =>
  kept(
    live?.emulator
      ? new EventHubProducerClient(live.emulator, live.hub, RETRY)
      : new EventHubProducerClient(...entra(), RETRY)
  )
const entraConsumer = () =>
  kept(
    live?.emulator
      ? new EventHubConsumerClient(GROUP, live.emulator, live.hub, RETRY)
      : new EventHubConsumerClient(GROUP, ...entra(), RETRY)
  )
/** Microsoft's emulator speaks AMQP alone. */
const byHttps = it.skipIf(live?.emulator)
const messagesUrl = () =>
  `${live ? `https://${live.namespace}/${live.hub}` : `${hub.restUrl}/${HUB}`}/messages?timeout=60`

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

  byHttps(
    'brings events posted by HTTPS to the consumer with their properties and partition key',
    async () => {
      const run = `${mine}.rest`
      const response = await post(messagesUrl(), '{"seq":1}', {
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
    }
  )

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
