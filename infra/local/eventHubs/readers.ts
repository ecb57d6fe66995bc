import type { Connection, Sender, Session } from 'rhea'
import type { Grants } from './access.ts'
import { notFound, Refusal, toRefusal } from './errors.ts'
import { findPartition, type Hub } from './hub.ts'
import { annotated } from './message.ts'
import type { Partition } from './partition.ts'
import type { StoredEvent } from './record.ts'

const ADDRESS = /^([^/]+)\/consumergroups\/([^/]+)\/partitions\/([^/]+)$/i
const SELECTOR_FILTER = 'apache.org:selector-filter:string'
const SELECTOR =
  /^amqp\.annotation\.x-opt-(offset|sequence-number|enqueued-time) (>=?) '(@latest|-?\d+)'$/
const FIELDS = {
  offset: 'position',
  'sequence-number': 'sequence',
  'enqueued-time': 'enqueuedAt'
} as const

/** rhea's flow state, which its typings leave out. */
type Flow = Sender & {
  credit: number
  session: {
    outgoing: { available(): number; next_delivery_id: number; next_pending_delivery: number }
  }
}

type Reader = {
  sender: Sender
  partition: Partition
  group: string
  epoch: number | undefined
  stop(reason?: Refusal): void
}

function startPosition(partition: Partition, selector: string): number {
  const [, field, operator, value] = SELECTOR.exec(selector) ?? []
  if (field === undefined || value === undefined || (value === '@latest' && field !== 'offset'))
    throw new Refusal('argument', `The filter is not served: ${selector}`)
  if (value === '@latest') return partition.reach.end
  const of = FIELDS[field as keyof typeof FIELDS]
  const limit = Number(value)
  return partition.seek(event => event[of] < limit || (operator === '>' && event[of] === limit))
}

/** All that read from the hub now, with the rule of who may. */
export class Readers {
  readonly #readers = new Set<Reader>()

  /** Opens a client's receiving link at its filter's position; throws the refusal where it may not read. */
  open(hub: Hub, grants: Grants, sender: Sender): void {
    const { address, filter } = sender.source
    const [, name, group, id] = ADDRESS.exec(address) ?? []
    if (!name || !group || !id) throw notFound(address)
    const path = address.toLowerCase()
    grants.check(path, 'receive')
    const partition = findPartition(hub, name, id)
    if (!hub.consumerGroups.has(group.toLowerCase())) throw notFound(`${name}:${group}`)
    const selector = filter?.[SELECTOR_FILTER]
    const start = startPosition(partition, String(selector?.value ?? selector))
    const epoch = sender.properties?.['com.microsoft:epoch']
    const reader: Reader = {
      sender,
      partition,
      group: group.toLowerCase(),
      epoch: epoch === undefined ? undefined : Number(epoch),
      stop: reason => {
        unwatch()
        this.#readers.delete(reader)
        if (reason) sender.close(reason)
      }
    }
    this.#admit(reader)
    const pump = pumpFrom(partition, start, sender as Flow)
    const run = () => {
      try {
        grants.check(path, 'receive')
        pump()
      } catch (error) {
        reader.stop(toRefusal(error))
      }
    }
    const unwatch = partition.watch(run)
    sender.on('sendable', run)
    sender.on('sender_close', () => reader.stop())
  }

  /** Forgets the readers of a connection or session that is gone. */
  drop(gone: Connection | Session): void {
    for (const reader of this.#readers)
      if (reader.sender.connection === gone || reader.sender.session === gone) reader.stop()
  }

  /** An epoch displaces its equals and lessers, and readers without; against a higher one it is refused itself. */
  #admit(reader: Reader): void {
    const { partition, group, epoch } = reader
    const rivals = [...this.#readers].filter(
      rival => rival.partition === partition && rival.group === group
    )
    const owner = rivals.find(rival => rival.epoch !== undefined)?.epoch
    const stolen = (by: number, from: number | undefined) =>
      new Refusal(
        'stolen',
        `New receiver with higher epoch of '${by}' is created hence current receiver with epoch '${from ?? 0}' is getting disconnected.`
      )
    if (owner !== undefined && (epoch === undefined || epoch < owner)) throw stolen(owner, epoch)
    if (epoch !== undefined) for (const rival of rivals) rival.stop(stolen(epoch, rival.epoch))
    this.#readers.add(reader)
  }
}

/** Sends from a position on, as far as credit and the session's delivery ring reach, each time it is called. */
function pumpFrom(partition: Partition, start: number, sender: Flow): () => void {
  let position = start
  let chunk: StoredEvent[] = []
  let next = 0
  const { outgoing } = sender.session
  // Credit falls only when frames are written, so what is queued must be taken off it.
  const mayDeliver = () =>
    sender.credit > outgoing.next_delivery_id - outgoing.next_pending_delivery &&
    outgoing.available() > 0
  return () => {
    while (mayDeliver()) {
      if (next === chunk.length) {
        if (position >= partition.reach.end) return
        chunk = partition.read(position)
        next = 0
      }
      const event = chunk[next++]!
      sender.send(annotated(event), undefined, 0)
      position = event.end
    }
  }
}
