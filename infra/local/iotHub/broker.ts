import { promisify } from 'node:util'
import { Aedes, type Client, type Connection, type PublishPacket } from 'aedes'
import { checkDevice } from './access.ts'
import type { Methods } from './methods.ts'
import type { Entry, Registry } from './registry.ts'
import type { Route } from './route.ts'
import { DESIRED, isHeard, readTopic, TWIN_ANSWERS } from './topics.ts'
import { type Json, patched, shown } from './twin.ts'

/** Largest message, in bytes: topic and body. */
const MESSAGE_MAX_BYTES = 262_144
/** The longest timer that there is, in ms. */
const TIMER_MAX_MS = 2 ** 31 - 1
/** What CONNACK says to who may not connect. */
const NOT_AUTHORIZED = 5
/** What the client knows a twin's patch by that does not fit. */
const ARGUMENT_INVALID = 400_004

/** The side of the hub that devices connect to. */
export type Broker = {
  /** Serves a new TLS connection. */
  handle(connection: Connection): void
  isConnected(deviceId: string): boolean
  /** Sends to a device; false where it is away or its session does not hear `filter`, which must cover the topic. */
  tell(deviceId: string, filter: string, topic: string, payload: string): boolean
  /** Changes desired properties and tells the device; throws one sentence where the patch does not fit a twin. */
  patchDesired(entry: Entry, patch: Json): Promise<void>
  close(): Promise<void>
}

/** Serves MQTT 3.1.1 to the devices of `registry`. Whatever is not theirs to do ends the connection. */
export async function createBroker(options: {
  hostNames: string[]
  registry: Registry
  route: Route
  methods: Methods
}): Promise<Broker> {
  const { hostNames, registry, route, methods } = options
  const connected = new Map<string, Client>()

  function entryOf({ id }: Client): Entry {
    const entry = registry.entries.get(id)
    if (!entry) throw new Error('there is no such device')
    return entry
  }

  /** Lets a device in until its credentials expire; another connection of it is dropped first. */
  async function admit(client: Client, username?: string, password?: string): Promise<void> {
    const entry = entryOf(client)
    const credentials = { username, password, connection: client.conn }
    const until = checkDevice(entry.device, hostNames, credentials, Date.now())
    const timer = setTimeout(() => client.close(), Math.min(until - Date.now(), TIMER_MAX_MS))
    client.conn.once('close', () => clearTimeout(timer))
    if (client.clean) entry.topics.clear()
    await new Promise<void>(resolve => {
      const previous = connected.get(client.id)
      if (previous) previous.close(resolve)
      else resolve()
    })
  }

  async function publish(client: Client, packet: PublishPacket): Promise<void> {
    if (packet.qos === 2) throw new Error('QoS 2 is not served')
    if (packet.retain) throw new Error('retained messages are not served')
    const body = Buffer.from(packet.payload)
    const bytes = Buffer.byteLength(packet.topic) + body.length
    if (bytes > MESSAGE_MAX_BYTES)
      throw new Error(`${bytes} bytes are more than a message may have, ${MESSAGE_MAX_BYTES}`)
    const entry = entryOf(client)
    const publication = readTopic(packet.topic, client.id)
    entry.lastActivity = new Date()
    const { kind } = publication
    if (kind === 'telemetry')
      await route.send({ entry, bag: publication.bag, body }, () => !client.closed)
    else if (kind === 'getTwin') {
      const twin = { desired: shown(entry.desired), reported: shown(entry.reported) }
      answerTwin(client, `200/?$rid=${publication.rid}`, JSON.stringify(twin))
    } else if (kind === 'report') await report(client, entry, publication.rid, body)
    else methods.answered(client.id, publication.rid, publication.status, body.toString())
  }

  async function report(client: Client, entry: Entry, rid: string, body: Buffer): Promise<void> {
    try {
      entry.reported = patched(entry.reported, JSON.parse(body.toString()), new Date())
    } catch (error) {
      const refusal = { errorCode: ARGUMENT_INVALID, message: String(error) }
      answerTwin(client, `400/?$rid=${rid}`, JSON.stringify(refusal))
      return
    }
    const { version } = entry.reported
    await registry.save(entry)
    answerTwin(client, `204/?$rid=${rid}&$version=${version}`, '')
  }

  const answerTwin = ({ id }: Client, answer: string, payload: string) =>
    tell(id, TWIN_ANSWERS, `$iothub/twin/res/${answer}`, payload)

  function tell(deviceId: string, filter: string, topic: string, payload: string): boolean {
    const client = connected.get(deviceId)
    if (!client || !registry.entries.get(deviceId)?.topics.has(filter)) return false
    // To this client alone: these topics name no device, and the broker would tell everyone.
    const packet = { cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false } as const
    client.publish(packet, () => undefined)
    return true
  }

  const broker = await Aedes.createBroker({
    preConnect: (_client, { will }, done) =>
      done(will ? new Error('a last will is not served') : null, !will),
    authenticate: (client, username, password, done) => {
      admit(client, username, password?.toString()).then(
        () => done(null, true),
        error => done(Object.assign(error, { returnCode: NOT_AUTHORIZED }), null)
      )
    },
    authorizeSubscribe: (client, subscription, done) => {
      const { topic, qos } = subscription
      if (!isHeard(topic) || qos === 2) {
        console.error(`IoT Hub: ${client.id} may not hear ${topic} with QoS ${qos}`)
        return done(null, null)
      }
      const entry = entryOf(client)
      entry.topics.add(topic)
      registry.save(entry).then(() => done(null, subscription), done)
    },
    // The acknowledgement follows this and nothing else: what it promises must be done here.
    authorizePublish: (client, packet, done) => {
      if (client) publish(client, packet).then(() => done(), done)
      else done(new Error('the broker itself publishes nothing'))
    }
  })

  broker.on('clientReady', client => {
    if (client.closed) return
    const entry = entryOf(client)
    const seen = () => {
      entry.lastActivity = new Date()
      registry.save(entry).catch(console.error)
    }
    connected.set(client.id, client)
    seen()
    client.conn.once('close', () => {
      if (connected.get(client.id) !== client) return
      connected.delete(client.id)
      seen()
    })
  })
  broker.on('unsubscribe', (topics, client) => {
    const entry = entryOf(client)
    for (const topic of topics) entry.topics.delete(topic)
    registry.save(entry).catch(console.error)
  })
  const complain = ({ id }: Client, error: Error) =>
    console.error(`IoT Hub: the connection of ${id ?? 'a stranger'} ends: ${error.message}`)
  broker.on('clientError', complain)
  broker.on('connectionError', complain)

  return {
    handle: connection => void broker.handle(connection),
    isConnected: deviceId => connected.has(deviceId),
    tell,
    async patchDesired(entry, patch) {
      entry.desired = patched(entry.desired, patch, new Date())
      const { version } = entry.desired
      await registry.save(entry)
      const change = JSON.stringify({ ...patch, $version: version })
      const topic = `$iothub/twin/PATCH/properties/desired/?$version=${version}`
      tell(entry.device.deviceId, DESIRED, topic, change)
    },
    close: promisify<void>(done => broker.close(() => done(null)))
  }
}
