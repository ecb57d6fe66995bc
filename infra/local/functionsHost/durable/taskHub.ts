import type { Invoke } from '../invoke.ts'
import { createActivities } from './activities.ts'
import type { Catalog } from './catalog.ts'
import { createEntities } from './entities.ts'
import { createInstances, type Instances } from './instances.ts'
import { createOrchestrations } from './orchestrations.ts'
import { createPump } from './pump.ts'
import { openStore, type Store } from './store.ts'
import { createTimers } from './timers.ts'

export type TaskHub = {
  store: Store
  instances: Instances
  entities: ReturnType<typeof createEntities>
  /** Resolves when nothing runs any more and the file is closed. */
  stop(): Promise<void>
}

/** Opens the task hub in `dir` and goes on with everything that was under way. */
export function startTaskHub(
  dir: string,
  catalog: Catalog,
  invoke: Invoke,
  maxEntityBatch: number
): TaskHub {
  const store = openStore(dir, goOn)
  const instances = createInstances(store)
  const orchestrations = createOrchestrations(store, instances, catalog, invoke)
  const entities = createEntities(store, catalog, invoke, maxEntityBatch)
  const activities = createActivities(store, catalog, invoke)
  const timers = createTimers(store)
  // instance ids cannot start with @, so the target tells which of the two it is
  const pump = createPump(target =>
    target.startsWith('@') ? entities.next(target) : orchestrations.next(target)
  )

  function goOn(targets: Iterable<string>) {
    for (const target of targets) pump.wake(target)
    activities.start()
    timers.arm()
  }
  const waiting = store.all<{ target: string }>('SELECT DISTINCT target FROM inbox')
  goOn(waiting.map(({ target }) => target))

  return {
    store,
    instances,
    entities,
    async stop() {
      await Promise.all([pump.stop(), activities.stop()])
      timers.stop()
      store.close()
    }
  }
}
