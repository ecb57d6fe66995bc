import { EventType } from './actions.ts'
import type { Store } from './store.ts'

type Timer = { instance: string; execution: string; id: number; fireAt: number }

/** setTimeout's longest delay, ms. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** Fires the orchestrations' timers from the store, with one clock for the earliest. */
export function createTimers(store: Store) {
  let clock: NodeJS.Timeout | undefined
  let armedFor = Number.POSITIVE_INFINITY

  async function fireDue(): Promise<void> {
    await store.commit(() => {
      for (const timer of store.all<Timer>('SELECT * FROM timer WHERE fireAt <= ?', Date.now())) {
        const { instance, execution, id, fireAt } = timer
        store.run('DELETE FROM timer WHERE instance = ? AND id = ?', instance, id)
        const fired = { EventType: EventType.timerFired, EventId: -1, TimerId: id }
        store.post(instance, execution, { ...fired, FireAt: new Date(fireAt).toISOString() })
      }
    })
  }

  return {
    /** Sets the clock for the earliest timer; `fireDue` leads back here through the commit. */
    arm() {
      const first = store.get<{ fireAt: number | null }>('SELECT MIN(fireAt) AS fireAt FROM timer')
      const fireAt = first?.fireAt ?? Number.POSITIVE_INFINITY
      if (clock && fireAt === armedFor) return
      clearTimeout(clock)
      armedFor = fireAt
      clock =
        fireAt === Number.POSITIVE_INFINITY
          ? undefined
          : setTimeout(
              () => {
                clock = undefined
                void fireDue()
              },
              Math.min(Math.max(0, fireAt - Date.now()), MAX_DELAY_MS)
            )
    },
    stop() {
      clearTimeout(clock)
    }
  }
}
