import type { EventData, EventDataBatch } from '@azure/event-hubs'
import type { ArchivedEvent } from './archivedEvent.ts'
import type { Connection } from './connection.ts'

/** Sends archived events again, as they were: same key, same properties, and when the hub got them first. */
export function createSender(hub: Connection['hub']) {
  const batches = new Map<string | undefined, EventDataBatch>()
  let sent = 0

  async function flush(key: string | undefined): Promise<void> {
    const batch = batches.get(key)
    batches.delete(key)
    if (!batch) return
    await hub.sendBatch(batch)
    sent += batch.count
  }

  async function add(key: string | undefined, event: EventData): Promise<boolean> {
    const batch = batches.get(key) ?? (await hub.createBatch(key ? { partitionKey: key } : {}))
    batches.set(key, batch)
    return batch.tryAdd(event)
  }

  return {
    /** Resolves when the event is on its way, not when the hub has it. */
    async send({ key, body, properties, enqueued }: ArchivedEvent): Promise<void> {
      const event = { body, properties: { ...properties, enqueuedAt: String(enqueued) } }
      if (await add(key, event)) return
      await flush(key)
      if (!(await add(key, event))) throw new Error('An event of the archive fits no batch.')
    },
    /** Resolves when the hub has all of them, with how many there were. */
    async finish(): Promise<number> {
      for (const key of [...batches.keys()]) await flush(key)
      return sent
    }
  }
}
