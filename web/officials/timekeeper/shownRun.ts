import type { LapState, TimedLap, TimedRun } from '#contract'
import { type Entry, type EntryOf, factId, type Steady } from './entry.ts'

/** What comes so much later than it happened is marked late, in ms. */
export const LATE_MS = 5_000
/** A machine's lap that nobody pressed for moves the lap clock on after this long, in ms. */
const PRESSED_WITHIN_MS = 2_000

/** A lap by one timing, as the timekeeper sees it: what the server says, or else what this device has to tell. */
export type ShownLap = Pick<
  TimedLap,
  'lapId' | 'lap' | 'ms' | 'at' | 'source' | 'why' | 'resets'
> & {
  /** `valid` and `notValid` are what was told; the rest is the server's judgement. */
  state: LapState | 'valid' | 'notValid'
  /** Where it is on its way; `there` is what the server has shown us. */
  delivery: 'queued' | 'sent' | 'refused' | 'there'
  detail: string
  /** Whether this device told that it counts; undefined for what others told. */
  toldValid: boolean | undefined
  /** How much later than it happened the server got it, in ms; 0 where that is not late. */
  lateMs: number
}

/** A run with all that this device knows of it. */
export type ShownRun = Omit<TimedRun, 'laps' | 'resets'> & {
  /** In the order driven. */
  laps: ShownLap[]
  /** Resets that the server counts in the lap that it takes for the present one. */
  toldResets: number
}

/** Lays what this device told over what the server said in an answer that was asked for at `askedAt`. */
export function shownRun(
  server: TimedRun | undefined,
  entries: readonly Entry[],
  askedAt: number
): ShownRun | undefined {
  const begin = entries.find(entry => entry.kind === 'run')
  const base = server ?? (begin && beginning(begin))
  if (!base) return undefined
  const { laps, resets, ...run } = base
  const known = new Map(laps.map(lap => [lap.lapId, lap]))
  const told = entries.filter(entry => entry.kind === 'lap')
  const own = new Map(told.map(entry => [factId(entry), entry]))
  const shown = [
    ...laps.map(lap => ofServer(lap, own.get(lap.lapId))),
    ...told.filter(entry => !entry.undone && !known.has(factId(entry))).map(ofDevice)
  ]
  const shownAs = { ...run, laps: shown.sort((a, b) => a.at - b.at || a.lap - b.lap) }
  const fresh = entries.filter(
    entry => entry.kind === 'event' && (!server || !((entry.sentAt ?? askedAt) < askedAt))
  ) as EntryOf<'event'>[]
  return fresh.reduce(after, { ...shownAs, toldResets: resets })
}

function beginning({ body, runId }: EntryOf<'run'>): TimedRun {
  const { bib, deviceId = null, sensorId = null, proxy = false, at } = body
  return {
    ...{ runId, bib, deviceId, sensorId, proxy, startedAt: at },
    ...{ endedAt: null, pausedAt: null, pausedMs: 0, submitted: false, resets: 0, laps: [] }
  }
}

const late = (ms: number): number => (ms >= LATE_MS ? ms : 0)

const ofServer = (
  { lapId, lap, ms, at, source, why, resets, state, recordedAt }: TimedLap,
  own: EntryOf<'lap'> | undefined
): ShownLap => ({
  ...{ lapId, lap, ms, at, source, resets },
  ...(own?.undone ? { state: 'retracted', why: 'taken back' } : { state, why }),
  ...{
    delivery: 'there',
    detail: '',
    toldValid: own?.body.valid,
    lateMs: late((recordedAt ?? at) - at)
  }
})

const ofDevice = (entry: EntryOf<'lap'>): ShownLap => {
  const { lap, lapMs: ms, at, valid, reason } = entry.body
  return {
    ...{ lapId: factId(entry), lap, ms, at, source: 'hand', resets: entry.resets },
    state: valid ? 'valid' : 'notValid',
    why: reason ?? '',
    delivery: entry.state,
    detail: entry.detail ?? '',
    toldValid: valid,
    lateMs: late((entry.sentAt ?? at) - at)
  }
}

function after(run: ShownRun, { body: { kind, at }, state }: EntryOf<'event'>): ShownRun {
  // What the server refused has not happened for anybody else.
  if (state === 'refused') return run
  switch (kind) {
    case 'pause':
      return { ...run, pausedAt: run.pausedAt ?? at }
    case 'resume': {
      if (run.pausedAt === null) return run
      return { ...run, pausedAt: null, pausedMs: run.pausedMs + at - run.pausedAt }
    }
    case 'end':
      return { ...run, endedAt: Math.min(run.endedAt ?? at, at) }
    case 'submit':
      return { ...run, submitted: true }
    case 'reset':
      return run
  }
}

/** How long a run has gone on by its clock, in ms. */
export const elapsedOf = (
  { startedAt, pausedAt, pausedMs, endedAt }: ShownRun,
  now: number
): number => Math.max(0, (pausedAt ?? endedAt ?? now) - startedAt - pausedMs)

/** The lap that is driven: its number in the run, since when, and what speaks for its resets. */
export type PresentLap = { lap: number; from: number; steady: Steady | undefined; resets: number }

/** Counts laps on from the last one that was told here, or from a machine's that nobody has pressed for. */
export function presentLap(run: ShownRun, entries: readonly Entry[], now: number): PresentLap {
  const standing = run.laps.filter(({ state }) => state !== 'retracted' && state !== 'superseded')
  const own = entries.filter(entry => entry.kind === 'lap' && !entry.undone) as EntryOf<'lap'>[]
  const last = own.toSorted((a, b) => a.body.at - b.body.at).at(-1)
  const ownAt = last?.body.at ?? run.startedAt
  const other = standing
    .filter(({ source, delivery }) => source !== 'hand' || (delivery === 'there' && !last))
    .findLast(({ at, ms }) => at > ownAt + (last ? ms / 2 : 0))
  const missed = other && (!last || now - other.at >= Math.min(other.ms / 2, PRESSED_WITHIN_MS))
  const begin = entries.find(entry => entry.kind === 'run')
  const from = missed ? other.at : ownAt
  const here = entries.filter(
    entry =>
      entry.kind === 'event' &&
      entry.body.kind === 'reset' &&
      !entry.undone &&
      entry.body.at >= from
  ).length
  // The server's count is of the lap after the last that it knows.
  const known = standing.filter(({ delivery }) => delivery === 'there').at(-1)?.at ?? run.startedAt
  return {
    lap: 1 + (missed ? other.lap : (last?.body.lap ?? 0)),
    from,
    steady: missed ? undefined : (last ?? begin)?.steady,
    resets: known >= from ? Math.max(here, run.toldResets) : here
  }
}

/** How long the present lap has taken at an instant, in ms: by the steady clock where it began in this life of the page. */
export const lapMsAt = ({ from, steady }: PresentLap, at: number, now: Steady): number =>
  Math.max(0, Math.round(steady?.life === now.life ? now.mono - steady.mono : at - from))
