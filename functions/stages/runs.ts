import { BACKLOG_MS, type FactOf, type LapSource } from '#contract'
import { bindClock, type CarClock } from '#race/carClock'
import type { Driven } from '#race/driven'
import type { DeviceEvent, RunEnd, RunOperation, RunStart } from './runSignal.ts'

/** Messages may be here before the fact that binds their device: they wait this long. */
const BINDING_WAIT_MS = 5_000
/** And no more than this many. */
const WAITING_EVENTS = 16
/** What was measured up to this long before a run begins is the run's, in ms: a packet of readings, and clocks that differ. */
const HEAD_START_MS = 1_000
/** Ends that are remembered in case they overtook their beginnings. */
const ENDED_RUNS = 8
/** Runs of a device that are known at once: those that began within twenty seconds of each other, at most. */
const RUNS_MAX = 16
const ACTOR = { kind: 'app', app: 'aggregate' } as const

/** What devices put into the ledger. */
export type RunFact = FactOf<'lap' | 'reset'>

type Stamped = { seq: number; t: number }
/** A message's hub time, and how far the device's clock was behind that by all that had come then. */
export type Heard = { enqueued: number; offset: number }

/** A run as a device knows it, with what times it; `factAt` is when the last of its facts was. */
export type Run<S extends RunStart, T> = S & {
  endedAt: number | null
  timer: T | null
  factAt: number
  /** The latest message that was timed, and the device's clock there. */
  heard: Heard & { boot: number }
}

/** The runs of a device and what waits for them. Instants in ms since 1970. Plain JSON. */
export type Runs<R extends Stamped, S extends RunStart, T> = {
  /** The present one and those before whose last messages may be on their way, as they began: each ends by the beginning of the next one at the latest. */
  runs: Run<S, T>[]
  clocks: CarClock[]
  /** Messages, or what is left of them, that came before a run was known. */
  waiting: (DeviceEvent<R> & Heard)[]
  /** When runs ended whose beginning may still be on its way. */
  ended: RunEnd[]
}

/** How a kind of device times a run. Each returns what was driven, in order; `time` says what it `heard`. */
export type Timing<R, S extends RunStart, T> = {
  source: LapSource
  time(run: Run<S, T>, event: DeviceEvent<R> & Heard): Driven[]
  /** Waits no longer for what is missing. */
  settle(run: Run<S, T>): Driven[]
}

/** A device that has no run. */
export const noRuns = () => ({ runs: [], clocks: [], waiting: [], ended: [] })

/** Begins and ends runs. A run ends by its fact, or by the beginning of the next one, whichever comes first. */
export function bind<R extends Stamped, S extends RunStart, T>(
  state: Runs<R, S, T>,
  operation: RunOperation<S>
): void {
  if (operation.name === 'run') begin(state, operation.input)
  else state.ended = [...state.ended, operation.input].slice(-ENDED_RUNS)
  for (const [i, run] of state.runs.entries()) {
    const ends = state.ended.filter(({ runId }) => runId === run.runId).map(({ at }) => at)
    const next = state.runs[i + 1]
    if (next) ends.push(next.at)
    if (run.endedAt !== null) ends.push(run.endedAt)
    run.endedAt = ends.length ? Math.min(...ends) : null
  }
}

function begin<R extends Stamped, S extends RunStart, T>(state: Runs<R, S, T>, run: S): void {
  if (state.runs.some(({ runId }) => runId === run.runId)) return
  const heard = { enqueued: run.at, offset: 0, boot: 0 }
  const begun = { ...run, endedAt: null, timer: null, factAt: run.at, heard }
  state.runs = [...state.runs, begun].sort((a, b) => a.at - b.at).slice(-RUNS_MAX)
}

/** Binds the device's clock by a message. */
export function hear<E extends DeviceEvent<Stamped>>(
  state: { clocks: CarClock[] },
  event: E
): E & Heard {
  const { clocks, offset } = bindClock(state.clocks, event)
  state.clocks = clocks
  return { ...event, offset }
}

