import type * as df from 'durable-functions'
import { expect, test } from 'vitest'
import { livingRaces, startSettling } from '../../../functions/azure/durable.ts'
import { LIFE } from '../../../functions/azure/lifeOrchestration.ts'
import { SETTLE, settleRun } from '../../../functions/azure/settleOrchestration.ts'
import type { EndedRun } from '../../../functions/stages/facts.ts'
import { GUN } from '../../stories/races.ts'

/** What the orchestration asks of Durable, in order. */
function asked(run: EndedRun): unknown[] {
  const told: unknown[] = []
  const context = {
    df: {
      getInput: () => run,
      createTimer: (at: Date) => told.push(['timer', at.getTime() - GUN]),
      callEntity: ({ name, key }: df.EntityId, operation: string, input: unknown) =>
        told.push([name, key, operation, input])
    }
  }
  const steps = settleRun(context as unknown as df.OrchestrationContext)
  while (!steps.next().done);
  return told
}

test('a run is settled at its devices when its backlog has passed', () => {
  const input = { runId: 'run-1', at: GUN }
  expect(asked({ ...input, deviceId: 'car-1', sensorId: 'timer-1' })).toEqual([
    ['timer', 21_000],
    ['car', 'car-1', 'settle', input],
    ['sensor', 'timer-1', 'settle', input]
  ])
  expect(asked({ ...input, sensorId: 'timer-1' })).toEqual([
    ['timer', 21_000],
    ['sensor', 'timer-1', 'settle', input]
  ])
})

/** A client of a task hub that holds these instances, all of them running. */
function aClient(instances: Map<string, string>) {
  return {
    async getStatus(id: string) {
      if (!instances.has(id)) throw new Error('HTTP 404')
    },
    async startNew(name: string, { instanceId }: { instanceId: string }) {
      if (instances.has(instanceId)) throw new Error('HTTP 409')
      instances.set(instanceId, name)
    },
    getStatusBy: async () =>
      [...instances].map(([instanceId, name]) => ({ instanceId, name, customStatus: null }))
  } as unknown as df.DurableClient
}

test('settling is started once, and is no living race', async () => {
  const instances = new Map([['evening-race', LIFE]])
  const client = aClient(instances)
  for (let i = 0; i < 2; i++) await startSettling(client, { runId: 'run-1', at: GUN })
  expect([...instances]).toEqual([
    ['evening-race', LIFE],
    ['settle.run-1', SETTLE]
  ])
  expect(await livingRaces(client)).toEqual([{ raceId: 'evening-race', phase: 'scheduled' }])
})
