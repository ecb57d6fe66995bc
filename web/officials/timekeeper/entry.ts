import type { LapRequest, Retraction, RunEvent, RunRequest } from '#contract'

/** An instant of the page's steady clock, which counts from zero in each `life` of the page; in ms. */
export type Steady = { life: string; mono: number }

/** What a timekeeper told of a run. */
export type Told =
  | { kind: 'run'; body: RunRequest; steady: Steady }
  | { kind: 'event'; body: RunEvent }
  | { kind: 'lap'; body: LapRequest & { at: number }; steady: Steady; resets: number }
  | { kind: 'retraction'; body: Retraction }

/** Something told, and how far it has come. It stays on the device until its run is submitted. */
export type Entry = Told & {
  /** Under which it is sent, however often. */
  key: string
  raceId: string
  runId: string
  /** Counts up in the order told. */
  seq: number
  /** The user name of who told it: nobody else's token sends it. */
  by: string
  /** By the server's clock, as all instants here. */
  toldAt: number
  state: 'queued' | 'sent' | 'refused'
  /** How often it was sent; with 0 the server cannot know it. */
  attempts: number
  /** Not sent before: until then it can be undone as if it had never been. */
  holdUntil?: number
  /** Taken back; what was sent is retracted by another entry. */
  undone?: boolean
  sentAt?: number
  /** Why it was refused. */
  detail?: string
}
export type EntryOf<K extends Told['kind']> = Extract<Entry, { kind: K }>

/** The id of the fact that an entry makes. */
export const factId = ({ kind, runId, key }: Pick<Entry, 'kind' | 'runId' | 'key'>): string =>
  kind === 'run' ? `run.${runId}` : `hand.${runId}.${key}`

/** Where an entry is sent. */
export function pathOf({ kind, raceId, runId }: Pick<Entry, 'kind' | 'raceId' | 'runId'>): string {
  const race = `/races/${raceId}`
  if (kind === 'retraction') return `${race}/retractions`
  if (kind === 'run') return `${race}/runs`
  return `${race}/runs/${runId}/${kind === 'lap' ? 'laps' : 'events'}`
}

/** For how long a capture, a reset or the end of a run can be undone, in ms. */
export const UNDO_MS = 10_000

/** What the next undo takes back at an instant, and what it is called. */
export function undoable(entries: readonly Entry[], now: number): Entry | undefined {
  return entries.findLast(
    entry =>
      now - entry.toldAt < UNDO_MS &&
      !entry.undone &&
      (entry.kind === 'lap' ||
        (entry.kind === 'event' &&
          (entry.body.kind === 'reset' ||
            (entry.body.kind === 'end' && (entry.holdUntil ?? 0) > now))))
  )
}

/** What is said once it has happened. */
export const EVENT_WORDS: Record<RunEvent['kind'], string> = {
  pause: 'Run paused',
  resume: 'Run goes on',
  end: 'Run ended',
  reset: 'Car reset',
  submit: 'Run submitted'
}
