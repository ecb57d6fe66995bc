import { pause } from '../pause.ts'

type Limits = { maxEventBatchSize: number; minEventBatchSize: number; maxWaitTime: number }

/**
 * Gathers a partition's events into batches: at least the minimum, or what there is after
 * `maxWaitTime` ms, at most the maximum. Ends when `signal` aborts.
 */
export function createPartitionQueue<Item>(limits: Limits, signal: AbortSignal) {
  const items: Item[] = []
  let change = new AbortController()

  function changed() {
    change.abort()
    change = new AbortController()
  }
  const nextChange = (ms: number) => pause(ms, AbortSignal.any([change.signal, signal]))

  return {
    /** Resolves when there is room for more, which holds the receiver back. */
    async add(more: Item[]): Promise<void> {
      items.push(...more)
      changed()
      while (items.length >= limits.maxEventBatchSize && !signal.aborted)
        await nextChange(limits.maxWaitTime)
    },

    async *batches(): AsyncGenerator<Item[]> {
      while (!signal.aborted) {
        if (items.length === 0) {
          await nextChange(IDLE_MS)
          continue
        }
        const deadline = Date.now() + limits.maxWaitTime
        while (items.length < limits.minEventBatchSize && Date.now() < deadline && !signal.aborted)
          await nextChange(deadline - Date.now())
        if (signal.aborted) return
        yield items.splice(0, limits.maxEventBatchSize)
        changed()
      }
    }
  }
}

/** An empty queue waits for `add`, however long that takes. */
const IDLE_MS = 60_000
