import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import device from 'azure-iot-device'
import { Mqtt } from 'azure-iot-device-mqtt'
import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { makeDeviceCertificates } from '../../infra/local/certificates.ts'
import { type EventHubs, startEventHubs } from '../../infra/local/eventHubs/server.ts'
import { type IotHub, type IotHubOptions, startIotHub } from '../../infra/local/iotHub/server.ts'
import type { Tls } from '../../infra/local/standIn.ts'
import { AUDIENCE, credential, hubSettings, keyConsumer, receive } from './eventHubsNamespace.ts'

const { Client, Message } = device

export const HOST = 'grandstand.azure-devices.net'
export const IOT_AUDIENCE = 'https://iothubs.azure.net'
export const keyOf = (deviceId: string) =>
  createHmac('sha256', 'a test').update(deviceId).digest('base64')

/** Cars 1 and 2 come by key, 3 and 4 by certificate; 8 and 9 are disabled. */
const authority = await makeDeviceCertificates(['car-3', 'car-4', 'car-9'])
export const { devices: certificates } = authority
const DEVICES = [
  ...['car-1', 'car-2'].map(deviceId => ({ deviceId, key: keyOf(deviceId) })),
  { deviceId: 'car-3' },
  { deviceId: 'car-4' },
  { deviceId: 'car-8', key: keyOf('car-8'), disabled: true },
  { deviceId: 'car-9', disabled: true }
]

const { publicKey, privateKey } = await generateKeyPair('RS256')
/** A token of the identity of this name, as Entra ID would sign it. */
export const tokenOf = (app: string, audience: string, key = privateKey) =>
  new SignJWT({ app_displayname: app })
    .setProtectedHeader({ alg: 'RS256' })
    .setAudience(audience)
    .setExpirationTime('1 hour')
    .sign(key)

