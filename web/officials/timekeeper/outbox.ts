import { ApiError } from '../../call.ts'
import { SignInNeeded } from '../session.svelte.ts'
import { type Entry, factId, type Told } from './entry.ts'
import type { EntryStore } from './entryStore.ts'
import { sentenceOf } from './sentence.ts'

/** What could not be sent is sent again after this long, doubled each time up to the most, in ms. */
const AGAIN_MS = 1_000
const AGAIN_MOST_MS = 15_000

/** Answers that mean: not now. All others below 500 are for a person to settle. */
const LATER = [401, 408, 425, 429]
/**
 * For so long after the server accepted a run's beginning it may not find the run, in ms: by the database's session
 * consistency only the instance that wrote it sees it at once.
 */
const UNSEEN_MS = 30_000

type OutboxPorts = {
  store: EntryStore
  /** Throws `ApiError`, or `SignInNeeded`. */
  send(entry: Entry): Promise<void>
  /** The server's time, ms since 1970. */
  now(): number
  /** The user name of who is signed in. */
  person: string
  newKey(): string
  /** Calls after so long, in ms; the answer calls it off. */
  later(ms: number, call: () => void): () => void
  changed(): void
  report(error: unknown): void
}

/** What has not arrived for lack of a link, or of a sign-in. */
export type Trouble = 'offline' | 'signIn' | undefined

/**
 * Sends what a timekeeper tells: in order and one at a time in each run, until it is there. What the server refuses stays
 * and keeps nothing behind it, except for the beginning of a run, without which the run is not known.
 */
export class Outbox {
  entries: readonly Entry[]
  trouble: Trouble
  readonly #ports: OutboxPorts
  readonly #busy = new Set<string>()
  /** Runs that the server did not find, and when they are tried again. */
  readonly #unseen = new Map<string, number>()
  #wait = AGAIN_MS
  #callOff: (() => void) | undefined
  #closed = false

  constructor(ports: OutboxPorts) {
    this.#ports = ports
    this.entries = ports.store.load(ports.now(), ports.report)
  }

  /** Keeps it before anything else happens; `holdUntil` is when it is sent at the earliest. */
  tell(run: { raceId: string; runId: string }, told: Told, holdUntil?: number): Entry {
    const { person, now, newKey } = this.#ports
    const entry: Entry = {
      ...told,
      ...{ raceId: run.raceId, runId: run.runId, by: person, toldAt: now() },
      key: told.kind === 'run' ? run.runId : newKey(),
      seq: Math.max(now(), (this.entries.at(-1)?.seq ?? 0) + 1),
      state: 'queued',
      attempts: 0,
      ...(holdUntil === undefined ? {} : { holdUntil })
    }
    this.entries = [...this.entries, entry]
    this.#save(entry)
    this.flush()
    return entry
  }

  /** Takes an entry back: what the server may know by a retraction, anything else as if it had never been. */
  undo(entry: Entry): void {
    const known = this.#now(entry)
    if (!known) return
    if (known.attempts === 0 || known.state === 'refused') this.#drop(known)
    else {
      this.#change(known, { undone: true })
      this.tell(known, { kind: 'retraction', body: { of: factId(known) } })
    }
  }

  /** Sends without waiting for the time of undoing to pass. */
  release(runId: string): void {
    for (const entry of this.entries)
      if (entry.runId === runId && entry.holdUntil) this.#change(entry, { holdUntil: 0 })
    this.flush()
  }

  /** Sends once more what was refused. */
  again(entry: Entry): void {
    this.#change(entry, { state: 'queued', detail: '' })
    this.flush()
  }

  /** Lets go of what was refused; with the beginning of a run of all that was told of it. */
  giveUp(entry: Entry): void {
    if (entry.kind === 'run') this.forget(entry.runId)
    else this.#drop(entry)
  }

  /** Lets go of a run that needs nothing more. */
  forget(runId: string): void {
    for (const entry of this.entries) if (entry.runId === runId) this.#drop(entry)
  }

