import type { Board, DirectoryEntry, Phase, RaceSummary } from '#contract'
import { changesBetween, latestLap } from './changes.ts'
import { type Finisher, finishersBetween } from './finishers.ts'
import type { FollowSink } from './follow.ts'
import { inOrder } from './order.ts'
import { valueText } from './result.ts'
import type { PhonesAddress } from './screen/phones.ts'
import type { ScreenWords } from './screen/words.ts'
import { OLD_MS, stalenessOf } from './staleness.ts'

/** The board changes once a second; one that comes a little early is shown, one that comes earlier waits, in ms. */
const COALESCE_MS = 600
/** Triangle and tint stay this long after a change, in ms. */
const TINT_MS = 5_000
/** A page of places below the podium is shown this long, in ms. */
const PAGE_MS = 12_000
/** Places that stay on every page. */
const PINNED = 3
/** Who has ended a run is lit this long, one after the other, in ms; who would be lit later than this is not. */
const LIT_MS = 12_000
const LIT_LATEST_MS = 60_000
/** The spoken summary changes at most this often, in ms. */
const SUMMARY_MS = 10_000

const AHEAD: readonly Phase[] = ['scheduled', 'open', 'countdown']

type ViewOptions = {
  words: ScreenWords
  /** Rows of a page; absent, 12 for rides and 10 otherwise. */
  rows: number | undefined
  /** The page's clock, in ms. */
  now(): number
  /** Whether the visitor asked for no motion: pages do not turn by themselves then. */
  still: boolean
  /** Shown in place of what the race says of its event and sponsor; empty for none. */
  event: string
  sponsor: string
  /** Where phones find the race, or the current one. */
  phones(raceId: string | undefined): PhonesAddress
  report(error: unknown): void
}

/** How the rows came to be as they are, for the motion that shows it. */
export type Motion = 'none' | 'move' | 'page'

/** One race as a page shows it: what the feed brought, made into rows, a clock and a state of the link. */
export class RaceView {
  readonly words: ScreenWords
  now = $state(0)
  /** Whether the service has said which race there is, if any. */
  known = $state(false)
  race = $state.raw<RaceSummary>()
  next = $state.raw<RaceSummary>()
  board = $state.raw<Board>()
  names = $state.raw<ReadonlyMap<number, DirectoryEntry>>(new Map())
  /** Places gained (lost: negative; otherwise changed: 0) by bib, for as long as they are marked. */
  changes = $state.raw<ReadonlyMap<number, { by: number; until: number }>>(new Map())
  /** The bib of the lap that was finished last, where laps count. */
  latest = $state<number>()
  /** What assistive technology is told. */
  summary = $state('')
  paused = $state(false)
  motion: Motion = 'none'

