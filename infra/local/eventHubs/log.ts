import fs from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Refusal } from './errors.ts'
import { Partition } from './partition.ts'
import type { NewEvent } from './record.ts'

type Append = {
  partition: Partition
  events: NewEvent[]
  resolve: () => void
  reject: (reason: Refusal) => void
}

/** The hub's durable log: one file per partition and one writer that commits in groups. */
export type EventLog = {
  partitions: Partition[]
  /** Resolves once the events are on disk; rejects, now and for ever after, when a write has failed. */
  append(partition: Partition, events: NewEvent[]): Promise<void>
  clear(): Promise<void>
  close(): Promise<void>
}

/** Opens the log in `dir`, or creates it. `now` gives the enqueued time in ms since 1970. */
export function openLog(dir: string, partitions: number, now: () => number): EventLog {
  fs.mkdirSync(dir, { recursive: true })
  const open = Array.from(
    { length: partitions },
    (_, n) => new Partition(join(dir, `partition-${n}.log`), String(n))
  )
  // New files must be found again after a crash.
  const folder = fs.openSync(dir, 'r')
  fs.fsyncSync(folder)
  fs.closeSync(folder)

  let pending: Append[] = []
  let writing: Promise<void> | undefined
  let failure: Refusal | undefined

  async function store(group: Append[]): Promise<void> {
    const batches = Map.groupBy(group, append => append.partition)
    const appends = [...batches].map(([partition, batch]) =>
      partition.append(
        batch.flatMap(append => append.events),
        now()
      )
    )
    await Promise.all(appends)
  }

  async function write(): Promise<void> {
    while (pending.length > 0) {
      // Whatever arrives in the same turn of the event loop shares the commit.
      await setImmediate()
      const group = pending
      pending = []
      try {
        if (failure) throw failure
        await store(group)
        for (const { resolve } of group) resolve()
      } catch (error) {
        // After a failed write or sync nobody knows what the file holds: only a restart may tell.
        failure ??= new Refusal('internal', `The log stopped: ${String(error)}`)
        for (const { reject } of group) reject(failure)
      }
    }
    writing = undefined
  }

  return {
    partitions: open,
    append: (partition, events) =>
      new Promise((resolve, reject) => {
        pending.push({ partition, events, resolve, reject })
        writing ??= write()
      }),
    async clear() {
      await writing
      for (const partition of open) partition.clear()
    },
    async close() {
      await writing
      failure ??= new Refusal('internal', 'The log is closed')
      for (const partition of open) partition.close()
    }
  }
}
