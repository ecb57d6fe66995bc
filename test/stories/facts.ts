import type { Actor, Fact, FactOf, LapSource } from '#contract'
import { GUN } from './races.ts'

const ACTOR = { kind: 'app', app: 'timekeeper' } as const
/** The actor of this object id; without one it is the app. */
const actorOf = (object?: string): Actor =>
  object === undefined ? ACTOR : { kind: 'person', tenant: 'a-tenant', object }
const base = (id: string, ms: number, by?: string) => ({
  id,
  raceId: 'evening-race',
  at: GUN + ms,
  actor: actorOf(by)
})

/** Life-cycle facts of officials, `ms` after the gun. */
export const officialFact = (kind: 'start' | 'close' | 'abort' | 'confirm', ms: number): Fact => ({
  kind,
  ...base(kind, ms)
})

/** The race's end is moved to `to` ms after the gun. */
export const extendFact = (
  to: number,
  ms: number,
  id = `extend-${to}-${ms}`
): FactOf<'extend'> => ({
  kind: 'extend',
  ...base(id, ms),
  endsAt: GUN + to
})

/** What is held for a bib, up to a value, counts or does not. */
export const judgeFact = (
  bib: number,
  value: number,
  accepted: boolean,
  ms = 60_000
): FactOf<'judge'> => ({
  kind: 'judge',
  ...base(`judge-${bib}-${value}-${ms}`, ms),
  bib,
  value,
  accepted
})

/** The bib is on the start list. */
export const entryFact = (bib: number, ms = -60_000): FactOf<'enter'> => ({
  kind: 'enter',
  ...base(`enter-${bib}-${ms}`, ms),
  bib,
  competitorId: `rider-${bib}`
})

/** The bib is taken off the race. */
export const withdrawalFact = (bib: number, ms = 60_000): FactOf<'withdraw'> => ({
  kind: 'withdraw',
  ...base(`withdraw-${bib}-${ms}`, ms),
  bib
})

export const runFact = (
  bib: number,
  runId = `run-${bib}`,
  ms = 0,
  { by, proxy = false, id = runId }: { by?: string | undefined; proxy?: boolean; id?: string } = {}
): FactOf<'run'> => ({
  kind: 'run',
  ...base(id, ms, by),
  runId,
  bib,
  deviceId: `car-${bib}`,
  ...(proxy ? { proxy } : {})
})

/** The run's clock holds or goes on, or its laps were looked through. */
export const clockFact = (
  kind: 'pause' | 'resume' | 'submit',
  runId: string,
  ms: number,
  id = `${runId}-${kind}-${ms}`
): FactOf<'pause' | 'resume' | 'submit'> => ({ kind, ...base(id, ms), runId })

export const runEndFact = (runId: string, ms: number): FactOf<'runEnd'> => ({
  kind: 'runEnd',
  ...base(`${runId}-end`, ms),
  runId,
  deviceId: 'car-1'
})

/** What may be said of a lap; its end is `ms` after the gun. */
type LapTold = {
  run?: string
  valid?: boolean
  id?: string
  source?: LapSource
  by?: string | undefined
}

export const lapFact = (
  bib: number,
  lap: number,
  lapMs: number,
  ms: number,
  { run = `run-${bib}`, valid = true, id = `${run}-${lap}`, source = 'telemetry', by }: LapTold = {}
): FactOf<'lap'> => ({
  kind: 'lap',
  ...base(id, ms, by),
  runId: run,
  bib,
  lap,
  lapMs,
  source,
  valid
})

/** Laps of one run, one right after the other from the gun. */
export function laps(bib: number, times: number[], run = `run-${bib}`, from = 0): FactOf<'lap'>[] {
  let end = from
  return times.map((lapMs, i) => {
    end += lapMs
    return lapFact(bib, i + 1, lapMs, end, { run })
  })
}

/** The run's car is put back on the track. */
export const resetFact = (
  bib: number,
  ms: number,
  runId = `run-${bib}`,
  id = `${runId}-reset-${ms}`,
  source: LapSource = 'telemetry'
): FactOf<'reset'> => ({ kind: 'reset', ...base(id, ms), runId, bib, source })

export const correctionFact = (
  lapId: string,
  {
    lapMs,
    valid = true,
    ms = 60_000,
    id = `${lapId}-corrected-${ms}`
  }: {
    lapMs?: number
    valid?: boolean
    ms?: number
    id?: string
  }
): FactOf<'correct'> => ({
  kind: 'correct',
  ...base(id, ms),
  lapId,
  valid,
  ...(lapMs === undefined ? {} : { lapMs })
})

export const statusFact = (
  bib: number,
  status: FactOf<'status'>['status'],
  ms = 60_000,
  id = `status-${bib}-${ms}-${status}`
): FactOf<'status'> => ({ kind: 'status', ...base(id, ms), bib, status })

/** Another fact is taken back or brought back. */
export const retractionFact = (
  of: string,
  kind: 'retract' | 'restore' = 'retract',
  ms = 60_000
): FactOf<'retract' | 'restore'> => ({ kind, ...base(`${kind}-${of}-${ms}`, ms), of })

/** A photo finish. */
export const orderFact = (
  bibs: number[],
  ms = 60_000,
  id = `order-${bibs}-${ms}`
): FactOf<'order'> => ({ kind: 'order', ...base(id, ms), bibs })

/** What `from` did counts for `bib`. */
export const mergeFact = (bib: number, from: number, ms = 60_000): FactOf<'merge'> => ({
  kind: 'merge',
  ...base(`merge-${bib}-${from}-${ms}`, ms),
  bib,
  from
})

export const protestFact = (bib: number, ms = 60_000): FactOf<'protest'> => ({
  kind: 'protest',
  ...base(`protest-${bib}-${ms}`, ms),
  bib
})

export const settlementFact = (of: string, ms = 70_000): FactOf<'settle'> => ({
  kind: 'settle',
  ...base(`settle-${of}-${ms}`, ms),
  of
})
