import rhea, {
  type Connection,
  type Container,
  type Delivery,
  type EventContext,
  type Message,
  type Receiver,
  type Sender,
  type Session
} from 'rhea'
import { createGrants, type Grants } from './access.ts'
import { notFound, Refusal, toRefusal } from './errors.ts'
import {
  checkHub,
  checkSize,
  choosePartition,
  findPartition,
  type Hub,
  PUBLICATION_MAX_BYTES
} from './hub.ts'
import { BATCH_FORMAT, unpackBatch } from './message.ts'
import { Readers } from './readers.ts'
import { answer } from './requests.ts'

const TARGET = /^([^/]+)(?:\/partitions\/([^/]+))?$/i
/** Asked for by every client and harmless without replication; any other capability changes what a link does. */
const GEO_REPLICATION = 'com.microsoft:georeplication'

/** How each connection is accepted: the service's own values, and no delivery accepted before it is stored. */
export const CONNECTION_OPTIONS = {
  max_frame_size: 65_536,
  channel_max: 4_999,
  idle_time_out: 240_000,
  tcp_no_delay: true,
  // Event Hubs ignores what becomes of a delivery, and a client's late word on one would break the connection.
  sender_options: { snd_settle_mode: 1 as const },
  receiver_options: {
    autoaccept: false,
    credit_window: 300,
    rcv_settle_mode: 0 as const,
    max_message_size: PUBLICATION_MAX_BYTES
  }
}

type Attached<Link> = { connection: Connection } & Link
type Delivered = { delivery: Delivery; message: unknown; format?: number }

/** The AMQP side of the hub: `$cbs`, `$management`, senders and receivers. */
export function createBroker(hub: Hub): Container {
  const container = rhea.create_container({ id: 'event-hubs' })
  const readers = new Readers()
  const connections = new Map<Connection, Grants>()

  /** Checks what a link to one of the request nodes needs; undefined for any other address. */
  function requestNode(address: string | undefined, grants: Grants): string | undefined {
    if (address === '$management') grants.check(`${hub.name}/$management`)
    return address === '$management' || address === '$cbs' ? address : undefined
  }

  function openReceiver({ connection, receiver }: Attached<{ receiver: Receiver }>): void {
    const grants = grantsOf(connection)
    const address = receiver.target?.address ?? ''
    receiver.set_target({ address })
    receiver.set_source(receiver.source)
    const node = requestNode(address, grants)
    if (node) {
      receiver.on('message', ({ delivery, message }: Delivered) => {
        delivery.accept()
        return answer(hub, node, grants, connection, message as Message)
      })
      return
    }
    refuseCapabilities(receiver)
    const [, name, id] = TARGET.exec(address) ?? []
    if (!name) throw notFound(address)
    const path = address.toLowerCase()
    grants.check(path, 'send')
    checkHub(hub, name)
    const partition = id === undefined ? undefined : findPartition(hub, name, id)
    receiver.on('message', ({ delivery, message, format }: Delivered) => {
      const store = async () => {
        const { routes } = grants.check(path, 'send')
        if (format !== BATCH_FORMAT || !Buffer.isBuffer(message))
          throw new Refusal('notServed', 'Events are taken in the batched message format alone')
        checkSize(message.length)
        const { key, isAnnotated, events } = unpackBatch(message)
        if (isAnnotated && !routes)
          throw new Refusal('notServed', 'Annotations are kept of what IoT Hub routes alone')
        await hub.log.append(partition ?? choosePartition(hub, key), events)
      }
      return store().then(
        () => delivery.accept(),
        error => {
          const refusal = toRefusal(error)
          delivery.reject(refusal)
          // The client puts a fresh token when it attaches anew, not on a rejection.
          if (refusal.status === 401) receiver.close(refusal)
        }
      )
    })
  }

  function openSender({ connection, sender }: Attached<{ sender: Sender }>): void {
    const grants = grantsOf(connection)
    sender.set_source(sender.source)
    sender.set_target(sender.target)
    if (requestNode(sender.source?.address, grants)) return
    refuseCapabilities(sender)
    readers.open(hub, grants, sender)
  }

  function grantsOf(connection: Connection): Grants {
    const grants = connections.get(connection) ?? createGrants(hub.now)
    connections.set(connection, grants)
    return grants
  }

  const forget = ({ connection }: EventContext) => {
    readers.drop(connection)
    connections.delete(connection)
  }
  container.on('connection_close', forget)
  container.on('disconnected', forget)
  container.on('session_close', ({ session }: { session: Session }) => readers.drop(session))
  container.on('receiver_open', context => attach(context.receiver, () => openReceiver(context)))
  container.on('sender_open', context => attach(context.sender, () => openSender(context)))
  for (const event of ['error', 'protocol_error'])
    container.on(event, error => console.error('Event Hubs: a client broke the protocol:', error))
  return container
}

function attach(link: Receiver | Sender, open: () => void): void {
  try {
    open()
  } catch (error) {
    link.close(toRefusal(error))
  }
}

function refuseCapabilities(link: Receiver | Sender): void {
  const desired = [link.desired_capabilities ?? []].flat()
  const foreign = desired.filter(capability => capability !== GEO_REPLICATION)
  if (foreign.length > 0) throw new Refusal('notServed', `Not served: ${foreign.join(', ')}`)
}
