import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  type ReceivedEventData
} from '@azure/event-hubs'
import { DefaultAzureCredential } from '@azure/identity'
import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { generate } from 'selfsigned'
import {
  type EventHubs,
  type EventHubsOptions,
  startEventHubs
} from '../../infra/local/eventHubs/server.ts'

export const HUB = 'telemetry'
export const GROUP = '$Default'
export const KEY = { name: 'local', value: 'bG9jYWwgc2VjcmV0IGtleQ==' }
export const AUDIENCE = 'https://eventhubs.azure.net'
/** How long events that must come may take, in ms. */
const WAIT_MS = 10_000
export const RETRY = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 500, timeoutInMs: 4_000 }
}

const {
  AZURE_LIVE,
  EVENT_HUBS_NAMESPACE: liveNamespace = '',
  EVENT_HUBS_CONNECTION_STRING: emulator = '',
  EVENT_HUB: liveHub = ''
} = process.env
/** The real hub, where the tests run against Azure; with a connection string it is Microsoft's emulator, which knows no identities. */
export const live =
  AZURE_LIVE === '1' && (liveNamespace || emulator) !== '' && liveHub !== ''
    ? { namespace: liveNamespace, hub: liveHub, emulator }
    : undefined

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

const dirs: string[] = []
/** The settings of a hub with files of its own. */
export function hubSettings(): EventHubsOptions {
  const dir = mkdtempSync(join(tmpdir(), 'event-hubs-'))
  dirs.push(dir)
  return {
    dir,
    ports: { amqps: 0, amqp: 0, rest: 0 },
    tls: { key: pair.private, cert: pair.cert },
    hub: HUB,
    partitions: 4,
    consumerGroups: ['aggregate'],
    key: KEY,
    checkToken: async (token, audience) => (await jwtVerify(token, publicKey, { audience })).payload
  }
}

const hubs: EventHubs[] = []
/** Starts a hub that `closeHubs` closes at the latest. */
export async function startHub(settings: EventHubsOptions): Promise<EventHubs> {
  const started = await startEventHubs(settings)
  hubs.push(started)
  return started
}

/** Closes all hubs and removes their files. */
export async function closeHubs(): Promise<void> {
  await Promise.all(hubs.map(each => each.close()))
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
}

/** A token that the hubs take, or would if it were not for the audience, the time (in seconds) or the key. */
export const sign = (audience: string, seconds: number, key = privateKey) =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setAudience(audience)
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(key)

export const credential = (token: () => Promise<string>) => ({
  getToken: async () => ({ token: await token(), expiresOnTimestamp: Date.now() + 3_600_000 })
})
export const goodCredential = credential(() => sign(AUDIENCE, 3_600))

const clients: { close(): Promise<void> }[] = []
/** Keeps a client until `closeClients`. */
export const kept = <C extends { close(): Promise<void> }>(client: C): C => {
  clients.push(client)
  return client
}
export const closeClients = () => Promise.all(clients.splice(0).map(client => client.close()))

/** By connection string over plain AMQP. */
export const keyProducer = (hub: EventHubs) =>
  kept(new EventHubProducerClient(hub.connectionString, RETRY))
export const keyConsumer = (hub: EventHubs, group = GROUP) =>
  kept(new EventHubConsumerClient(group, hub.connectionString, RETRY))

/** Posts one event as the gateway does. */
export async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const token = live
    ? (await new DefaultAzureCredential().getToken(`${AUDIENCE}/.default`)).token
    : await sign(AUDIENCE, 600)
  return fetch(url, {
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
export function receive(
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

export const count = (n: number) => (events: ReceivedEventData[]) => events.length >= n
export const bodies = (events: ReceivedEventData[]) => events.map(event => event.body)
