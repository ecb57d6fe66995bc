import type { Access } from './access.ts'
import { notFound, Refusal } from './errors.ts'
import type { EventLog } from './log.ts'
import type { Partition } from './partition.ts'
import { partitionOfKey } from './partitionKey.ts'

/** Largest partition key, in characters. */
const KEY_MAX_CHARS = 128
/** Largest publication, in bytes: the Standard tier's. */
export const PUBLICATION_MAX_BYTES = 2 ** 20

/** The one hub of the namespace. Names are in lower case: the service compares them without regard to it. */
export type Hub = {
  name: string
  /** Milliseconds since 1970. */
  createdAt: number
  consumerGroups: Set<string>
  log: EventLog
  access: Access
  now: () => number
  /** Counts publications without a key. */
  turn: number
}

export function checkHub(hub: Hub, name: string): void {
  if (name.toLowerCase() !== hub.name) throw notFound(name)
}

export function findPartition(hub: Hub, name: string, id: string): Partition {
  checkHub(hub, name)
  const partition = hub.log.partitions.find(candidate => candidate.id === id)
  if (partition) return partition
  const last = hub.log.partitions.length - 1
  throw new Refusal('outOfRange', `The partition '${id}' is invalid: it should be 0 to ${last}.`)
}

/** The partition of a publication: its key's, or, without a key, each in turn. */
export function choosePartition(hub: Hub, key: string): Partition {
  const { partitions } = hub.log
  if (key.length > KEY_MAX_CHARS)
    throw new Refusal('argument', `The partition key has more than ${KEY_MAX_CHARS} characters.`)
  const n = key === '' ? hub.turn++ : partitionOfKey(key, partitions.length)
  return partitions[n % partitions.length]!
}

export function checkSize(bytes: number): void {
  if (bytes > PUBLICATION_MAX_BYTES)
    throw new Refusal('tooLarge', `${bytes} bytes are more than ${PUBLICATION_MAX_BYTES}.`)
}
