import type {
  Board,
  DirectoryEntry,
  Ghost,
  Ghosts,
  PersonalBest,
  RaceDetail,
  RaceSummary,
  Row
} from '#contract'
import { boardIdOf } from '#race/boardId'
import { amount, gapTime } from '../format.ts'
import { gapBetween } from '../mobile/gaps.ts'
import type { Held } from '../mobile/held.ts'
import { indexOf, resultOf, rowAt } from '../mobile/places.ts'
import type { Sink } from '../raceFeed.ts'
import type { HeldSeat } from '../seat/heldSeat.ts'
import type { Counts } from '../seat/outbox.ts'
import type { Refusal } from '../seat/refusal.ts'
import type { EndedWhy } from '../seat/seatLife.ts'
import { OLD_MS, stalenessOf } from '../staleness.ts'
import { ghostTime, ghostValue, placeAmong } from './ghosts.ts'
import type { Side } from './meter.ts'
import type { RideWords } from './words.ts'

/** The triangle stays this long after a change, in ms. */
const TINT_MS = 5_000
/** The spoken summary changes at most this often, in ms. */
const SUMMARY_MS = 10_000
const MS_PER_S = 1_000
const DIVISORS = { distance: 1_000, work: 1_000, output: 100 } as const

/** Which earlier performance rides along. */
export type GhostKind = 'friend' | 'own' | 'course'
/** What the page shows. */
export type Stage = 'races' | 'join' | 'waiting' | 'countdown' | 'riding' | 'finish' | 'ended'

/** Whoever is next on the road: the row, and what lies between. */
export type Neighbour = { row: Row; gap: string | undefined }

type ViewOptions = {
  words: RideWords
  /** The page's clock, in ms. */
  now(): number
  /** The server's, in ms. */
  serverNow(): number
  report(error: unknown): void
}

/** One rider's race as the page shows it. */
export class RideView {
  readonly words: RideWords
  now = $state(0)
  serverNow = $state(0)
  /** Newest start first. */
  races = $state.raw<readonly RaceSummary[]>()
  /** Running races whose details say that nobody joins late. */
  waiting = $state.raw<ReadonlySet<string>>(new Set())
  detail = $state.raw<RaceDetail>()
  board = $state.raw<Board>()
  names = $state.raw<ReadonlyMap<number, DirectoryEntry>>(new Map())
  seat = $state.raw<HeldSeat>()
  /** The rider, over all races. */
  competitorId = $state<string>()
  ended = $state.raw<{ why: EndedWhy; left: number }>()
  counts = $state.raw<Counts>({ sent: 0, waiting: 0, lost: 0 })
  /** Until when somebody has to say that they are there, by the page's clock; undefined: nobody is asked. */
  askedUntil = $state<number>()
  refusal = $state.raw<Refusal>()
  joining = $state(false)
  /** Who is signed in, where the race asks for that. */
  person = $state<string>()
  started = $state(false)
  due = $state<Side>('left')
  /** Pushes a minute, and what the metric counts so far. */
  pace = $state(0)
  value = $state(0)
  ghosts = $state.raw<Ghosts>()
  ghostOf = $state.raw<Partial<Record<GhostKind, Ghost>>>({})
  ghostKind = $state<GhostKind>()
  best = $state.raw<PersonalBest>()
  /** What assistive technology is told. */
  summary = $state('')

