import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { type CaptureOptions, startCapture } from '../capture/capture.ts'
import type { StandIn, Tls } from '../standIn.ts'
import type { CheckToken } from '../tokens.ts'
import { createAccess, type Policy } from './access.ts'
import { CONNECTION_OPTIONS, createBroker } from './amqp.ts'
import type { Hub } from './hub.ts'
import { openLog } from './log.ts'
import { createRest } from './rest.ts'

const HOST = '127.0.0.1'

export type EventHubsOptions = Policy & {
  /** Where the log lies; it survives `close`. */
  dir: string
  /** 0 means any free port. */
  ports: { amqps: number; amqp: number; rest: number }
  tls: Tls
  hub: string
  partitions: number
  /** Beside `$Default`, which every hub has. */
  consumerGroups: string[]
  /** The shared access key, for clients that come by connection string. */
  key: { name: string; value: string }
  checkToken: CheckToken
  /** Where all events are archived, if anywhere. */
  capture?: Omit<CaptureOptions, 'hub'>
}

export type EventHubs = StandIn & {
  amqpsPort: number
  amqpPort: number
  restUrl: string
  /** For clients over plain AMQP. */
  connectionString: string
}

/** A namespace with one hub: AMQP 1.0 over TLS and over plain TCP, and sending by HTTPS. `url` is AMQPS's `host:port`. */
export async function startEventHubs(options: EventHubsOptions): Promise<EventHubs> {
  const { ports, tls, key } = options
  const log = openLog(options.dir, options.partitions, Date.now)
  const hub: Hub = {
    name: options.hub.toLowerCase(),
    createdAt: Date.now(),
    consumerGroups: new Set(['$default', ...options.consumerGroups.map(g => g.toLowerCase())]),
    log,
    access: createAccess(key, options.checkToken, options, Date.now),
    now: Date.now,
    turn: 0
  }
  const broker = createBroker(hub)
  const amqp = { ...CONNECTION_OPTIONS, host: HOST }
  const servers = {
    amqps: broker.listen({ ...amqp, ...tls, transport: 'tls', port: ports.amqps }),
    amqp: broker.listen({ ...amqp, port: ports.amqp }),
    rest: createRest(hub, tls).listen(ports.rest, HOST)
  }
  const sockets = new Set<Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  }
  servers.amqps.on('secureConnection', track)
  servers.amqp.on('connection', track)
  // The error tells the AMQP library that the connection is gone; a plain destroy would not.
  const disconnect = () => {
    for (const socket of sockets) socket.destroy(new Error('The stand-in closed the connection'))
  }
  const all: Server[] = Object.values(servers)
  await Promise.all(all.map(server => once(server, 'listening')))
  const port = (server: Server) => (server.address() as AddressInfo).port
  const [amqpsPort, amqpPort] = [port(servers.amqps), port(servers.amqp)]
  const capture =
    options.capture && startCapture(log.partitions, { ...options.capture, hub: options.hub })

  return {
    // TLS names no addresses, so clients that come by token are sent to the name.
    url: `localhost:${amqpsPort}`,
    amqpsPort,
    amqpPort,
    restUrl: `https://${HOST}:${port(servers.rest)}`,
    connectionString: `Endpoint=sb://${HOST}:${amqpPort};SharedAccessKeyName=${key.name};SharedAccessKey=${key.value};EntityPath=${options.hub};UseDevelopmentEmulator=true`,
    async reset() {
      disconnect()
      await log.clear()
    },
    async close() {
      for (const server of all) server.close()
      disconnect()
      servers.rest.closeAllConnections()
      await capture?.close()
      await log.close()
    }
  }
}