/** An event hub and the IoT Hub that routes to it; each can be stopped and started on its files and ports. */
export async function startFleet() {
  const settings = {
    ...hubSettings(),
    checkToken: async (token: string, audience: string | string[]) =>
      (await jwtVerify(token, publicKey, { audience })).payload
  }
  const dir = mkdtempSync(join(tmpdir(), 'iot-hub-'))
  let events: EventHubs
  let iot: IotHub
  let eventPorts = settings.ports
  let iotPorts = { mqtts: 0, rest: 0 }
  const ca = settings.tls.cert
  const opened: { close(): Promise<unknown> }[] = []
  const kept = <C extends { close(): Promise<unknown> }>(client: C): C => {
    opened.push(client)
    return client
  }

  const startEvents = async () => {
    const isRouter = (claims: object) =>
      'app_displayname' in claims && claims.app_displayname === 'iotHub'
    events = await startEventHubs({ ...settings, ports: eventPorts, isRouter })
    const { amqpsPort: amqps, amqpPort: amqp, restUrl } = events
    eventPorts = { amqps, amqp, rest: Number(new URL(restUrl).port) }
  }
  const startIot = async (changed: Partial<IotHubOptions> = {}) => {
    iot = await startIotHub({
      dir,
      ports: iotPorts,
      tls: settings.tls,
      hostName: HOST,
      devices: DEVICES,
      deviceCa: authority.ca,
      eventHub: {
        namespace: events.url,
        hub: settings.hub,
        credential: credential(() => tokenOf('iotHub', AUDIENCE))
      },
      checkToken: settings.checkToken,
      isAllowed: ({ app_displayname }, right) =>
        app_displayname === 'admin' || (app_displayname === 'reader' && right === 'read'),
      ...changed
    })
    const port = (address: string) => Number(address.split(':').at(-1))
    iotPorts = { mqtts: port(iot.gatewayHostName), rest: port(iot.url) }
  }

  await startEvents()
  await startIot()
  return {
    startEvents,
    startIot,
    stopEvents: () => events.close(),
    stopIot: () => iot.close(),
    /** The client of a device that is not open yet. Unless `patient` it does not try anything twice. */
    async client(deviceId: string, { tls, key, patient }: ClientOptions = {}) {
      const gateway = iot.gatewayHostName
      const client = Client.fromConnectionString(
        tls
          ? `HostName=${gateway};DeviceId=${deviceId};x509=true`
          : `HostName=${HOST};DeviceId=${deviceId};SharedAccessKey=${key ?? keyOf(deviceId)};GatewayHostName=${gateway}`,
        Mqtt
      )
      if (!patient) client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 })
      await client.setOptions({ ca, ...tls })
      return kept(client)
    },
    /** An open one. */
    async device(deviceId: string, options: ClientOptions = {}) {
      const client = await this.client(deviceId, options)
      await client.open()
      return client
    },
    /** Calls the service side. */
    async call(method: string, path: string, body?: unknown, token?: string) {
      const answer = await fetch(`${iot.url}${path}?api-version=2021-04-12`, {
        method,
        headers: { authorization: `Bearer ${token ?? (await tokenOf('admin', IOT_AUDIENCE))}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
      return { status: answer.status, body: await answer.json(), headers: answer.headers }
    },
    /** Reads the event hub from its beginning until `enough` events of the device are there. */
    async events(deviceId: string, enough: number) {
      const own = (all: Received) => all.filter(event => event.partitionKey === deviceId)
      const all = await receive(keyConsumer(events), found => own(found).length >= enough)
      return own(all)
    },
    /** Bodies of the device's events, once `isAll` says that all are there. */
    async bodies(deviceId: string, isAll: (bodies: unknown[]) => boolean) {
      const own = (all: Received) =>
        all.filter(event => event.partitionKey === deviceId).map(event => event.body)
      return own(await receive(keyConsumer(events), found => isAll(own(found))))
    },
    /** Bodies of the device's events, up to this one: whatever came before it is among them. */
    bodiesUpTo(deviceId: string, last: object) {
      const text = JSON.stringify(last)
      return this.bodies(deviceId, all => all.some(body => JSON.stringify(body) === text))
    },
    get ca() {
      return ca
    },
    /** `host:port` of the service side. */
    get serviceHost() {
      return new URL(iot.url).host
    },
    get gateway() {
      return iot.gatewayHostName
    },
    get eventHub() {
      return events
    },
    async closeClients() {
      for (const client of opened.splice(0)) await client.close()
    },
    async close() {
      await this.closeClients()
      await iot.close()
      await events.close()
      rmSync(dir, { recursive: true, force: true })
    }
  }
}

type Received = Awaited<ReturnType<typeof receive>>
type ClientOptions = { tls?: Tls | undefined; key?: string; patient?: boolean }
export type Fleet = Awaited<ReturnType<typeof startFleet>>
export type DeviceClient = Awaited<ReturnType<Fleet['client']>>

/** What the client's transport speaks underneath: for what no client does of itself. */
type Wire = {
  connect(config: object, done: (error?: Error) => void): void
  publish(topic: string, payload: string | Buffer, options: object, done: Done): void
  subscribe(topic: string, options: object, done: Done): void
  on(event: 'message', heard: (topic: string) => void): void
}
type Done = (error?: Error, result?: unknown) => void
export const wireOf = (client: DeviceClient): Wire =>
  (client._transport as unknown as { _mqtt: Wire })._mqtt

/** Every topic that the client hears from now on. */
export function heardBy(client: DeviceClient): string[] {
  const topics: string[] = []
  wireOf(client).on('message', topic => topics.push(topic))
  return topics
}

/** Resolves with the error that ends the connection. */
export const disconnected = async (client: DeviceClient): Promise<Error | undefined> => {
  const [{ transportObj }] = (await once(client, 'disconnect')) as [{ transportObj?: Error }]
  return transportObj
}

/** A device's token; `se` in s since 1970. */
export function signature(
  path: string,
  key: string,
  { se = Math.floor(Date.now() / 1_000) + 3_600, skn = '' } = {}
): string {
  const sr = encodeURIComponent(path)
  const sig = createHmac('sha256', Buffer.from(key, 'base64')).update(`${sr}\n${se}`)
  const name = skn && `&skn=${skn}`
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig.digest('base64'))}&se=${se}${name}`
}

export const messageOf = (body: string | Buffer, properties: Record<string, string> = {}) => {
  const message = new Message(body)
  for (const [name, value] of Object.entries(properties)) message.properties.add(name, value)
  return message
}