  /** Sends what waits; at once, where `now` is asked for. */
  flush(now = false): void {
    if (now) this.#wait = AGAIN_MS
    if (this.#closed || (!now && this.#callOff)) return
    this.#callOff?.()
    this.#callOff = undefined
    for (const runId of new Set(this.entries.map(entry => entry.runId))) {
      const entry = this.#busy.has(runId) ? undefined : this.#due(runId)
      if (!entry) continue
      this.#busy.add(runId)
      this.#lane(entry).catch(this.#ports.report)
    }
  }

  close(): void {
    this.#closed = true
    this.#callOff?.()
  }

  async #lane(first: Entry): Promise<void> {
    const { runId } = first
    try {
      let entry: Entry | undefined = first
      while (entry && (await this.#settled(entry))) entry = this.#due(runId)
    } finally {
      this.#busy.delete(runId)
    }
  }

  /** What a run has to send now; what is held or was not found is looked at again when its time has come. */
  #due(runId: string): Entry | undefined {
    const next = this.#next(runId)
    const held = Math.max(next?.holdUntil ?? 0, this.#unseen.get(runId) ?? 0) - this.#ports.now()
    if (held <= 0) return next
    this.#ports.later(held, () => this.flush())
    return undefined
  }

  /** Sends one entry; false where the ones behind it have to wait. */
  async #settled(entry: Entry): Promise<boolean> {
    if (this.#closed || this.#callOff) return false
    // Kept before it is sent: after a crash nobody could tell whether it was.
    const tried = this.#change(entry, { attempts: entry.attempts + 1 })
    try {
      await this.#ports.send(tried)
      this.#arrived(tried)
      return true
    } catch (error) {
      this.#ports.report(error)
      return this.#refused(tried, error)
    }
  }

  #next(runId: string): Entry | undefined {
    const lane = this.entries.filter(entry => entry.runId === runId)
    if (lane.some(({ kind, state }) => kind === 'run' && state === 'refused')) return undefined
    const next = lane.find(({ state }) => state === 'queued')
    if (next?.by !== this.#ports.person) return undefined
    if (next.kind !== 'retraction') return next
    const subject = lane.find(entry => factId(entry) === next.body.of)
    if (subject?.state !== 'refused') return next
    // What never became a fact needs no taking back.
    this.#drop(subject)
    this.#drop(next)
    return this.#next(runId)
  }

  #arrived(entry: Entry): void {
    this.trouble = undefined
    this.#wait = AGAIN_MS
    this.#change(entry, { state: 'sent', sentAt: this.#ports.now() })
  }

  /** Whether the next one can be tried. */
  #refused(entry: Entry, error: unknown): boolean {
    const status = error instanceof ApiError ? error.status : 0
    if (status === 404 && this.#mayBeUnseen(entry)) {
      // There is a link: only this run waits.
      this.trouble = undefined
      this.#unseen.set(entry.runId, this.#ports.now() + AGAIN_MS)
      this.#ports.changed()
      return true
    }
    if (status >= 400 && status < 500 && !LATER.includes(status)) {
      this.trouble = undefined
      this.#change(entry, { state: 'refused', detail: sentenceOf(error) })
      return true
    }
    this.trouble = error instanceof SignInNeeded || status === 401 ? 'signIn' : 'offline'
    const asked = error instanceof ApiError ? error.retryAfterMs : 0
    this.#callOff ??= this.#ports.later(Math.max(asked, this.#wait), () => {
      this.#callOff = undefined
      this.flush()
    })
    this.#wait = Math.min(AGAIN_MOST_MS, this.#wait * 2)
    this.#ports.changed()
    return false
  }

  #mayBeUnseen({ kind, runId }: Entry): boolean {
    if (kind !== 'lap' && kind !== 'event') return false
    const begin = this.entries.find(entry => entry.kind === 'run' && entry.runId === runId)
    return begin?.sentAt !== undefined && this.#ports.now() - begin.sentAt < UNSEEN_MS
  }

  #now = ({ key }: Entry): Entry | undefined => this.entries.find(entry => entry.key === key)

  /** Changes the entry as it stands now, which may have moved on since it was looked at. */
  #change(entry: Entry, change: Partial<Pick<Entry, Changeable>>): Entry {
    const known = this.#now(entry)
    const changed = { ...(known ?? entry), ...change }
    if (!known) return changed
    this.entries = this.entries.map(each => (each === known ? changed : each))
    this.#save(changed)
    return changed
  }

  #save(entry: Entry): void {
    try {
      this.#ports.store.save(entry)
    } catch (error) {
      // A full device: it is still sent as long as the page is there.
      this.#ports.report(error)
    }
    this.#ports.changed()
  }

  #drop(entry: Entry): void {
    this.entries = this.entries.filter(({ key }) => key !== entry.key)
    this.#ports.store.remove(entry)
    this.#ports.changed()
  }
}

type Changeable = 'state' | 'attempts' | 'holdUntil' | 'undone' | 'sentAt' | 'detail'
