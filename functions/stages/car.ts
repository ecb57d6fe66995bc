import type { DeadLetter, FactOf } from '#contract'
import { type DrivenLap, feed, flush, type LapTimer, newTimer } from '#race/lapTimer'
import type { CarEvent, CarOperation, RunEnd, RunStart } from './carSignal.ts'
import { deadLetterOf } from './deadLetterOf.ts'

/** Readings may be here before the fact that binds the car: they wait this long. */
const BINDING_WAIT_MS = 5_000
/** And no more than this many requests. */
const WAITING_EVENTS = 16
/** Ends that are remembered in case they overtook their beginnings. */
const ENDED_RUNS = 8
/** Dead letters that wait in the entity while the store is away. */
const UNREPORTED_MAX = 16
/** No write of this entity takes longer. */
const WRITE_TIMEOUT_MS = 2_000

/** A run as the car knows it; `heardAt` is when the hub had its latest reading. */
type Run = RunStart & {
  endedAt: number | null
  timer: LapTimer | null
  laps: number
  heardAt: number
}

/** What a car's entity knows. Instants in ms since 1970. Plain JSON. */
export type CarState = {
  run: Run | null
  /** Requests that came before a run was known. */
  waiting: CarEvent[]
  /** When runs ended whose beginning may still be on its way. */
  ended: RunEnd[]
  /** Laps that the ledger did not take yet. */
  unwritten: FactOf<'lap'>[]
  /** Dead letters that the store did not take yet. */
  unreported: DeadLetter[]
}

/** What the car's entity writes; each rejects when the service failed. */
export type CarPorts = {
  /** Creates the fact; one that is already there is not an error. */
  record(fact: FactOf<'lap'>, signal: AbortSignal): Promise<void>
  deadLetter(letters: DeadLetter[], signal: AbortSignal): Promise<void>
  now(): number
  warn(message: string): void
}

export const parkedCar = (): CarState => ({
  run: null,
  waiting: [],
  ended: [],
  unwritten: [],
  unreported: []
})

/**
 * Times one car: readings inside a run become laps in the ledger, readings outside one become dead letters.
 * A lap's id is its run and the reading at the crossing, so repeating an operation records nothing twice.
 */
export function createCar(ports: CarPorts) {
  return async (deviceId: string, state: CarState, operation: CarOperation): Promise<CarState> => {
    switch (operation.name) {
      case 'run':
        if (state.run?.runId === operation.input.runId) break
        if (state.run && state.run.at > operation.input.at) break
        state.run = {
          ...operation.input,
          endedAt: state.ended.find(end => end.runId === operation.input.runId)?.at ?? null,
          timer: null,
          laps: 0,
          heardAt: operation.input.at
        }
        break
      case 'runEnd':
        state.ended = [...state.ended, operation.input].slice(-ENDED_RUNS)
        if (state.run?.runId === operation.input.runId) state.run.endedAt = operation.input.at
        break
      case 'readings':
        state.waiting.push(...operation.input)
        break
    }
    await drive(ports, deviceId, state)
    return state
  }
}

async function drive(ports: CarPorts, deviceId: string, state: CarState): Promise<void> {
  const refused: CarEvent[] = []
  const later: CarEvent[] = []
  for (const event of state.waiting) {
    const { run } = state
    if (
      run &&
      event.enqueued >= run.at &&
      (run.endedAt === null || event.enqueued <= run.endedAt)
    ) {
      state.unwritten.push(...time(run, event))
    } else if (
      ports.now() - event.enqueued < BINDING_WAIT_MS &&
      (!run || event.enqueued > run.at)
    ) {
      later.push(event)
    } else {
      refused.push(event)
    }
  }
  state.unwritten.push(...settle(state.run))
  state.waiting = later.slice(-WAITING_EVENTS)
  refused.push(...later.slice(0, -WAITING_EVENTS))
  state.unwritten = await record(ports, state.unwritten)
  state.unreported.push(...refused.map(event => letterOf(deviceId, event)))
  state.unreported = await report(ports, state.unreported)
}

function time(run: Run, event: CarEvent): FactOf<'lap'>[] {
  if (!run.timer || run.timer.boot < event.boot) run.timer = newTimer(run.line, event.boot)
  if (event.boot < run.timer.boot) return []
  run.heardAt = event.enqueued
  return feed(run.timer, event.readings).map(lap => lapFact(run, lap))
}

/** A run that has ended does not wait for readings that are missing. */
const settle = (run: Run | null): FactOf<'lap'>[] =>
  run?.timer && run.endedAt !== null ? flush(run.timer).map(lap => lapFact(run, lap)) : []

function lapFact(run: Run, { seq, lapMs }: DrivenLap): FactOf<'lap'> {
  run.laps++
  return {
    kind: 'lap',
    id: `${run.runId}-${run.timer?.boot}-${seq}`,
    raceId: run.raceId,
    at: run.heardAt,
    actor: { kind: 'app', app: 'aggregate' },
    runId: run.runId,
    bib: run.bib,
    lap: run.laps,
    lapMs,
    source: 'telemetry',
    valid: true
  }
}

async function record(ports: CarPorts, facts: FactOf<'lap'>[]): Promise<FactOf<'lap'>[]> {
  const left: FactOf<'lap'>[] = []
  for (const fact of facts) {
    try {
      await ports.record(fact, AbortSignal.timeout(WRITE_TIMEOUT_MS))
    } catch (error) {
      ports.warn(`lap ${fact.id} not recorded yet: ${error}`)
      left.push(fact)
    }
  }
  return left
}

const letterOf = (deviceId: string, event: CarEvent): DeadLetter =>
  deadLetterOf(
    deviceId,
    `${event.boot}-${event.readings[0]!.seq}`,
    { reason: 'no-run', detail: 'the device drove for nobody at that time' },
    event,
    event.enqueued
  )

/** Stores dead letters; returns those to try again. */
async function report(ports: CarPorts, letters: DeadLetter[]): Promise<DeadLetter[]> {
  if (!letters.length) return letters
  try {
    await ports.deadLetter(letters, AbortSignal.timeout(WRITE_TIMEOUT_MS))
    return []
  } catch (error) {
    ports.warn(`${letters.length} dead letters of a car not stored yet: ${error}`)
    return letters.slice(-UNREPORTED_MAX)
  }
}
