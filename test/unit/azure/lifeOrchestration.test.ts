import { createRequire } from 'node:module'
import type * as df from 'durable-functions'
import { expect, test } from 'vitest'
import type { Fact } from '#contract'
import { liveRace } from '../../../functions/azure/lifeOrchestration.ts'
import { extendFact, officialFact } from '../../stories/facts.ts'
import { aRace, DISTANCE, GUN } from '../../stories/races.ts'

type Action = { functionName?: string; operation?: string; input?: unknown; fireAt?: Date }
type Orchestrator = {
  taskOrchestrationExecutor: { openTasks: Record<string, { actionObj: Action }> }
  handle(trigger: object, context: object): Promise<{ isDone: boolean; output?: unknown }>
}
/** Durable's own, which replays an orchestration from its history. */
const { Orchestrator } = createRequire(import.meta.url)(
  'durable-functions/lib/src/orchestrations/Orchestrator.js'
) as {
  Orchestrator: new (
    run: (context: df.OrchestrationContext) => Generator<df.Task, unknown, never>
  ) => Orchestrator
}

/** Kinds of events in a history, by Durable's numbers. */
const STARTED = 0
const TASK_COMPLETED = 5
const TIMER_FIRED = 11
const AWAKE = 12
const SENT = 14
const RAISED = 15

/** The life of a timetabled ride in Durable, whose history is told event by event. */
async function aLife() {
  const race = aRace(DISTANCE)
  const history: object[] = []
  let open: [number, Action][] = []
  let output: unknown
  async function hears(...events: object[]) {
    const common = { IsPlayed: false, EventId: -1, Timestamp: new Date(GUN) }
    history.push(...[{ EventType: AWAKE }, ...events].map(event => ({ ...common, ...event })))
    const run = new Orchestrator(liveRace)
    const trigger = {
      ...{ instanceId: 'evening-race', input: 'evening-race', isReplaying: false },
      ...{ upperSchemaVersion: 2, upperSchemaVersionNew: 3 },
      ...{ longRunningTimerIntervalDuration: '3.00:00:00', maximumShortTimerDuration: '6.00:00:00' }
    }
    const outcome = await run.handle({ ...trigger, history: [...history] }, {})
    output = outcome.output
    open = Object.entries(run.taskOrchestrationExecutor.openTasks).map(([id, task]) => [
      Number(id),
      task.actionObj
    ])
  }
  const last = (is: (action: Action) => boolean) => {
    const found = open.findLast(([, action]) => is(action))
    if (!found) throw new Error('the life does not wait for that')
    return found
  }
  const life = {
    output: () => output,
    /** The change of phase that the entity is being told, or the activity that is asked. */
    asks: (): unknown => {
      const [, { functionName, input }] = last(action => action.input !== undefined)
      return functionName ?? input
    },
    told: (...facts: Fact[]) =>
      hears(
        ...facts.map(fact => ({ EventType: RAISED, Name: fact.kind, Input: JSON.stringify(fact) }))
      ),
    timePasses: () => {
      const [TimerId] = last(action => action.fireAt !== undefined)
      return hears({ EventType: TIMER_FIRED, TimerId })
    },
    activityAnswers: (answer: unknown) => {
      const [TaskScheduledId] = last(({ functionName }) => functionName !== undefined)
      const Result = JSON.stringify(answer)
      return hears({ EventType: TASK_COMPLETED, TaskScheduledId, Result })
    },
    boardShows: () => {
      const [EventId] = last(({ operation }) => operation === 'phase')
      const id = `request-${EventId}`
      return hears(
        { EventType: SENT, EventId, Input: JSON.stringify({ id }) },
        { EventType: RAISED, Name: id, Input: JSON.stringify({ result: 'true' }) }
      )
    }
  }
  await hears({ EventType: STARTED })
  await life.activityAnswers(race)
  await life.timePasses()
  await life.activityAnswers(race)
  await life.boardShows()
  await life.timePasses()
  // The board is to show the countdown.
  return life
}

test('what is told while the board is being written is heard after it', async () => {
  const life = await aLife()
  expect(life.asks()).toMatchObject({ phase: 'countdown' })
  await life.told(officialFact('abort', -9_000))
  expect(life.asks()).toMatchObject({ phase: 'countdown' })
  await life.boardShows()
  expect(life.asks()).toMatchObject({ phase: 'aborted' })
  await life.boardShows()
  expect(life.output()).toBe('aborted')
})

test('ends that are moved twice at once, and a close beside them, are all heard', async () => {
  const life = await aLife()
  await life.boardShows()
  await life.timePasses()
  await life.boardShows()
  await life.told(extendFact(60_000, 5_000))
  expect(life.asks()).toMatchObject({ phase: 'running', endsAt: GUN + 60_000 })
  await life.told(extendFact(90_000, 6_000), officialFact('close', 7_000))
  await life.boardShows()
  for (let steps = 0; steps < 2 && !('finishing' === phaseOf(life.asks())); steps++) {
    await life.boardShows()
  }
  expect(life.asks()).toMatchObject({ phase: 'finishing', endsAt: GUN + 10_000 })
})

const phaseOf = (asked: unknown) => (asked as { phase?: string }).phase

test('an official classification is ranked by an activity', async () => {
  const life = await aLife()
  await life.boardShows()
  for (const _ of ['start', 'end']) {
    await life.timePasses()
    await life.boardShows()
  }
  await life.timePasses()
  await life.activityAnswers([3])
  await life.activityAnswers(true)
  await life.boardShows()
  await life.timePasses()
  expect(life.asks()).toMatchObject({ phase: 'official' })
  await life.boardShows()
  expect(life.asks()).toBe('rankPerformances')
  await life.activityAnswers(null)
  expect(life.output()).toBe('official')
})
