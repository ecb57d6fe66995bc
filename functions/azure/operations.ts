import type { Latency, Operations, Pulse } from '#contract'
import { container } from './database.ts'
import { createItem, readItem } from './items.ts'

const PULSE_ID = 'pulse'

type PulseItem = Pulse & { id: string; kind: 'pulse' }
type LatencyItem = Latency & { id: string; kind: 'latency' }

/** Stores the latest pulse in place of the one before. */
export async function storePulse(pulse: Pulse): Promise<void> {
  const item: PulseItem = { id: PULSE_ID, kind: 'pulse', ...pulse }
  await container('operations').items.upsert(item)
}

/** The latest pulse; undefined before the first. */
export async function readPulse(): Promise<Pulse | undefined> {
  const found = await readItem<PulseItem>('operations', PULSE_ID, 'pulse')
  if (!found) return undefined
  const { at, partitions, races } = found.item
  return { at, partitions, races }
}

/** Stores a measurement; the same one again stays as it is. */
export async function storeLatency(latency: Latency): Promise<void> {
  const item: LatencyItem = { id: `latency-${latency.at}`, kind: 'latency', ...latency }
  await createItem('operations', item)
}

/** Measurements since an instant, in any order. */
export async function readLatencies(since: number): Promise<Latency[]> {
  const query = {
    query: 'SELECT c.at, c.ms FROM c WHERE c.at >= @since',
    parameters: [{ name: '@since', value: since }]
  }
  const options = { partitionKey: 'latency' }
  return (await container('operations').items.query<Latency>(query, options).fetchAll()).resources
}

type Letter = { reason: Operations['deadLetters'][number]['reason']; enqueuedAt: number }

/** Reason and time of dead letters, page by page, in any order. */
export async function* readDeadLetters(): AsyncGenerator<Letter[]> {
  const pages = container('deadLetters').items.query<Letter>(
    'SELECT c.reason, c.enqueuedAt FROM c',
    { maxItemCount: 1_000 }
  )
  for await (const { resources } of pages.getAsyncIterator()) yield resources
}
