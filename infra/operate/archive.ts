import { pipeline } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { ContainerClient } from '@azure/storage-blob'
import avro from 'avsc'
import { windowStart } from '../local/capture/archiveName.ts'
import { type ArchivedEvent, archivedEvent } from './archivedEvent.ts'
import type { Connection } from './connection.ts'

/** The longest window that Capture can have, in ms: events lie in files that began no longer before them. */
const WINDOW_MAX_MS = 15 * 60_000
/** How long to wait until Capture has written what the hub has, in ms: a window of Azure and half a minute. */
const CATCH_UP_MS = 330_000
const LOOK_EVERY_MS = 1_000

/** All archived events from an instant on (ms since 1970), partition by partition in their order; one file at a time. */
export async function* readArchive(
  archive: ContainerClient,
  since: number
): AsyncGenerator<ArchivedEvent> {
  for await (const { name, partition } of files(archive, since)) {
    yield* readFile(archive, name, partition)
  }
}

/** Waits until the archive holds what the hub holds now; throws one sentence where that takes too long. */
export async function awaitArchive(
  { archive, hub }: Pick<Connection, 'archive' | 'hub'>,
  since: number,
  say: (sentence: string) => void
): Promise<void> {
  const { partitionIds } = await hub.getEventHubProperties()
  const ends = await Promise.all(partitionIds.map(id => hub.getPartitionProperties(id)))
  const wanted = new Map(
    ends
      .filter(end => !end.isEmpty && end.lastEnqueuedOnUtc.getTime() >= since)
      .map(end => [end.partitionId, end.lastEnqueuedSequenceNumber])
  )
  const read = new Map<string, number>()
  const until = Date.now() + CATCH_UP_MS
  for (let told = false; ; told = true) {
    const newest = new Map<string, string>()
    for await (const { name, partition } of files(archive, since)) newest.set(partition, name)
    for (const [partition, name] of newest) {
      if (!wanted.has(partition)) continue
      const last = read.get(name) ?? (await lastOf(archive, name, partition))
      read.set(name, last)
      if (last >= (wanted.get(partition) ?? 0)) wanted.delete(partition)
    }
    if (wanted.size === 0) return
    const behind = `The archive does not hold yet what the hub has in ${count(wanted.size, 'partition')}`
    if (Date.now() > until) throw new Error(`${behind}: is Capture on?`)
    if (!told) say(`${behind}: waiting for the end of the window.`)
    await pause(LOOK_EVERY_MS)
  }
}

/** `1 event`, `2 events`. */
export const count = (n: number, what: string): string =>
  `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`

async function* files(archive: ContainerClient, since: number) {
  for await (const { name } of archive.listBlobsFlat()) {
    // {Namespace}/{EventHub}/{PartitionId}/{Year}/…
    const partition = name.split('/').at(-7)
    if (partition && windowStart(name) >= since - WINDOW_MAX_MS) yield { name, partition }
  }
}

async function* readFile(archive: ContainerClient, name: string, partition: string) {
  const { readableStreamBody } = await archive.getBlobClient(name).download()
  if (!readableStreamBody) throw new Error(`The archive's ${name} has no content.`)
  // What fails on the way ends the loop below with its error.
  const records = pipeline(readableStreamBody, new avro.streams.BlockDecoder(), () => undefined)
  for await (const record of records as AsyncIterable<unknown>) {
    yield archivedEvent(partition, record)
  }
}

async function lastOf(archive: ContainerClient, name: string, partition: string): Promise<number> {
  let last = -1
  for await (const { sequence } of readFile(archive, name, partition)) last = sequence
  return last
}