/** When it was by hub time, in ms since 1970, at an instant of the device's clock. */
export const hubTime = ({ enqueued, offset }: Heard, t: number): number =>
  Math.min(enqueued, t + offset)

/** When it is for an operation: what settles a run comes after its backlog, whatever this process' clock says. */
export const nowOf = (
  operation: RunOperation<RunStart> | { name: 'readings' | 'crossings' },
  now: number
): number =>
  operation.name === 'settle' ? Math.max(now, operation.input.at + BACKLOG_MS + 1) : now

/** Whether nothing can come any more for a run. */
export const isOver = ({ endedAt }: { endedAt: number | null }, now: number): boolean =>
  endedAt !== null && now > endedAt + BACKLOG_MS

/**
 * Times what waits, each reading in the run that it was measured in. Returns the facts, and messages that are nobody's.
 * What was measured before a run's end counts for it when it is at the hub no later than riders' backlog may be.
 */
export function timeRuns<R extends Stamped, S extends RunStart, T>(
  state: Runs<R, S, T>,
  { source, time, settle }: Timing<R, S, T>,
  now: number
): { facts: RunFact[]; refused: (DeviceEvent<R> & Heard)[] } {
  const facts: RunFact[] = []
  const refused: typeof state.waiting = []
  const later: typeof state.waiting = []
  const tell = (run: Run<S, T>, driven: Driven[]) =>
    facts.push(...driven.map(one => factOf(run, source, one)))
  const present = state.runs.at(-1)
  for (const event of state.waiting) {
    const owners = Map.groupBy(event.readings, ({ t }) =>
      state.runs.find(run => isOf(run, event.enqueued, hubTime(event, t)))
    )
    for (const run of state.runs) {
      const readings = owners.get(run)
      if (readings) tell(run, time(run, { ...event, readings }))
    }
    const ownerless = owners.get(undefined)
    if (!ownerless) continue
    const mayBeBound =
      now - event.enqueued < BINDING_WAIT_MS && (!present || event.enqueued > present.at)
    const list = mayBeBound ? later : refused
    list.push({ ...event, readings: ownerless })
  }
  state.waiting = later.slice(-WAITING_EVENTS)
  refused.push(...later.slice(0, -WAITING_EVENTS))
  const over = state.runs.filter(run => isOver(run, now))
  for (const run of over) tell(run, settle(run))
  // A run that is over is kept until the next one begins: its messages may come again.
  state.runs = state.runs.filter(run => !over.includes(run) || !isOver(run, present?.at ?? 0))
  return { facts, refused }
}

function isOf(
  { at, endedAt }: RunStart & { endedAt: number | null },
  enqueued: number,
  measured: number
): boolean {
  if (enqueued < at || measured < at - HEAD_START_MS) return false
  return endedAt === null || (measured <= endedAt && enqueued <= endedAt + BACKLOG_MS)
}

/** What the ledger says of it, named by the run and the reading that showed it. */
function factOf<S extends RunStart, T>(
  run: Run<S, T>,
  source: Timing<unknown, S, T>['source'],
  driven: Driven
): RunFact {
  // Facts of a run keep their order although the clock is bound better from message to message.
  run.factAt = Math.max(run.factAt + 1, Math.round(hubTime(run.heard, driven.t)))
  const { runId, raceId, bib, factAt: at } = run
  // A car's and a sensor's boots count apart. A run has no more than one of either.
  const device = source === 'sensor' ? `${runId}-sensor` : runId
  const id = `${device}-${run.heard.boot}-${driven.seq}`
  const fact = { raceId, at, actor: ACTOR, runId, bib, source }
  if (driven.kind === 'reset') {
    return { kind: 'reset', id: `${id}-reset`, ...fact, reason: driven.reason }
  }
  const { lap, lapMs, fault } = driven
  return { kind: 'lap', id, ...fact, lap, lapMs, valid: fault === undefined, reason: fault }
}
