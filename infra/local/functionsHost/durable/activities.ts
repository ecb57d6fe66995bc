import type { TypedData } from '../core.ts'
import { messageOf } from '../errors.ts'
import { type Invoke, logFailure } from '../invoke.ts'
import { EventType } from './actions.ts'
import type { Catalog } from './catalog.ts'
import type { Store } from './store.ts'

type Activity = { instance: string; execution: string; id: number; name: string; input: string }

/** Runs scheduled activities, each at least once: one that a crash interrupted runs again. */
export function createActivities(store: Store, catalog: Catalog, invoke: Invoke) {
  const running = new Map<string, Promise<void>>()
  let stopping = false

  async function run(activity: Activity): Promise<void> {
    const { instance, execution, id, name, input } = activity
    const completion = { EventId: -1, TaskScheduledId: id, ...(await attempt(name, input)) }
    await store.commit(() => {
      const sql = 'DELETE FROM activity WHERE instance = ? AND execution = ? AND id = ?'
      if (store.run(sql, instance, execution, id)) store.post(instance, execution, completion)
    })
  }

  async function attempt(name: string, input: string): Promise<object> {
    const fn = catalog('activity', name)
    if (!fn) return failure(name, new Error('the app has no such function'))
    try {
      const returned = await invoke(fn, { data: { json: input } })
      return { EventType: EventType.taskCompleted, Result: toJson(returned) }
    } catch (error) {
      logFailure(fn, error)
      return failure(name, error)
    }
  }

  return {
    /** Starts what is scheduled and not yet running. */
    start() {
      if (stopping) return
      for (const activity of store.all<Activity>('SELECT * FROM activity')) {
        const key = `${activity.instance} ${activity.execution} ${activity.id}`
        if (running.has(key)) continue
        running.set(
          key,
          run(activity).finally(() => running.delete(key))
        )
      }
    },
    async stop() {
      stopping = true
      await Promise.all(running.values())
    }
  }
}

function failure(name: string, error: unknown): object {
  const Details = (error instanceof Error && error.stack) || messageOf(error)
  const Reason = `Activity function '${name}' failed: ${messageOf(error)}`
  return { EventType: EventType.taskFailed, Reason, Details }
}

/** The result as JSON text, which the library insists on. */
function toJson(data: TypedData | null | undefined): string {
  return data?.json ?? JSON.stringify(data?.string ?? data?.int ?? data?.double ?? null)
}
