import { NotServedError } from '../errors.ts'

/** One entry of the list of actions that an orchestrator function returns. */
export type Action = {
  actionType: number
  functionName?: string
  input?: unknown
  retryOptions?: RetryOptions
  fireAt?: string
  isCanceled?: boolean
  instanceId?: string
  operation?: string
  compoundActions?: Action[]
}

type RetryOptions = {
  firstRetryIntervalInMilliseconds: number
  maxNumberOfAttempts: number
  backoffCoefficient?: number
  maxRetryIntervalInMilliseconds?: number
  retryTimeoutInMilliseconds?: number
}

/** A history event; the fields beyond these depend on its type. */
export type HistoryEvent = {
  EventType: number
  EventId: number
  Timestamp?: string
  IsPlayed?: boolean
  TaskScheduledId?: number
  TimerId?: number
  [field: string]: unknown
}

export const EventType = {
  executionStarted: 0,
  taskCompleted: 5,
  taskFailed: 6,
  timerFired: 11,
  orchestratorStarted: 12,
  eventSent: 14,
  eventRaised: 15
} as const

/** The library's calls by `actionType`. */
const CALLS = [
  'callActivity',
  'callActivityWithRetry',
  'callSubOrchestrator',
  'callSubOrchestratorWithRetry',
  'continueAsNew',
  'createTimer',
  'waitForExternalEvent',
  'callEntity',
  'callHttp',
  'signalEntity',
  'scheduledSignalEntity',
  'Task.any',
  'Task.all',
  'lock',
  'release'
] as const

type Attempt = { name: string; input: string; number: number; options: RetryOptions }

/** What is remembered of an execution between its episodes, beside its history. */
export type Plan = {
  /** The id that the library gives to the next task. */
  nextId: number
  /** How many of the listed actions have been carried out. */
  known: number
  /** Ids of timers by their position in the list, such as `3` or `4.1`. */
  timers: Record<string, number>
  /** Running attempts by task id, and the attempts that wait for a back-off timer by its id. */
  attempts: Record<number, Attempt>
  backoffs: Record<number, Attempt>
}

/** What an episode asks of the host. Inputs are JSON text. */
export type Effect =
  | { kind: 'activity'; id: number; name: string; input: string }
  | { kind: 'timer'; id: number; fireAt: number }
  | { kind: 'cancel'; id: number }
  | { kind: 'entity'; id: number; target: string; op: string; input?: string; signal: boolean }
  | { kind: 'continueAsNew'; input: string }

export const newPlan = (): Plan => ({
  nextId: 0,
  known: 0,
  timers: {},
  attempts: {},
  backoffs: {}
})

/**
 * Derives what is new in `actions`, the whole list since the execution's start, after `event` at
 * `now` (ms). Ids are implicit: the library counts tasks in list order, children of any/all depth
 * first, and takes the ids of retries while it reads the failure, before any new action.
 */
export function planEpisode(
  before: Plan,
  event: HistoryEvent,
  actions: Action[],
  now: number
): { plan: Plan; effects: Effect[] } {
  const plan = structuredClone(before)
  const effects: Effect[] = []
  retry(plan, effects, event, now)
  actions.forEach((action, index) => {
    if (index < before.known) cancelTimers(plan, effects, action, `${index}`)
    else schedule(plan, effects, action, `${index}`)
  })
  plan.known = actions.length
  return { plan, effects }
}

function retry(plan: Plan, effects: Effect[], event: HistoryEvent, now: number): void {
  const failed = event.TaskScheduledId ?? -1
  const attempt = plan.attempts[failed]
  delete plan.attempts[failed]
  if (attempt && event.EventType === EventType.taskFailed) {
    const { firstRetryIntervalInMilliseconds: first, backoffCoefficient = 1 } = attempt.options
    const pause = Math.min(
      first * backoffCoefficient ** (attempt.number - 1),
      attempt.options.maxRetryIntervalInMilliseconds ?? Number.POSITIVE_INFINITY
    )
    const id = plan.nextId++
    plan.backoffs[id] = { ...attempt, number: attempt.number + 1 }
    effects.push({ kind: 'timer', id, fireAt: now + pause })
  }
  const fired = event.TimerId ?? -1
  const next = plan.backoffs[fired]
  delete plan.backoffs[fired]
  // the library waits for the back-off of the last attempt too, then lets the error through
  if (next && next.number <= next.options.maxNumberOfAttempts) startAttempt(plan, effects, next)
}

function startAttempt(plan: Plan, effects: Effect[], attempt: Attempt): void {
  const id = plan.nextId++
  plan.attempts[id] = attempt
  effects.push({ kind: 'activity', id, name: attempt.name, input: attempt.input })
}

function schedule(plan: Plan, effects: Effect[], action: Action, path: string): void {
  const { functionName: name = '', instanceId: target = '', operation: op = '' } = action
  const call = CALLS[action.actionType]
  switch (call) {
    case 'Task.any':
    case 'Task.all':
      action.compoundActions?.forEach((child, i) => {
        schedule(plan, effects, child, `${path}.${i}`)
      })
      return
    case 'waitForExternalEvent':
      return
    case 'callActivity':
      effects.push({ kind: 'activity', id: plan.nextId++, name, input: encoded(action.input) })
      return
    case 'callActivityWithRetry': {
      const options = action.retryOptions
      if (!options || options.retryTimeoutInMilliseconds)
        throw new NotServedError('retryTimeoutInMilliseconds', name)
      startAttempt(plan, effects, { name, input: encoded(action.input), number: 1, options })
      return
    }
    case 'createTimer': {
      const id = plan.nextId++
      const fireAt = Date.parse(action.fireAt ?? '')
      if (Number.isNaN(fireAt)) throw new Error('A timer has no valid time to fire at')
      plan.timers[path] = id
      if (!action.isCanceled) effects.push({ kind: 'timer', id, fireAt })
      return
    }
    case 'callEntity':
    case 'signalEntity': {
      const signal = call === 'signalEntity'
      const input = action.input === undefined ? {} : { input: JSON.stringify(action.input) }
      effects.push({ kind: 'entity', id: plan.nextId++, target, op, signal, ...input })
      return
    }
    case 'continueAsNew':
      effects.push({ kind: 'continueAsNew', input: encoded(action.input) })
      return
    default:
      throw new NotServedError(call ?? `action ${action.actionType}`)
  }
}

function cancelTimers(plan: Plan, effects: Effect[], action: Action, path: string): void {
  action.compoundActions?.forEach((child, i) => {
    cancelTimers(plan, effects, child, `${path}.${i}`)
  })
  const id = plan.timers[path]
  if (action.isCanceled && id !== undefined) {
    delete plan.timers[path]
    effects.push({ kind: 'cancel', id })
  }
}

/** For these actions the library has already turned strings, and only strings, into JSON text. */
function encoded(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input ?? null)
}
