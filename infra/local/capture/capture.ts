import { setTimeout as pause } from 'node:timers/promises'
import type { ContainerClient } from '@azure/storage-blob'
import type { Partition } from '../eventHubs/partition.ts'
import type { StoredEvent } from '../eventHubs/record.ts'
import { archiveName, windowStart } from './archiveName.ts'
import { encodeFile, lastSequence } from './avro.ts'
import { toEventData } from './eventData.ts'

/** A file is cut when its events have so many bytes, so that a long backlog never has to fit in memory. */
const FILE_MAX_BYTES = 8 * 2 ** 20

export type CaptureOptions = {
  /** The archive's container. */
  container: ContainerClient
  namespace: string
  hub: string
  /** Length of a window, in ms. */
  windowMs: number
  /** A file is cut when its events have so many bytes. */
  fileMaxBytes?: number
}

/** The newest file of a partition: where its window began, in ms since 1970, and the sequence number after its last event. */
type Newest = { name: string; startedAt: number; next: number }
const NONE: Newest = { name: '', startedAt: 0, next: 0 }

/**
 * Writes every event of the partitions into files, a window at a time; windows without events write none. How far it has
 * come is what is in the archive and nowhere else: files appear whole and in order, so an event is in exactly one.
 */
export function startCapture(partitions: Partition[], options: CaptureOptions) {
  const { container, namespace, hub, windowMs, fileMaxBytes = FILE_MAX_BYTES } = options
  const stop = new AbortController()
  const newest = new Map<Partition, Newest>()
  const blob = (name: string) => container.getBlockBlobClient(name)
  const prefixOf = ({ id }: Partition) => `${namespace}/${hub}/${id}/`

  async function findNewest(partition: Partition): Promise<Newest> {
    let name = ''
    // By name is by time: all parts have leading zeros.
    for await (const found of container.listBlobsFlat({ prefix: prefixOf(partition) })) {
      name = found.name
    }
    if (!name) return NONE
    const next = (await lastSequence(await blob(name).downloadToBuffer())) + 1
    return { name, startedAt: windowStart(name), next }
  }

  /** The newest file as last written, while it is still there: a storage that was killed may have forgotten it. */
  async function newestOf(partition: Partition): Promise<Newest> {
    const known = newest.get(partition)
    if (known && (!known.name || (await blob(known.name).exists()))) return known
    return findNewest(partition)
  }

  async function capture(partition: Partition, windowStartedAt: number): Promise<void> {
    let file = await newestOf(partition)
    const { next } = file
    let position = partition.seek(event => event.sequence < next)
    while (position < partition.reach.end) {
      const events = take(partition, position, fileMaxBytes)
      const last = events.at(-1)!
      // Names count up by seconds even where windows are shorter.
      const startedAt = Math.max(windowStartedAt, file.startedAt + 1_000)
      const name = archiveName(prefixOf(partition), startedAt)
      const bytes = await encodeFile(events.map(toEventData))
      newest.delete(partition)
      await blob(name).uploadData(bytes, { conditions: { ifNoneMatch: '*' } })
      file = { name, startedAt, next: last.sequence + 1 }
      position = last.end
    }
    newest.set(partition, file)
  }

  async function run(): Promise<void> {
    let startedAt = Date.now()
    while (!stop.signal.aborted) {
      await pause(windowMs, undefined, { signal: stop.signal }).catch(() => undefined)
      if (stop.signal.aborted) return
      const endedAt = Date.now()
      try {
        for (const partition of partitions) await capture(partition, startedAt)
        startedAt = endedAt
      } catch (error) {
        // Whether the file was stored is unknown: the next round looks.
        newest.clear()
        console.error('Capture waits for the archive:', error)
      }
    }
  }

  const running = run()
  return {
    /** Resolves when nothing is being written any more. */
    async close() {
      stop.abort()
      await running
    }
  }
}

/** Events from a position on, as many as one file may hold. */
function take(partition: Partition, position: number, maxBytes: number): StoredEvent[] {
  const events: StoredEvent[] = []
  for (let at = position; at < partition.reach.end; ) {
    for (const event of partition.read(at)) {
      if (events.length > 0 && event.end - position > maxBytes) return events
      events.push(event)
      at = event.end
    }
  }
  return events
}
