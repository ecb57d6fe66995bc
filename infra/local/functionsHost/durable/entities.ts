import type { Invoke } from '../invoke.ts'
import { EventType } from './actions.ts'
import type { Catalog } from './catalog.ts'
import type { Message, Store } from './store.ts'

/** One operation for an entity; `input` is JSON text, `reply` names the orchestration that waits. */
export type Operation = {
  op: string
  input?: string
  reply?: { instance: string; execution: string; request: string }
}

type BatchResult = {
  entityExists: boolean
  entityState?: string
  results: { isError: boolean; result?: string }[]
  signals: { target: { name: string; key: string }; name: string; input: string }[]
}

/** The target of messages to an entity; the name's case does not matter. */
export const entityTarget = (name: string, key: string) => `@${name.toLowerCase()}@${key}`

/**
 * Runs the entities' operations in batches. A batch is one invocation and one transaction: its
 * messages leave the inbox together with the new state, the replies and the signals sent.
 */
export function createEntities(store: Store, catalog: Catalog, invoke: Invoke, maxBatch: number) {
  const find = (target: string) =>
    store.get<{ state: string | null }>('SELECT state FROM entity WHERE id = ?', target)

  async function runBatch(target: string, messages: Message[]): Promise<void> {
    const [, name = '', key = ''] = /^@([^@]*)@(.*)$/.exec(target) ?? []
    const fn = catalog('entity', name)
    if (!fn) throw new Error(`The app has no entity ${name}`)
    const entity = find(target)
    const operations = messages.map(message => JSON.parse(message.body) as Operation)
    const batch = operations.map(({ op, input, reply }) => ({ name: op, input, isSignal: !reply }))
    const payload = { self: { name, key }, exists: !!entity, state: entity?.state ?? null, batch }
    const returned = await invoke(fn, { data: { string: JSON.stringify(payload) } })
    if (!returned?.json) throw new Error(`The entity ${name} returned nothing`)
    const after: BatchResult = JSON.parse(returned.json)

    await store.commit(() => {
      for (const { seq } of messages) store.run('DELETE FROM inbox WHERE seq = ?', seq)
      if (!after.entityExists) store.run('DELETE FROM entity WHERE id = ?', target)
      else store.insert('entity', { id: target, state: after.entityState ?? null })
      operations.forEach(({ reply }, i) => {
        if (!reply) return
        const { isError = true, result = null } = after.results[i] ?? {}
        const Input = JSON.stringify({ result, ...(isError && { exceptionType: 'Error' }) })
        const raised = { EventType: EventType.eventRaised, EventId: -1, Name: reply.request, Input }
        store.post(reply.instance, reply.execution, raised)
      })
      for (const { target: other, name: op, input } of after.signals)
        store.post(entityTarget(other.name, other.key), null, { op, ...(input && { input }) })
    })
  }

  return {
    /** The next batch of an entity, if any. */
    next(target: string): (() => Promise<void>) | undefined {
      const sql = 'SELECT * FROM inbox WHERE target = ? ORDER BY seq LIMIT ?'
      const messages = store.all<Message>(sql, target, maxBatch)
      return messages.length > 0 ? () => runBatch(target, messages) : undefined
    },

    /** The state as JSON text, null if it has none, undefined if there is no such entity. */
    readState: (target: string) => find(target)?.state
  }
}
