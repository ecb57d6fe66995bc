import { BACKLOG_MS, type CarReading, type DeadLetter, type FactOf } from '#contract'
import { bindClock, type CarClock } from '#race/carClock'
import { type DrivenLap, feed, flush, type LapTimer, newTimer } from '#race/lapTimer'
import type { CarEvent, CarOperation, RunEnd, RunStart } from './carSignal.ts'
import { deadLetterOf } from './deadLetterOf.ts'

/** Readings may be here before the fact that binds the car: they wait this long. */
const BINDING_WAIT_MS = 5_000
/** And no more than this many requests. */
const WAITING_EVENTS = 16
/** Readings measured up to this long before a run begins are the run's, in ms: a packet of them, and clocks that differ. */
const HEAD_START_MS = 1_000
/** Ends that are remembered in case they overtook their beginnings. */
const ENDED_RUNS = 8
/** Dead letters that wait in the entity while the store is away. */
const UNREPORTED_MAX = 16
/** No write of this entity takes longer. */
const WRITE_TIMEOUT_MS = 2_000

/** A run as the car knows it: its timer tallies laps, resets and off-tracks; `lapAt` is when its last lap was complete. */
type Run = RunStart & {
  endedAt: number | null
  timer: LapTimer | null
  lapAt: number
  /** The latest request, and the car's clock there. */
  heard: Heard
}
/** A request's hub time, and how far the car's clock was behind that by all that had come then. */
type Heard = { enqueued: number; offset: number }

/** What a car's entity knows. Instants in ms since 1970. Plain JSON. */
export type CarState = {
  /** The present one and those before whose last requests may be on their way, as they began: each ends by the beginning of the next one at the latest. */
  runs: Run[]
  clocks: CarClock[]
  /** Requests, or what is left of them, that came before a run was known. */
  waiting: (CarEvent & Heard)[]
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
  runs: [],
  clocks: [],
  waiting: [],
  ended: [],
  unwritten: [],
  unreported: []
})

/**
 * Times one car: readings measured inside a run become laps in the ledger, readings outside of any dead letters.
 * What was measured before a run's end counts for it when it is at the hub no later than riders' backlog may be.
 * A lap's id is its run and the reading at the crossing, so repeating an operation records nothing twice.
 */
export function createCar(ports: CarPorts) {
  return async (deviceId: string, known: CarState, operation: CarOperation): Promise<CarState> => {
    // A state from before runs were a list has none.
    const state = { ...parkedCar(), ...known }
    switch (operation.name) {
      case 'run':
        begin(state, operation.input)
        break
      case 'runEnd':
        state.ended = [...state.ended, operation.input].slice(-ENDED_RUNS)
        break
      case 'readings':
        for (const event of operation.input) {
          const { clocks, offset } = bindClock(state.clocks, event)
          state.clocks = clocks
          state.waiting.push({ ...event, offset })
        }
        break
    }
    end(state)
    await drive(ports, deviceId, state)
    return state
  }
}

function begin(state: CarState, run: RunStart): void {
  if (state.runs.some(({ runId }) => runId === run.runId)) return
  const heard = { enqueued: run.at, offset: 0 }
  state.runs.push({ ...run, endedAt: null, timer: null, lapAt: run.at, heard })
  state.runs.sort((a, b) => a.at - b.at)
}

/** Ends runs by their facts, or by the beginning of the next one, whichever comes first. */
function end({ runs, ended }: CarState): void {
  for (const [i, run] of runs.entries()) {
    const ends = ended.filter(({ runId }) => runId === run.runId).map(({ at }) => at)
    const next = runs[i + 1]
    if (next) ends.push(next.at)
    if (run.endedAt !== null) ends.push(run.endedAt)
    run.endedAt = ends.length ? Math.min(...ends) : null
  }
}

async function drive(ports: CarPorts, deviceId: string, state: CarState): Promise<void> {
  const refused: CarState['waiting'] = []
  const later: CarState['waiting'] = []
  const present = state.runs.at(-1)
  for (const event of state.waiting) {
    const { ownerless, laps } = share(state.runs, event)
    state.unwritten.push(...laps)
    if (!ownerless.length) continue
    const mayBeBound =
      ports.now() - event.enqueued < BINDING_WAIT_MS && (!present || event.enqueued > present.at)
    const list = mayBeBound ? later : refused
    list.push({ ...event, readings: ownerless })
  }
  const over = state.runs.filter(run => isOver(run, ports.now()))
  state.unwritten.push(...over.flatMap(settle))
  // A run that is over is kept until the next one begins: its requests may come again.
  state.runs = state.runs.filter(run => !over.includes(run) || !isOver(run, present?.at ?? 0))
  state.waiting = later.slice(-WAITING_EVENTS)
  refused.push(...later.slice(0, -WAITING_EVENTS))
  state.unwritten = await record(ports, state.unwritten)
  state.unreported.push(...refused.map(event => letterOf(deviceId, event)))
  state.unreported = await report(ports, state.unreported)
}

/** Gives each reading of a request to the run that it was measured in. */
function share(
  runs: Run[],
  event: CarEvent & Heard
): { ownerless: CarReading[]; laps: FactOf<'lap'>[] } {
  const owners = Map.groupBy(event.readings, ({ t }) =>
    runs.find(run => isOf(run, event.enqueued, hubTime(event, t)))
  )
  const laps = runs.flatMap(run => time(run, event, owners.get(run) ?? []))
  return { ownerless: owners.get(undefined) ?? [], laps }
}

/** When it was by hub time, in ms since 1970, at an instant of the car's clock. */
const hubTime = ({ enqueued, offset }: Heard, t: number): number => Math.min(enqueued, t + offset)

function isOf({ at, endedAt }: Run, enqueued: number, measured: number): boolean {
  if (enqueued < at || measured < at - HEAD_START_MS) return false
  return endedAt === null || (measured <= endedAt && enqueued <= endedAt + BACKLOG_MS)
}

function time(
  run: Run,
  { boot, enqueued, offset }: CarEvent & Heard,
  readings: CarReading[]
): FactOf<'lap'>[] {
  if (!readings.length) return []
  if (!run.timer || run.timer.boot < boot) run.timer = newTimer(boot, run.timer?.tally)
  if (boot < run.timer.boot) return []
  run.heard = { enqueued, offset }
  return feed(run.timer, run.course, readings).map(lap => lapFact(run, boot, lap))
}

/** Whether nothing can come any more for a run. */
const isOver = ({ endedAt }: Run, now: number): boolean =>
  endedAt !== null && now > endedAt + BACKLOG_MS

/** Waits no longer for missing readings. */
const settle = (run: Run): FactOf<'lap'>[] => {
  const { timer, course } = run
  return timer ? flush(timer, course).map(lap => lapFact(run, timer.boot, lap)) : []
}

function lapFact(run: Run, boot: number, lap: DrivenLap): FactOf<'lap'> {
  // Laps of a run keep their order although the clock is bound better from request to request.
  run.lapAt = Math.max(run.lapAt, Math.round(hubTime(run.heard, lap.t)))
  return {
    kind: 'lap',
    id: `${run.runId}-${boot}-${lap.seq}`,
    raceId: run.raceId,
    at: run.lapAt,
    actor: { kind: 'app', app: 'aggregate' },
    runId: run.runId,
    bib: run.bib,
    lap: lap.lap,
    lapMs: lap.lapMs,
    source: 'telemetry',
    valid: lap.fault === undefined,
    reason: lap.fault
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

const letterOf = (deviceId: string, { offset: _, ...event }: CarEvent & Heard): DeadLetter =>
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
