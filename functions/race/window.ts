import { NEVER, riders } from './columns.ts'
import { addsUp, type Gain, merge, take, waitsForAnother } from './metric.ts'
import { isOver } from './phase.ts'
import type { Partition, RaceState } from './state.ts'

/** Length of the tumbling windows. */
export const WINDOW_MS = 1_000
/** How long a window waits for stragglers after the watermark passed its end. */
export const GRACE_MS = 250
/** A partition that is silent this long no longer holds the watermark back. */
export const IDLE_MS = 1_000
/** No partition and no slow clock holds the watermark back further than this. */
export const MAX_LAG_MS = 5_000

/** Hears that a partition has come to an event time (clamped, ms since 1970) at `now`. */
export function progress(
  partitions: Map<string, Partition>,
  partition: string,
  time: number,
  now: number
): void {
  const known = partitions.get(partition)
  partitions.set(partition, { time: Math.max(time, known?.time ?? 0), seen: now })
}

/** How far event time has come, in ms since 1970: the slowest active partition; with none active, a second ago. */
export function watermark(partitions: Map<string, Partition>, now: number): number {
  let slowest = Number.POSITIVE_INFINITY
  for (const { time, seen } of partitions.values()) {
    if (now - seen <= IDLE_MS) slowest = Math.min(slowest, time)
  }
  return Math.max(
    Math.min(slowest, now - (slowest === Number.POSITIVE_INFINITY ? IDLE_MS : 0)),
    now - MAX_LAG_MS
  )
}

/** The newest window that may close at a watermark, in s since the start; -1 when none, never beyond the race's last. */
export function closable(state: RaceState, mark: number): number {
  if (state.startsAt === null) return -1
  const done = Math.floor((mark - state.startsAt - GRACE_MS) / WINDOW_MS) - 1
  return Math.max(-1, Math.min(done, lastWindow(state)))
}

/** The window of an instant in ms since the start; the instant of the end belongs to the last. */
const windowOf = (state: RaceState, at: number): number =>
  Math.min(Math.floor(at / WINDOW_MS), lastWindow(state))

/** The race's last window; without end while the end is not known. */
const lastWindow = ({ startsAt, endsAt }: RaceState): number =>
  startsAt === null || endsAt === null
    ? Number.POSITIVE_INFINITY
    : Math.ceil((endsAt - startsAt) / WINDOW_MS) - 1

/**
 * Merges a reading of `bib` where it belongs: with the closed windows, or with what waits. Only the newest window of a
 * rider waits; what is older joins the closed ones, where the next close shows it and none before, and so does a score that
 * another trial waits with.
 */
export function place(state: RaceState, bib: number, reading: Gain): void {
  const { columns } = state
  const adds = addsUp(state.race.format)
  const waits = columns.nextAt[bib - 1]!
  const newest = Math.max(state.window, waits === NEVER ? -1 : windowOf(state, waits))
  const mine = windowOf(state, reading.at)
  if (mine <= state.window || mine < newest) {
    merge(state, bib, 'closed', adds, reading)
    return
  }
  if (mine > newest) promote(state, bib, adds)
  merge(state, bib, waitsForAnother(columns, bib, reading) ? 'closed' : 'next', adds, reading)
}

/** Closes all windows up to `window`: what waited for them joins the closed columns. */
export function closeWindows(state: RaceState, window: number): void {
  if (window <= state.window) return
  state.window = window
  promoteAll(state, at => windowOf(state, at) <= window)
}

/** Closes everything: outside of racing nothing waits for a window. Once the race is over its last window is closed. */
export function closeAll(state: RaceState): void {
  const last = lastWindow(state)
  if (isOver(state.phase) && Number.isFinite(last)) state.window = last
  promoteAll(state, () => true)
}

function promoteAll(state: RaceState, ready: (at: number) => boolean): void {
  const { columns } = state
  const adds = addsUp(state.race.format)
  for (let bib = 1; bib <= riders(columns); bib++) {
    const at = columns.nextAt[bib - 1]!
    if (at !== NEVER && ready(at)) promote(state, bib, adds)
  }
}

function promote(state: RaceState, bib: number, adds: boolean): void {
  const waiting = take(state.columns, bib, 'next')
  if (waiting) merge(state, bib, 'closed', adds, waiting)
}
