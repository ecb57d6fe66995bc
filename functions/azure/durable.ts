import * as df from 'durable-functions'
import type { CarOperation } from '../stages/carSignal.ts'
import type { RaceOperation } from '../stages/raceSignal.ts'
import { LIFE, RACE } from './lifeOrchestration.ts'

/** The car's entity. */
export const CAR = 'car'

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

/** Starts the race's life unless it has been started; a finished life is never begun again. */
export async function startLife(client: df.DurableClient, raceId: string): Promise<void> {
  if (await hasLife(client, raceId)) return
  await client.startNew(LIFE, { instanceId: raceId, input: raceId })
}

async function hasLife(client: df.DurableClient, raceId: string): Promise<boolean> {
  try {
    await client.getStatus(raceId)
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
  return running.map(({ instanceId, customStatus }) => ({
    raceId: instanceId,
    phase: (customStatus as { phase?: string } | null)?.phase ?? 'scheduled'
  }))
}
