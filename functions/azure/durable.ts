import * as df from 'durable-functions'
import type { EndedRun } from '../stages/facts.ts'
import type { RaceOperation } from '../stages/raceSignal.ts'
import type { CarOperation, SensorOperation } from '../stages/runSignal.ts'
import { LIFE, RACE } from './lifeOrchestration.ts'
import { CAR, SENSOR, SETTLE, settleId } from './settleOrchestration.ts'

/** Signals the race's entity; resolves when the signal is stored. */
export const signalRace = (
  client: df.DurableClient,
  raceId: string,
  operation: RaceOperation
): Promise<void> =>
  client.signalEntity(new df.EntityId(RACE, raceId), operation.name, operation.input)

/** Signals the car's entity; resolves when the signal is stored. */
export const signalCar = (
  client: df.DurableClient,
  deviceId: string,
  operation: CarOperation
): Promise<void> =>
  client.signalEntity(new df.EntityId(CAR, deviceId), operation.name, operation.input)

/** Signals the lap timer's entity; resolves when the signal is stored. */
export const signalSensor = (
  client: df.DurableClient,
  deviceId: string,
  operation: SensorOperation
): Promise<void> =>
  client.signalEntity(new df.EntityId(SENSOR, deviceId), operation.name, operation.input)

/** Starts the race's life unless it has been started; a finished life is never begun again. */
export async function startLife(client: df.DurableClient, raceId: string): Promise<void> {
  await startOnce(client, LIFE, raceId, raceId)
}

/** Has the run's devices settle it in time, unless that has been started. */
export async function startSettling(client: df.DurableClient, run: EndedRun): Promise<void> {
  await startOnce(client, SETTLE, settleId(run.runId), run)
}

async function startOnce(
  client: df.DurableClient,
  name: string,
  instanceId: string,
  input: unknown
): Promise<void> {
  if (!(await isKnown(client, instanceId))) await client.startNew(name, { instanceId, input })
}

async function isKnown(client: df.DurableClient, instanceId: string): Promise<boolean> {
  try {
    await client.getStatus(instanceId)
    return true
  } catch (error) {
    // The client has no other sign of an unknown instance than its message.
    if (error instanceof Error && error.message.includes('HTTP 404')) return false
    throw error
  }
}

/** A race whose life goes on, and the phase that it is in. */
export type LivingRace = { raceId: string; phase: string }

/** All races between scheduling and the end. */
export async function livingRaces(client: df.DurableClient): Promise<LivingRace[]> {
  const running = await client.getStatusBy({
    runtimeStatus: [df.OrchestrationRuntimeStatus.Running]
  })
  return running
    .filter(({ name }) => name === LIFE)
    .map(({ instanceId, customStatus }) => ({
      raceId: instanceId,
      phase: (customStatus as { phase?: string } | null)?.phase ?? 'scheduled'
    }))
}
