import type { Board, FleetDevice, Queue, RaceSummary, RunEvent } from '#contract'
import { ApiError } from '../../call.ts'
import { lapTime } from '../../format.ts'
import type { DeskOptions, RunChoice } from './deskOptions.ts'
import { type Entry, EVENT_WORDS, factId, type Steady, UNDO_MS, undoable } from './entry.ts'
import type { Outbox, Trouble } from './outbox.ts'
import { runsThrough } from './runsThrough.ts'
import { sentenceOf } from './sentence.ts'
import {
  elapsedOf,
  lapMsAt,
  type PresentLap,
  presentLap,
  type ShownLap,
  shownRun
} from './shownRun.ts'
import type { Snapshots } from './snapshot.ts'
import type { TrackApi } from './trackApi.ts'

/** Presses closer together than this are one, in ms: no lap is so short. */
const BOUNCE_MS = 300
const WITH_LAPS: readonly RaceSummary['format']['kind'][] = ['fastestLap', 'averageLap', 'mostLaps']
/** Races that nobody times any more, or not yet. */
const AWAY: readonly RaceSummary['phase'][] = ['scheduled', 'official', 'aborted']

/** The timekeeper's desk: what the server said, what was told here, and what that makes. */
export class Desk {
  /** The server's time, ms since 1970; moved on every second and by every press. */
  now = $state(0)
  races = $state.raw<readonly RaceSummary[]>([])
  raceId = $state<string>()
  runId = $state<string>()
  queue = $state.raw<Queue>()
  board = $state.raw<Board>()
  devices = $state.raw<readonly FleetDevice[]>([])
  entries = $state.raw<readonly Entry[]>([])
  trouble = $state<Trouble>()
  /** Why the queue cannot be seen. */
  refusal = $state<string>()
  /** What assistive technology is told. */
  summary = $state('')
  #askedAt = $state(0)
  #failing = $state(false)

  /** The routes that are not told run by run. */
  readonly track: Pick<TrackApi, 'enter' | 'propose'>
  readonly person: string
  readonly #options: DeskOptions
  readonly #outbox: Outbox
  #etag: string | null = null