  readonly metric = $derived(
    this.detail?.format.kind === 'ride' ? this.detail.format.metric : 'distance'
  )
  readonly startsAt = $derived(this.board?.startsAt ?? this.detail?.startsAt ?? null)
  readonly endsAt = $derived(this.board?.endsAt ?? this.detail?.endsAt ?? null)
  readonly phase = $derived(this.board?.phase ?? this.detail?.phase)
  readonly elapsed = $derived(
    this.startsAt === null ? 0 : Math.max(0, this.serverNow - this.startsAt)
  )
  readonly isOver = $derived.by(
    () =>
      this.phase === 'aborted' ||
      (this.endsAt !== null && this.serverNow >= this.endsAt) ||
      (this.phase !== undefined && ['finishing', 'provisional', 'official'].includes(this.phase))
  )
  readonly stage = $derived.by((): Stage => {
    if (!this.detail) return 'races'
    if (this.bib === undefined) return 'join'
    // Whoever had a seat until the end has a finish; others are told where the seat went.
    if (this.ended ? this.ended.why === 'closed' : this.isOver) return 'finish'
    if (this.ended) return 'ended'
    if (this.started) return 'riding'
    const left = this.startsAt === null ? undefined : this.startsAt - this.serverNow
    return left !== undefined && left <= this.detail.timetable.countdownMs ? 'countdown' : 'waiting'
  })
  /** The bib, also when the seat has ended with the race. */
  bib = $state<number>()
  nickname = $state<string>()

