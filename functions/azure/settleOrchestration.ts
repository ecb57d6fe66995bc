import * as df from 'durable-functions'
import { BACKLOG_MS } from '#contract'
import type { EndedRun } from '../stages/facts.ts'

/** The orchestrations that settle a run, by `settleId`. */
export const SETTLE = 'settleRun'
/** The entities of devices: a car, and a line's lap timer. */
export const CAR = 'car'
export const SENSOR = 'sensor'
/** What may still be under way when the last message is at the hub, in ms. */
const UNDER_WAY_MS = 1_000

/** The orchestration that settles a run; no race's id has a full stop. */
export const settleId = (runId: string): string => `settle.${runId}`

/** Waits until nothing of the run can come any more, then has its devices wait no longer for what is missing. */
export function* settleRun(context: df.OrchestrationContext): Generator<df.Task, void, never> {
  const { runId, at, deviceId, sensorId } = context.df.getInput<EndedRun>()!
  yield context.df.createTimer(new Date(at + BACKLOG_MS + UNDER_WAY_MS))
  const input = { runId, at }
  if (deviceId) yield context.df.callEntity(new df.EntityId(CAR, deviceId), 'settle', input)
  if (sensorId) yield context.df.callEntity(new df.EntityId(SENSOR, sensorId), 'settle', input)
}
