import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:tls'
import type { TokenCredential } from '@azure/identity'
import type { JWTPayload } from 'jose'
import { listen, stop } from '../jsonServer.ts'
import type { StandIn, Tls } from '../standIn.ts'
import type { CheckToken } from '../tokens.ts'
import { type Broker, createBroker } from './broker.ts'
import { createMethods } from './methods.ts'
import { type Device, openRegistry } from './registry.ts'
import { openRoute } from './route.ts'
import { createService, type Right } from './service.ts'

export type IotHubOptions = {
  /** Where the twins lie; they survive `close`. */
  dir: string
  /** 0 means any free port. */
  ports: { mqtts: number; rest: number }
  tls: Tls
  /** The hub's own name, which devices may name wherever they connect. */
  hostName: string
  devices: Device[]
  /** Certificate of the authority that devices' own certificates are checked by. */
  deviceCa: string
  /** The event hub of the only route, and by what identity it is sent to. */
  eventHub: { namespace: string; hub: string; credential: TokenCredential }
  checkToken: CheckToken
  isAllowed: (claims: JWTPayload, right: Right) => boolean
}

export type IotHub = StandIn & {
  /** `host:port` for a device's `GatewayHostName`. */
  gatewayHostName: string
}

/** An IoT Hub: devices by MQTT over TLS, services by REST at `url`, device messages routed to an event hub. */
export async function startIotHub(options: IotHubOptions): Promise<IotHub> {
  const { tls, checkToken, isAllowed } = options
  const registry = await openRegistry(options.dir, options.devices)
  const route = openRoute(options.eventHub)
  const methods = createMethods((...message) => broker.tell(...message))
  // The second is where it listens: the client knows no gateway for a device that comes by certificate.
  const hostNames = [options.hostName]
  const broker: Broker = await createBroker({ hostNames, registry, route, methods })

  const sockets = new Set<Socket>()
  // Who shows no certificate may still come by token: the broker decides.
  const mqtt = createServer(
    { ...tls, ca: options.deviceCa, requestCert: true, rejectUnauthorized: false },
    socket => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      broker.handle(socket)
    }
  )
  const service = createService({ registry, broker, methods, checkToken, isAllowed })
  const rest = createHttpsServer(tls, service)
  mqtt.listen(options.ports.mqtts, '127.0.0.1')
  await once(mqtt, 'listening')
  const gatewayHostName = `localhost:${(mqtt.address() as AddressInfo).port}`
  hostNames.push(gatewayHostName)
  const url = `https://localhost:${await listen(rest, options.ports.rest)}`

  /** The registry notes when a device left, so it must be there until all have. */
  const disconnect = () =>
    Promise.all(
      [...sockets].map(socket => {
        const closed = once(socket, 'close')
        socket.destroy()
        return closed
      })
    )
  return {
    url,
    gatewayHostName,
    async reset() {
      await disconnect()
      await registry.reset()
    },
    async close() {
      mqtt.close()
      await stop(rest)
      await route.close()
      await broker.close()
      await disconnect()
      await registry.close()
    }
  }
}