  /** Where places are looked up: the board where it has everybody needed, else the pages. */
  readonly held = $derived.by((): Held | undefined => {
    const { board, bib } = this
    if (!board || bib === undefined) return undefined
    const pages = this.#pages
    if (this.needsPages && pages) return pages
    const none = { rankPages: [], bibPages: [], lapPages: [] }
    const nothing = { ranks: new Map(), bibs: new Map(), laps: new Map() }
    return { head: { ...board, ...none }, directory: undefined, ...nothing }
  })
  readonly mine = $derived(
    this.held && this.bib !== undefined ? resultOf(this.held, this.bib) : undefined
  )
  readonly ahead = $derived.by(() => this.#neighbour(-1))
  readonly behind = $derived.by(() => this.#neighbour(1))
  /** Places gained since the last board (lost: negative), for as long as they are marked. */
  readonly change = $derived.by(() => (this.#change.until > this.now ? this.#change.by : 0))
  readonly ghost = $derived(this.ghostKind && this.ghostOf[this.ghostKind])
  /** Ahead of the ghost (behind: negative), in the metric's unit, and in ms where it has been here already. */
  readonly lead = $derived.by(() => {
    if (!this.ghost) return undefined
    const value = this.value - ghostValue(this.ghost, this.elapsed)
    const at = ghostTime(this.ghost, this.value)
    return { value, ms: at === undefined ? undefined : at - this.elapsed }
  })
  /** The place among all earlier performances at the second that has ended last. */
  readonly among = $derived.by(() => {
    const second = Math.floor(this.elapsed / MS_PER_S) - 1
    return this.ghosts && second >= 0 ? placeAmong(this.ghosts, second, this.value) : undefined
  })

  /** Age of the board, in ms. */
  readonly age = $derived.by(() => Math.max(0, this.now - Math.max(this.#dataAt, this.#linkAt)))
  /** 0 live, 1 to 3 ever older; without a seat nothing is shown that ages. */
  readonly staleness = $derived.by(() => (this.seat ? stalenessOf(this.age) : 0))

  readonly #options: ViewOptions
  #pages = $state.raw<Held>()
  #dataAt = $state(0)
  #linkAt = $state(0)
  #change = $state.raw({ by: 0, until: 0 })
  #spokenAt = Number.NEGATIVE_INFINITY

  constructor(options: ViewOptions) {
    this.#options = options
    this.words = options.words
    this.tick()
    this.#dataAt = this.#linkAt = this.now
  }

  /** Whether the board leaves out who is needed: everybody, or oneself and the one behind. */
  get needsPages(): boolean {
    const { board, bib } = this
    if (!board || bib === undefined) return false
    const at = board.top.findIndex(row => row.bib === bib)
    const isWhole = board.competitors <= board.top.length
    return !isWhole && (at < 0 || at === board.top.length - 1)
  }

  /** Where the race's feed delivers. */
  readonly sink: Sink = {
    board: board => {
      const before = this.mine?.rank ?? null
      const seen = this.age < OLD_MS
      this.board = board
      this.sink.alive('data')
      this.#mark(before, seen)
    },
    directory: directory => {
      this.names = new Map(directory.entries.map(entry => [entry.bib, entry]))
    },
    alive: by => {
      this.#linkAt = this.#options.now()
      if (by === 'data') this.#dataAt = this.#linkAt
    },
    // The page has its own clock, set by better means.
    serverTime: () => undefined,
    error: error => this.#options.report(error)
  }

  /** Pages of places have come. */
  pages(held: Held): void {
    const before = this.mine?.rank ?? null
    this.#pages = held
    this.#mark(before, this.age < OLD_MS)
  }

  /** Another race, or none: everything of the one before goes. */
  open(detail: RaceDetail | undefined): void {
    this.detail = detail
    this.board =
      this.seat =
      this.nickname =
      this.competitorId =
      this.ended =
      this.refusal =
      this.bib =
        undefined
    this.ghosts = this.best = this.ghostKind = this.#pages = this.askedUntil = undefined
    this.ghostOf = {}
    this.names = new Map()
    this.counts = { sent: 0, waiting: 0, lost: 0 }
    this.started = this.joining = false
    this.value = this.pace = 0
    this.due = 'left'
    this.#change = { by: 0, until: 0 }
    this.#dataAt = this.#linkAt = this.#options.now()
  }

  /** Moves time on. */
  tick(): void {
    this.now = this.#options.now()
    this.serverNow = this.#options.serverNow()
    if (this.now - this.#spokenAt >= SUMMARY_MS) this.#speak()
  }

  nameOf(bib: number): string {
    // One's own name is known before any directory has it.
    const own = bib === this.bib ? this.nickname : undefined
    return this.names.get(bib)?.name ?? own ?? this.words.say('number', { bib })
  }

  /** A value of the metric with its unit: `1,702 m`. */
  valueWithUnit(value: number): string {
    const { say, lang } = this.words
    const n = amount(value / DIVISORS[this.metric], lang, this.metric === 'work' ? 1 : 0)
    if (this.metric === 'distance') return say('metresShort', { n })
    return this.metric === 'work' ? say('kilojoulesShort', { n }) : n
  }

  /** The board on which this race's performances compare. */
  get boardId(): string | undefined {
    return this.detail && boardIdOf(this.detail)
  }

  #neighbour(step: -1 | 1): Neighbour | undefined {
    const { held, bib, board } = this
    const index = held && bib !== undefined ? indexOf(held, bib) : undefined
    if (!held || index === undefined || !board) return undefined
    const row = index + step < 0 ? undefined : rowAt(held, index + step)
    const own = rowAt(held, index)
    if (!row || !own) return undefined
    const gap =
      this.staleness === 3 || row.rank === null || own.rank === null
        ? undefined
        : gapBetween(step < 0 ? own : row, step < 0 ? row : own, board.format, this.words)
    return { row, gap: gap?.replace(/^[+\u2212]/, '') }
  }

  #mark(before: number | null, seen: boolean): void {
    const after = this.mine?.rank ?? null
    // After an outage the place is put right in one step: moves that nobody saw are not replayed.
    if (before === null || after === null || before === after || !seen) return
    this.#change = { by: before - after, until: this.#options.now() + TINT_MS }
  }

  #speak(): void {
    if (this.mine?.rank == null || this.mine.value === null) return
    const value = this.valueWithUnit(this.mine.value)
    const said = this.words.say('placeIs', { n: this.mine.rank, value })
    if (said !== this.summary) this.#spokenAt = this.now
    this.summary = said
  }
}

/** A lead with its sign: `+12 m`, `−0.4 s`. */
export function leadText(lead: { value: number; ms: number | undefined }, view: RideView): string {
  const sign = lead.value < 0 ? '\u2212' : '+'
  return sign + view.valueWithUnit(Math.abs(lead.value))
}

/** The same in seconds, where the ghost has been at this value: ahead is a plus. */
export const leadSeconds = (ms: number, { say }: RideWords): string =>
  say('secondsShort', { n: gapTime(ms, 1) })
