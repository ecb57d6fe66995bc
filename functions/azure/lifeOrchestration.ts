import * as df from 'durable-functions'
import { type LifeRequest, life } from '../stages/life.ts'

/** The orchestrations by which a race lives; its instance has the race's id. */
export const LIFE = 'life'
/** The activities that answer what the life of a race asks. */
export const ACTIVITIES = {
  plan: 'planRace',
  open: 'openRace',
  marks: 'hubMarks',
  drained: 'hubDrained',
  rank: 'rankPerformances'
}
/** The race's entity. */
export const RACE = 'race'
/** How long to wait until a board that could not be published is tried again. */
const REPUBLISH_MS = 1_000

const RETRY = Object.assign(new df.RetryOptions(1_000, 1_000), {
  backoffCoefficient: 2,
  maxRetryIntervalInMilliseconds: 30_000
})

/**
 * Every event that was waited for and not answered with yet. Durable gives an event that comes between two waits to a task
 * of an earlier one, where nobody would look for it.
 */
type Heard = { kind: string; task: df.Task }[]

type Answered = Generator<df.Task, unknown, unknown>

/** Lives a race's life on Durable: each request becomes a timer, an event, an activity or an entity call. */
export function* liveRace(context: df.OrchestrationContext): Generator<df.Task, unknown, never> {
  const raceId = context.df.getInput<string>() ?? ''
  const steps = life()
  const heard: Heard = []
  let step = steps.next()
  while (!step.done) {
    const answer = yield* answerTo(context, raceId, step.value, heard) as Generator<
      df.Task,
      unknown,
      never
    >
    step = steps.next(answer as never)
  }
  return step.value
}

function* answerTo(
  context: df.OrchestrationContext,
  raceId: string,
  request: LifeRequest,
  heard: Heard
): Answered {
  const inMs = (ms: number) => new Date(context.df.currentUtcDateTime.getTime() + ms)
  switch (request.ask) {
    case 'plan':
    case 'open':
    case 'rank':
      return yield context.df.callActivityWithRetry(ACTIVITIES[request.ask], RETRY, raceId)
    case 'marks':
      return yield context.df.callActivityWithRetry(ACTIVITIES.marks, RETRY, raceId)
    case 'drained':
      return yield context.df.callActivityWithRetry(ACTIVITIES.drained, RETRY, request.marks)
    case 'pause':
      return yield context.df.createTimer(inMs(request.ms))
    case 'wait':
      return yield* waitFor(context, request, heard)
    case 'enter': {
      const { phase } = request.change
      context.df.setCustomStatus({ phase })
      const race = new df.EntityId(RACE, raceId)
      while (!(yield context.df.callEntity(race, 'phase', request.change))) {
        yield context.df.createTimer(inMs(REPUBLISH_MS))
      }
      return undefined
    }
  }
}

function* waitFor(
  context: df.OrchestrationContext,
  request: Extract<LifeRequest, { ask: 'wait' }>,
  heard: Heard
): Answered {
  const take = () => {
    const index = heard.findIndex(
      ({ kind, task }) => task.isCompleted && request.for.some(asked => asked === kind)
    )
    return index < 0 ? undefined : heard.splice(index, 1)[0]!.task.result
  }
  const early = take()
  if (early) return early
  const timer = request.until === null ? undefined : context.df.createTimer(new Date(request.until))
  const events = request.for.map(kind => {
    const task = context.df.waitForExternalEvent(kind)
    heard.push({ kind, task })
    return task
  })
  if (!events.length) return timer && void (yield timer)
  const first = yield context.df.Task.any(timer ? [...events, timer] : events)
  if (first === timer) return undefined
  timer?.cancel()
  return take()
}