  readonly phase = $derived(this.board?.phase ?? this.race?.phase)
  readonly event = $derived.by(() => this.#options.event || this.board?.event || '')
  readonly sponsor = $derived.by(() => this.#options.sponsor || this.board?.sponsor || '')
  readonly phones = $derived.by(() =>
    this.#options.phones((this.board ?? this.race ?? this.next)?.raceId)
  )
  readonly size = $derived.by(
    () => this.#options.rows ?? (this.board?.format.kind === 'ride' ? 12 : 10)
  )
  readonly ordered = $derived(this.board ? inOrder(this.board.top) : [])
  readonly pages = $derived(
    this.ordered.length <= this.size
      ? 1
      : Math.ceil((this.ordered.length - PINNED) / (this.size - PINNED))
  )
  /** Who has just ended a run, for as long as that is shown; nobody who has left the race meanwhile. */
  readonly finisher = $derived.by(() => {
    const lit = this.#finishers[0]
    const gone = lit && this.names.size > 0 && !this.names.has(lit.bib)
    return lit?.until === undefined || gone ? undefined : lit
  })
  /** The page that is shown: the one with whoever is lit goes before the one whose turn it is. */
  readonly page = $derived.by(() => {
    const at = this.ordered.findIndex(row => row.bib === this.finisher?.bib)
    if (at < PINNED || !this.#turns) return this.#page % this.pages
    return Math.floor((at - PINNED) / (this.size - PINNED)) % this.pages
  })
  /** Rows of this page: all, or the podium and one page of the rest. */
  readonly rows = $derived.by(() => {
    if (this.pages === 1) return this.ordered
    const step = this.size - PINNED
    const from = PINNED + this.page * step
    return [...this.ordered.slice(0, PINNED), ...this.ordered.slice(from, from + step)]
  })
  /** Age of what is shown, in ms: since the last message or successful poll. Where nothing runs, a live link is enough. */
  readonly age = $derived.by(() =>
    Math.max(
      0,
      this.now - (this.phase === 'running' ? this.#dataAt : Math.max(this.#dataAt, this.#linkAt))
    )
  )
  /** 0 live, 1 to 3 ever older. */
  readonly staleness = $derived(stalenessOf(this.age))
  readonly dataAt = $derived.by(() => this.#dataAt + this.#offset)
  /** The server's time that the race clock shows: it stops with the data. */
  readonly serverNow = $derived.by(() =>
    this.staleness > 0 ? this.now - this.age + this.#offset : this.now + this.#offset
  )
  readonly wallNow = $derived.by(() => this.now + this.#offset)
  /** The race is still to come, or there is none. */
  readonly waiting = $derived(this.phase ? AHEAD.includes(this.phase) : this.known)

  readonly #options: ViewOptions
  #dataAt = $state(0)
  #linkAt = $state(0)
  #offset = $state(0)
  /** The page whose turn it is. */
  #page = $state(0)
  /** Who has ended a run, the first one lit until then, in ms; they were seen to end it `at`. */
  #finishers = $state.raw<readonly (Finisher & { at: number; until?: number })[]>([])
  readonly #turns = $derived.by(() => !this.paused && !this.#options.still)
  #held: Board | undefined
  #restored = false
  #shownAt = Number.NEGATIVE_INFINITY
  #turnedAt = 0
  #spokenAt = Number.NEGATIVE_INFINITY

  constructor(options: ViewOptions) {
    this.#options = options
    this.words = options.words
    this.now = this.#dataAt = this.#linkAt = this.#turnedAt = options.now()
  }

  /** Where the feed delivers. */
  readonly sink: FollowSink = {
    follow: race => {
      const same = race !== undefined && race.raceId === (this.board ?? this.race)?.raceId
      this.known = true
      this.race = race
      if (same) return
      this.board = this.#held = undefined
      this.names = new Map()
      this.changes = new Map()
      this.latest = undefined
      this.#finishers = []
      this.#page = 0
    },
    next: race => {
      this.next = race
    },
    board: board => {
      // After an outage the board is put right in one step: moves that nobody saw are not replayed.
      this.#restored ||= this.#ageAt(this.#options.now()) >= OLD_MS
      this.#held = board
      this.sink.alive('data')
      this.#show()
    },
    directory: directory => {
      this.names = new Map(directory.entries.map(entry => [entry.bib, entry]))
      // What was said of a name that is gone goes with it.
      this.summary = ''
      this.#speak()
    },
    alive: by => {
      this.#linkAt = this.#options.now()
      if (by === 'data') this.#dataAt = this.#linkAt
    },
    serverTime: now => {
      this.#offset = now - this.#options.now()
    },
    error: error => this.#options.report(error)
  }

  /** Moves time on: ten times a second. */
  tick(): void {
    this.now = this.#options.now()
    this.#show()
    if ([...this.changes.values()].some(change => change.until <= this.now)) {
      this.changes = new Map([...this.changes].filter(([, change]) => change.until > this.now))
    }
    this.#light()
    if (this.now - this.#turnedAt >= PAGE_MS) this.#turn()
    if (this.now - this.#spokenAt >= SUMMARY_MS) this.#speak()
  }

  nameOf(bib: number): string {
    return this.names.get(bib)?.name ?? this.words.say('number', { bib })
  }

  #ageAt(now: number): number {
    return now - (this.phase === 'running' ? this.#dataAt : Math.max(this.#dataAt, this.#linkAt))
  }

  #show(): void {
    const now = this.#options.now()
    const board = this.#held
    if (!board || now - this.#shownAt < COALESCE_MS) return
    const before = this.#restored ? undefined : this.board
    const changes = before ? changesBetween(before, board) : new Map<number, number>()
    const until = now + TINT_MS
    this.motion = before ? 'move' : 'none'
    this.changes = new Map([
      ...(this.#restored ? [] : this.changes),
      ...[...changes].map(([bib, by]) => [bib, { by, until }] as const)
    ])
    this.latest = (before && latestLap(before, board)) ?? this.latest
    const finished = before ? finishersBetween(before, board) : []
    if (finished.length > 0) {
      this.#finishers = [...this.#finishers, ...finished.map(run => ({ ...run, at: now }))]
    }
    this.board = board
    this.#held = undefined
    this.#restored = false
    this.#shownAt = now
  }

  /** Lights the next of those who have ended a run, when the one before has had its time. */
  #light(): void {
    const [first, ...others] = this.#finishers
    if (!first || (first.until ?? 0) > this.now) return
    const waiting = first.until === undefined ? this.#finishers : others
    const [next, ...rest] = waiting.filter(({ at }) => this.now - at <= LIT_LATEST_MS)
    const page = this.page
    this.#finishers = next ? [{ ...next, until: this.now + LIT_MS }, ...rest] : []
    // The page with the lit row, and the one after it, stay as long as any other.
    this.#turnedAt = this.now
    if (this.page !== page) this.motion = 'page'
  }

  #turn(): void {
    this.#turnedAt = this.now
    if (this.pages === 1 || !this.#turns || this.finisher || this.staleness > 0) return
    this.motion = 'page'
    this.#page = (this.#page + 1) % this.pages
  }

  #speak(): void {
    const leader = this.ordered[0]
    if (leader?.rank !== 1 || !this.board) return
    const value = this.words.say('leaderIs', {
      name: this.nameOf(leader.bib),
      value: valueText(leader.value, this.board.format, this.words)
    })
    if (value !== this.summary) this.#spokenAt = this.now
    this.summary = value
  }
}