  /** What was told here of the present run. */
  readonly told = $derived(this.entries.filter(({ runId }) => runId === this.runId))
  readonly run = $derived.by(() =>
    this.runId === undefined
      ? undefined
      : shownRun(
          this.queue?.runs.find(({ runId }) => runId === this.runId),
          this.told,
          this.#askedAt
        )
  )
  readonly present = $derived(this.run && presentLap(this.run, this.told, this.now))
  readonly racer = $derived.by(() => this.racerOf(this.run?.bib))
  /** What is not with the server yet. */
  readonly waiting = $derived(this.entries.filter(({ state }) => state === 'queued'))
  readonly refused = $derived(this.entries.filter(({ state }) => state === 'refused'))
  readonly lost = $derived.by(() => this.#failing || this.trouble === 'offline')
  readonly undo = $derived.by(() => {
    const last = undoable(this.told, this.now)
    // After the run its laps are looked through one by one.
    return last?.kind === 'event' || !this.run?.endedAt ? last : undefined
  })
  readonly race = $derived(this.races.find(({ raceId }) => raceId === this.raceId))
  readonly raceName = $derived(this.board?.name ?? this.race?.name ?? '')
  /** Whether the present lap began in the run's time: only then may it be finished. */
  readonly inTime = $derived.by(() => {
    const limit = this.queue?.runMs ?? null
    if (!this.run || !this.present || limit === null) return true
    return elapsedOf({ ...this.run, pausedAt: null, endedAt: null }, this.present.from) <= limit
  })

  constructor(options: DeskOptions) {
    this.#options = options
    this.track = options.track
    this.person = options.person
    const { raceId, runId, queue, askedAt } = options.snapshots.load()
    this.raceId = raceId
    this.runId = runId
    this.queue = queue
    this.#askedAt = askedAt
    this.#outbox = options.outbox(() => this.#changed())
    this.#changed()
    this.#outbox.flush()
  }

  racerOf = (bib: number | undefined) => this.queue?.racers.find(racer => racer.bib === bib)
  nameOf = (bib: number): string => this.racerOf(bib)?.name || `Number ${bib}`

  tick = (): void => {
    this.now = this.#options.clock.at()
  }

  /** The present lap's time now, in ms. */
  lapMs(present: PresentLap, mono = this.#options.clock.mono()): number {
    return lapMsAt(present, this.#options.clock.at(mono), this.#steady(mono))
  }
  /** The server's time now, in ms since 1970; for clocks that run. */
  serverNow = (): number => this.#options.clock.at()
  mono = (): number => this.#options.clock.mono()

  choose(raceId: string): void {
    if (raceId === this.raceId) return
    this.raceId = raceId
    this.queue = undefined
    this.board = undefined
    this.#etag = null
    this.#save()
  }

  /** Takes up a run that is under way or not looked through yet; undefined leaves it. */
  open(runId: string | undefined): void {
    this.runId = runId
    this.tick()
    this.#save()
  }

  start({ bib, deviceId, sensorId, proxy }: RunChoice, mono: number): void {
    const { raceId } = this
    if (!raceId) return
    const runId = this.#options.newKey()
    const at = this.#options.clock.at(mono)
    const devices = { ...(deviceId ? { deviceId } : {}), ...(sensorId ? { sensorId } : {}) }
    const body = { runId, bib, ...devices, proxy, at }
    this.#outbox.tell({ raceId, runId }, { kind: 'run', body, steady: this.#steady(mono) })
    this.open(runId)
    this.summary = `Run of ${this.nameOf(bib)} started`
  }

  /** The car is over the line, or the lap is given up where a reason makes it not valid. */
  capture(mono: number, reason?: string): void {
    this.tick()
    const { run, present, raceId } = this
    if (!run || !present || !raceId || run.endedAt !== null) return
    if (!this.inTime) {
      this.summary = 'Not captured: the run’s time was over when the lap began'
      return
    }
    const lapMs = this.lapMs(present, mono)
    if (lapMs < BOUNCE_MS) {
      this.summary = 'Pressed twice: counted once'
      return
    }
    const { lap, resets } = present
    const body = {
      ...{ bib: run.bib, lap, lapMs, at: this.#options.clock.at(mono), valid: !reason },
      ...(reason ? { reason } : {})
    }
    this.#outbox.tell(
      { raceId, runId: run.runId },
      { kind: 'lap', body, steady: this.#steady(mono), resets }
    )
    this.tick()
    this.summary = reason ? `Lap ${lap} not finished` : `Lap ${lap}: ${lapTime(lapMs)}`
  }

  /** Something else happens in the run. */
  event(kind: RunEvent['kind'], mono = this.mono()): void {
    const { run, raceId } = this
    if (!run || !raceId) return
    const at = this.#options.clock.at(mono)
    // Nobody can take the end of a run back once it is told.
    const holdUntil = kind === 'end' ? at + UNDO_MS : undefined
    this.#outbox.tell(
      { raceId, runId: run.runId },
      { kind: 'event', body: { kind, at } },
      holdUntil
    )
    if (kind === 'submit') this.#outbox.release(run.runId)
    this.tick()
    this.summary = EVENT_WORDS[kind]
  }

  undoLast(): void {
    this.tick()
    const { undo } = this
    if (!undo) return
    this.#outbox.undo(undo)
    this.tick()
    this.summary = 'Undone'
  }

  /** Takes a lap back that a person timed. */
  takeBack({ lapId }: Pick<ShownLap, 'lapId'>): void {
    const { run, raceId } = this
    if (!run || !raceId) return
    const own = this.told.find(entry => factId(entry) === lapId)
    if (own) this.#outbox.undo(own)
    else
      this.#outbox.tell({ raceId, runId: run.runId }, { kind: 'retraction', body: { of: lapId } })
    this.summary = 'Lap discarded'
  }

  /** Says whether a lap that a person timed counts, and why: the same lap is told anew, and the first one taken back. */
  judge(shown: ShownLap, valid: boolean, reason: string): void {
    const { run, raceId } = this
    if (!run || !raceId) return
    const { lap, ms: lapMs, at, resets } = shown
    this.takeBack(shown)
    const body = { bib: run.bib, lap, lapMs, at, valid, ...(reason ? { reason } : {}) }
    const steady = { life: '', mono: 0 }
    this.#outbox.tell({ raceId, runId: run.runId }, { kind: 'lap', body, steady, resets })
    this.summary = `Lap ${lap} ${valid ? 'counts' : 'does not count'}`
  }

  again = (entry: Entry): void => this.#outbox.again(entry)
  giveUp(entry: Entry): void {
    this.#outbox.giveUp(entry)
    if (entry.kind === 'run' && entry.runId === this.runId) this.open(undefined)
  }
  sendNow = (): void => this.#outbox.flush(true)
  close = (): void => this.#outbox.close()

  async readQueue(): Promise<void> {
    const { raceId } = this
    if (!raceId) return
    const { clock, track } = this.#options
    const asked = clock.mono()
    try {
      const queue = await track.queue(raceId)
      if (raceId !== this.raceId) return
      clock.heard(queue.asOf, asked, clock.mono())
      // The link is there again: what waits need not wait any longer.
      if (this.#failing) this.sendNow()
      this.queue = queue
      this.#askedAt = clock.at(asked)
      this.#failing = false
      this.refusal = undefined
      for (const done of runsThrough(this.entries, queue, this.#askedAt))
        if (done !== this.runId) this.#outbox.forget(done)
      this.#save()
    } catch (error) {
      this.#failing = !(error instanceof ApiError && error.status >= 400 && error.status < 500)
      if (!this.#failing) this.refusal = sentenceOf(error)
      this.#options.report(error)
    }
    this.tick()
  }

  async readBoard(): Promise<void> {
    const { raceId } = this
    if (!raceId) return
    const answer = await this.#options.api.head(raceId, this.#etag).catch((error: unknown) => {
      // A race that has just opened has no standings yet.
      if (error instanceof ApiError && error.status === 404) return 'same' as const
      throw error
    })
    if (answer === 'same' || raceId !== this.raceId) return
    this.board = answer.board
    this.#etag = answer.etag
  }

  async readRaces(): Promise<void> {
    const { races } = await this.#options.api.races()
    this.races = races.filter(
      ({ format, phase }) => WITH_LAPS.includes(format.kind) && !AWAY.includes(phase)
    )
    const [first] = this.races
    if (!this.raceId && first) this.choose(first.raceId)
  }

  async readFleet(): Promise<void> {
    this.devices = (await this.#options.track.fleet()).devices
  }

  #steady = (mono: number): Steady => ({ life: this.#options.life, mono })

  #changed(): void {
    this.entries = this.#outbox.entries
    this.trouble = this.#outbox.trouble
    this.tick()
  }

  #save(): void {
    const { raceId, runId, queue } = this
    const skew = this.#options.clock.at() - this.#options.wallClock()
    const snapshot = { raceId, runId, queue, skew, askedAt: this.#askedAt }
    this.#options.snapshots.save(snapshot as Parameters<Snapshots['save']>[0])
  }
}
