import { randomUUID } from 'node:crypto'
import { EventType, newPlan } from './actions.ts'
import type { Store } from './store.ts'

/** An orchestration as stored; input, output, customStatus and plan are JSON text. */
export type Instance = {
  id: string
  name: string
  /** New for each start and each continuing as new: what came for another execution is stale. */
  execution: string
  status: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Terminated'
  input: string
  output: string | null
  customStatus: string | null
  plan: string
  created: string
  updated: string
}

/** Whether an instance exists and still ran when a client's call arrived. */
export type Reached = 'missing' | 'finished' | 'done'

export type Instances = ReturnType<typeof createInstances>

export const isRunning = ({ status }: Instance): boolean =>
  status === 'Pending' || status === 'Running'

/** Starts, ends and signals orchestrations. */
export function createInstances(store: Store) {
  const find = (id: string) => store.get<Instance>('SELECT * FROM instance WHERE id = ?', id)

  /** Within a commit: begins an execution, whose first message is its start. */
  function begin(instance: Omit<Instance, 'execution' | 'status' | 'plan' | 'updated'>): void {
    const { id, name: Name, input: Input } = instance
    const execution = randomUUID()
    store.run('DELETE FROM history WHERE instance = ?', id)
    store.run('DELETE FROM timer WHERE instance = ?', id)
    const plan = JSON.stringify(newPlan())
    const updated = new Date().toISOString()
    store.insert('instance', { ...instance, execution, status: 'Pending', plan, updated })
    const started = { EventType: EventType.executionStarted, EventId: -1, Version: '' }
    store.post(id, execution, { ...started, Name, Input })
  }

  /** Within a commit: ends an instance; activities already started still run, as in the service. */
  function finish(instance: Instance, status: Instance['status'], result: unknown): void {
    store.run('DELETE FROM timer WHERE instance = ?', instance.id)
    store.run('DELETE FROM inbox WHERE target = ?', instance.id)
    const output = JSON.stringify(result ?? null)
    store.insert('instance', { ...instance, status, output, updated: new Date().toISOString() })
  }

  function reach(id: string, write: (instance: Instance) => void): Promise<Reached> {
    return store.commit(() => {
      const instance = find(id)
      if (!instance) return 'missing'
      if (!isRunning(instance)) return 'finished'
      write(instance)
      return 'done'
    })
  }

  return {
    find,
    begin,
    finish,

    /** Starts `id` unless it is running; a finished one is replaced. Resolves to whether it did. */
    start(id: string, name: string, input: string): Promise<boolean> {
      return store.commit(() => {
        const existing = find(id)
        if (existing && isRunning(existing)) return false
        store.run('DELETE FROM inbox WHERE target = ?', id)
        const created = new Date().toISOString()
        begin({ id, name, input, output: null, customStatus: null, created })
        return true
      })
    },
    raise: (id: string, Name: string, Input: string): Promise<Reached> =>
      reach(id, () =>
        store.post(id, null, { EventType: EventType.eventRaised, EventId: -1, Name, Input })
      ),
    terminate: (id: string, reason: string): Promise<Reached> =>
      reach(id, instance => finish(instance, 'Terminated', reason))
  }
}
