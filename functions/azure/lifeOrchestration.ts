import * as df from 'durable-functions'
import { type LifeRequest, life } from '../stages/life.ts'

/** The orchestrations by which a race lives; its instance has the race's id. */
export const LIFE = 'life'
/** The activities that answer what the life of a race asks. */
export const ACTIVITIES = {
  plan: 'planRace',
  open: 'openRace',
  marks: 'hubMarks',
  drained: 'hubDrained'
}
/** The race's entity. */
export const RACE = 'race'
/** How long to wait until a board that could not be published is tried again. */
const REPUBLISH_MS = 1_000

const RETRY = Object.assign(new df.RetryOptions(1_000, 1_000), {
  backoffCoefficient: 2,
  maxRetryIntervalInMilliseconds: 30_000
})

type Answered = Generator<df.Task, unknown, unknown>

/** Lives a race's life on Durable: each request becomes a timer, an event, an activity or an entity call. */
export function* liveRace(context: df.OrchestrationContext): Generator<df.Task, unknown, never> {
  const raceId = context.df.getInput<string>() ?? ''
  const steps = life()
  let step = steps.next()
  while (!step.done) {
    const answer = yield* answerTo(context, raceId, step.value) as Generator<
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
  request: LifeRequest
): Answered {
  const inMs = (ms: number) => new Date(context.df.currentUtcDateTime.getTime() + ms)
  switch (request.ask) {
    case 'plan':
    case 'open':
      return yield context.df.callActivityWithRetry(ACTIVITIES[request.ask], RETRY, raceId)
    case 'marks':
      return yield context.df.callActivityWithRetry(ACTIVITIES.marks, RETRY, raceId)
    case 'drained':
      return yield context.df.callActivityWithRetry(ACTIVITIES.drained, RETRY, request.marks)
    case 'pause':
      return yield context.df.createTimer(inMs(request.ms))
    case 'wait':
      return yield* waitFor(context, request)
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
  request: Extract<LifeRequest, { ask: 'wait' }>
): Answered {
  const timer = request.until === null ? undefined : context.df.createTimer(new Date(request.until))
  const events = request.for.map(kind => context.df.waitForExternalEvent(kind))
  if (!events.length) return timer && void (yield timer)
  const first = (yield context.df.Task.any(timer ? [...events, timer] : events)) as df.Task
  if (first === timer) return undefined
  timer?.cancel()
  return first.result
}
