import type { DeadLetter, DeadLetterReason } from '#contract'
import { deadLetterOf } from './deadLetterOf.ts'
import type { DeviceEvent } from './runSignal.ts'
import type { RunFact } from './runs.ts'

/** Facts that wait in a device's entity while the ledger is away: an hour's laps. */
const UNWRITTEN_MAX = 256
/** Dead letters that wait in it while their store is away. */
const UNREPORTED_MAX = 16
/** No write of an entity takes longer. */
const WRITE_TIMEOUT_MS = 2_000

/** What a device's entity writes; each rejects when the service failed. */
export type DevicePorts = {
  /** Creates the fact; one that is already there is not an error. */
  record(fact: RunFact, signal: AbortSignal): Promise<void>
  deadLetter(letters: DeadLetter[], signal: AbortSignal): Promise<void>
  now(): number
  warn(message: string): void
}

/** What the stores did not take yet. Plain JSON. */
export type Unstored = { unwritten: RunFact[]; unreported: DeadLetter[] }

/** Nothing waits. */
export const nothingUnstored = (): Unstored => ({ unwritten: [], unreported: [] })

/** Why a device's message is not counted. */
export function deviceLetter(
  deviceId: string,
  { boot, readings, enqueued }: DeviceEvent<{ seq: number }>,
  why: { reason: DeadLetterReason; detail: string }
): DeadLetter {
  const body = { boot, readings, enqueued }
  return deadLetterOf(deviceId, `${boot}-${readings[0]!.seq}`, why, body, enqueued)
}

/** A message of a device that was in no run. */
export const noRunLetter = (deviceId: string, event: DeviceEvent<{ seq: number }>): DeadLetter =>
  deviceLetter(deviceId, event, {
    reason: 'no-run',
    detail: 'the device was in no run at that time'
  })

/** Stores what is left to store; what fails stays for the next time. */
export async function store(ports: DevicePorts, state: Unstored): Promise<void> {
  state.unwritten = await record(ports, state.unwritten)
  state.unreported = await report(ports, state.unreported)
}

/** Records facts in their order, up to the first that the ledger does not take; returns those to try again. */
async function record(ports: DevicePorts, facts: RunFact[]): Promise<RunFact[]> {
  for (const [i, fact] of facts.entries()) {
    try {
      await ports.record(fact, AbortSignal.timeout(WRITE_TIMEOUT_MS))
    } catch (error) {
      const [left, lost] = [facts.slice(i), facts.slice(i + UNWRITTEN_MAX)]
      ports.warn(`${fact.kind} ${fact.id} not recorded yet: ${error}`)
      for (const { kind, id } of lost)
        ports.warn(`${kind} ${id} is lost: the ledger is away for too long`)
      return left.slice(0, UNWRITTEN_MAX)
    }
  }
  return []
}

/** Stores dead letters; returns those to try again. */
async function report(ports: DevicePorts, letters: DeadLetter[]): Promise<DeadLetter[]> {
  if (!letters.length) return letters
  try {
    await ports.deadLetter(letters, AbortSignal.timeout(WRITE_TIMEOUT_MS))
    return []
  } catch (error) {
    ports.warn(`${letters.length} dead letters of a device not stored yet: ${error}`)
    return letters.slice(-UNREPORTED_MAX)
  }
}
