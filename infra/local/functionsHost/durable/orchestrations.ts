import { randomUUID } from 'node:crypto'
import { messageOf } from '../errors.ts'
import type { Invoke } from '../invoke.ts'
import { writeLog } from '../log.ts'
import { type Action, type Effect, EventType, type HistoryEvent, planEpisode } from './actions.ts'
import type { Catalog } from './catalog.ts'
import type { Operation } from './entities.ts'
import { type Instance, type Instances, isRunning } from './instances.ts'
import type { Message, Store } from './store.ts'

/** What an orchestrator function returns after a replay. */
type Episode = {
  isDone: boolean
  actions: Action[][]
  output?: unknown
  error?: string
  customStatus?: unknown
}

/** Marks the JSON in the message of a failed orchestrator's error. */
const FAILURE_LABEL = '\n\n$OutOfProcData$:'
/** Replay schema V3. The library's `lock` needs V4, which deployed extensions may lack. */
const REPLAY_SCHEMA = 2
/**
 * Longest timer made in one piece. With Azure Storage it is 6 days and the library chains legs;
 * here one timer does, so the ids of legs need no counting.
 */
const MAX_SHORT_TIMER = '36500.00:00:00'

/** Replays orchestrations: one event per episode, one transaction per episode. */
export function createOrchestrations(
  store: Store,
  instances: Instances,
  catalog: Catalog,
  invoke: Invoke
) {
  async function runEpisode(instance: Instance, message: Message): Promise<void> {
    const { id, execution } = instance
    const now = new Date()
    const fresh = { IsPlayed: false, Timestamp: now.toISOString() }
    const event: HistoryEvent = { ...JSON.parse(message.body), ...fresh }
    const news = [{ EventType: EventType.orchestratorStarted, EventId: -1, ...fresh }, event]
    const past = store
      .all<{ event: string }>('SELECT event FROM history WHERE instance = ? ORDER BY seq', id)
      .map(row => ({ ...JSON.parse(row.event), IsPlayed: true }))

    let episode = await replay(instance, [...past, ...news], past.length > 0)
    let planned: ReturnType<typeof planEpisode>
    try {
      const actions = episode.actions.flat()
      planned = planEpisode(JSON.parse(instance.plan), event, actions, now.getTime())
      planned.effects.forEach(requireTarget)
    } catch (error) {
      episode = failed(messageOf(error))
      planned = { plan: JSON.parse(instance.plan), effects: [] }
    }
    const { error, isDone, output, customStatus } = episode
    if (error) writeLog('error', instance.name, `${id} failed: ${error}`)

    await store.commit(() => {
      store.run('DELETE FROM inbox WHERE seq = ?', message.seq)
      const current = instances.find(id)
      if (!current || current.execution !== execution || !isRunning(current)) return
      for (const entry of news) record(id, entry)
      for (const effect of planned.effects) carryOut(instance, effect, fresh.Timestamp)
      // the library leaves an unchanged or falsy status out
      if (customStatus !== undefined) current.customStatus = JSON.stringify(customStatus)
      const next = planned.effects.find(effect => effect.kind === 'continueAsNew')
      if (error) instances.finish(current, 'Failed', error)
      else if (next) instances.begin({ ...current, input: next.input })
      else if (isDone) instances.finish(current, 'Completed', output)
      else {
        const plan = JSON.stringify(planned.plan)
        store.insert('instance', { ...current, status: 'Running', plan, updated: fresh.Timestamp })
      }
    })
  }

  async function replay(
    { id, name, input }: Instance,
    history: HistoryEvent[],
    isReplaying: boolean
  ): Promise<Episode> {
    const fn = catalog('orchestration', name)
    if (!fn) return failed(`The app has no orchestration ${name}`)
    const payload = {
      history,
      input: JSON.parse(input),
      instanceId: id,
      isReplaying,
      upperSchemaVersion: 1,
      upperSchemaVersionNew: REPLAY_SCHEMA,
      longRunningTimerIntervalDuration: MAX_SHORT_TIMER,
      maximumShortTimerDuration: MAX_SHORT_TIMER,
      defaultHttpAsyncRequestSleepTimeMillseconds: 30_000
    }
    try {
      const returned = await invoke(fn, { data: { string: JSON.stringify(payload) } })
      return JSON.parse(returned?.json ?? 'null') ?? failed('The orchestrator returned nothing')
    } catch (error) {
      const [message = '', json] = messageOf(error).split(FAILURE_LABEL)
      return json ? { error: message, ...JSON.parse(json) } : failed(message)
    }
  }

  function requireTarget(effect: Effect): void {
    if (effect.kind === 'activity' && !catalog('activity', effect.name))
      throw new Error(`The app has no activity ${effect.name}`)
    if (effect.kind === 'entity' && !catalog('entity', effect.target.split('@')[1] ?? ''))
      throw new Error(`The app has no entity ${effect.target}`)
  }

  function carryOut({ id: instance, execution }: Instance, effect: Effect, Timestamp: string) {
    if (effect.kind === 'activity') {
      const { id, name, input } = effect
      store.insert('activity', { instance, execution, id, name, input })
    } else if (effect.kind === 'timer') {
      store.insert('timer', { instance, execution, id: effect.id, fireAt: effect.fireAt })
    } else if (effect.kind === 'cancel') {
      store.run('DELETE FROM timer WHERE instance = ? AND id = ?', instance, effect.id)
    } else if (effect.kind === 'entity') {
      const { id: EventId, target, op, input, signal } = effect
      const request = randomUUID()
      const Input = JSON.stringify({ id: request, op, input, signal, parent: instance })
      const sent = { EventType: EventType.eventSent, EventId, Name: 'op', InstanceId: target }
      record(instance, { ...sent, Input, Timestamp })
      const operation: Operation = { op, ...(input !== undefined && { input }) }
      if (!signal) operation.reply = { instance, execution, request }
      store.post(target, null, operation)
    }
  }

  function record(instance: string, event: HistoryEvent): void {
    store.insert('history', { instance, event: JSON.stringify(event) })
  }

  return {
    /** The next episode of an orchestration, if it has a message. */
    next(id: string): (() => Promise<void>) | undefined {
      const sql = 'SELECT * FROM inbox WHERE target = ? ORDER BY seq LIMIT 1'
      const message = store.get<Message>(sql, id)
      if (!message) return undefined
      const instance = instances.find(id)
      const stale = message.execution !== null && message.execution !== instance?.execution
      if (instance && isRunning(instance) && !stale) return () => runEpisode(instance, message)
      return () =>
        store.commit(() => void store.run('DELETE FROM inbox WHERE seq = ?', message.seq))
    }
  }
}

function failed(error: string): Episode {
  return { isDone: true, actions: [], error }
}
