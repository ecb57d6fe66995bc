import type { Board, DirectoryEntry, RaceDetail, RaceSummary, Row } from '#contract'
import type { Sink } from '../raceFeed.ts'
import type { HeldSeat } from '../seat/heldSeat.ts'
import type { Counts } from '../seat/outbox.ts'
import type { Refusal } from '../seat/refusal.ts'
import type { EndedWhy } from '../seat/seatLife.ts'
import { stalenessOf } from '../staleness.ts'
import type { Play } from './play.svelte.ts'
import type { ArcadeWords } from './words.ts'

/** Rows of the player's own board. */
export const TOP_SHOWN = 10

/** What the page shows. */
export type Stage = 'sessions' | 'join' | 'waiting' | 'play' | 'result' | 'aborted' | 'ended'

/** What is known of a place: of somebody among the first the whole row, else place and score alone. */
export type Placed = Pick<Row, 'rank' | 'value'> & Partial<Pick<Row, 'tied' | 'held'>>

type ViewOptions = {
  words: ArcadeWords
  /** The page's clock, in ms. */
  now(): number
  /** The server's, in ms since 1970. */
  serverNow(): number
  report(error: unknown): void
}

/** One player's session as the page shows it. */
export class ArcadeView {
  readonly words: ArcadeWords
  now = $state(0)
  serverNow = $state(0)
  /** Sessions of games, the newest start first. */
  sessions = $state.raw<readonly RaceSummary[]>()
  detail = $state.raw<RaceDetail>()
  /** The newest board, for the session's state; and the rows as they are shown, which change less often. */
  board = $state.raw<Board>()
  top = $state.raw<readonly Row[]>([])
  /** The own place where it is not among these rows. */
  below = $state.raw<Placed>()
  names = $state.raw<ReadonlyMap<number, DirectoryEntry>>(new Map())
  seat = $state.raw<HeldSeat>()
  /** The bib, also when the seat has ended with the session. */
  bib = $state<number>()
  ended = $state.raw<{ why: EndedWhy; left: number }>()
  counts = $state.raw<Counts>({ sent: 0, waiting: 0, lost: 0 })
  /** Until when somebody has to say that they are there, by the page's clock; undefined: nobody is asked. */
  askedUntil = $state<number>()
  refusal = $state.raw<Refusal>()
  joining = $state(false)
  /** Who is signed in, where the session asks for that. */
  person = $state<string>()
  started = $state(false)
  play = $state.raw<Play>()

  readonly startsAt = $derived(this.board?.startsAt ?? this.detail?.startsAt ?? null)
  readonly endsAt = $derived(this.board?.endsAt ?? this.detail?.endsAt ?? null)
  readonly phase = $derived(this.board?.phase ?? this.detail?.phase)
  readonly isOver = $derived.by(
    () =>
      (this.endsAt !== null && this.serverNow >= this.endsAt) ||
      (this.phase !== undefined && ['finishing', 'provisional', 'official'].includes(this.phase))
  )
  readonly stage = $derived.by((): Stage => {
    if (!this.detail) return 'sessions'
    if (this.phase === 'aborted') return 'aborted'
    // Whoever had a seat until the end sees the result, and who comes after it, too.
    if (this.isOver && (this.ended?.why ?? 'closed') === 'closed') return 'result'
    if (this.ended) return 'ended'
    if (this.bib === undefined) return 'join'
    return this.started ? 'play' : 'waiting'
  })
  readonly single = $derived(this.detail?.trials === 'one')
  readonly mine = $derived.by(
    (): Placed | undefined => this.top.find(row => row.bib === this.bib) ?? this.below
  )
  readonly shown = $derived(this.top.slice(0, TOP_SHOWN))

  /** Age of the link, in ms. */
  readonly age = $derived.by(() => Math.max(0, this.now - this.#linkAt))
  /** 0 live, 1 to 3 ever older; without a seat nothing is shown that ages. */
  readonly staleness = $derived.by(() => (this.seat ? stalenessOf(this.age) : 0))

  readonly #options: ViewOptions
  #linkAt = $state(0)

  constructor(options: ViewOptions) {
    this.#options = options
    this.words = options.words
    this.tick()
    this.#linkAt = this.now
  }

  /** Where the session's feed delivers, but for boards. */
  readonly sink: Omit<Sink, 'board' | 'seats'> = {
    directory: directory => {
      this.names = new Map(directory.entries.map(entry => [entry.bib, entry]))
    },
    alive: () => {
      this.#linkAt = this.#options.now()
    },
    // The page has its own clock, set by better means.
    serverTime: () => undefined,
    error: error => this.#options.report(error)
  }

  /** Another session, or none: everything of the one before goes. */
  open(detail: RaceDetail | undefined): void {
    this.detail = detail
    this.board = this.seat = this.bib = this.ended = this.refusal = undefined
    this.play = this.below = this.askedUntil = undefined
    this.top = []
    this.names = new Map()
    this.counts = { sent: 0, waiting: 0, lost: 0 }
    this.started = this.joining = false
    this.sink.alive('link')
  }

  /** Moves time on. */
  tick(): void {
    this.now = this.#options.now()
    this.serverNow = this.#options.serverNow()
  }

  nameOf(bib: number): string {
    // One's own name is known before the directory has it.
    const own = bib === this.bib ? this.seat?.nickname : undefined
    return this.names.get(bib)?.name ?? own ?? this.words.say('number', { bib })
  }
}
