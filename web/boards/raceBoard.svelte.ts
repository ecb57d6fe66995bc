import type { Phase, RaceSummary } from '#contract'
import { BIB_PAGE_ROWS, RANK_PAGE_ROWS, TOP_ROWS } from '#contract/race'
import { isComing, isFinal } from '../currentRace.ts'
import type { Held } from '../mobile/held.ts'
import { stalenessOf } from '../staleness.ts'
import { bibsOf, type Line, linesOf, linesOfClass } from './classified.ts'
import type { RaceSink, WantedPages } from './raceFeed.ts'
import type { BoardsWords } from './words.ts'

/** The next answer may take this long, in ms, before what is shown counts as old. */
const PATIENCE_MS = 4_000

/** One race as the page shows it. */
export class RaceBoard {
  readonly raceId: string
  readonly words: BoardsWords
  /** What the list of races says of it. */
  summary = $state.raw<RaceSummary>()
  held = $state.raw<Held>()
  /** The service has no board of it. */
  absent = $state(false)
  /** The class; empty for all. */
  group = $state('')
  /** Rows wished for. */
  wish = $state(TOP_ROWS)
  now = $state(0)

  readonly head = $derived(this.held?.head)
  readonly race = $derived<RaceSummary | undefined>(this.head ?? this.summary)
  readonly phase = $derived<Phase | undefined>(this.race?.phase)
  readonly waiting = $derived(
    this.phase !== undefined && (isComing(this.phase) || this.phase === 'countdown')
  )
  readonly #directory = $derived(this.held?.directory)
  readonly names = $derived(new Map(this.#directory?.entries.map(entry => [entry.bib, entry])))
  readonly classes = $derived(
    [...new Set(this.#directory?.entries.map(entry => entry.class))].filter(Boolean).sort()
  )
  readonly #all = $derived.by<Line[]>(() => {
    if (!this.held) return []
    return this.group === '' ? linesOf(this.held) : linesOfClass(this.held, this.group)
  })
  readonly lines = $derived(this.#all.slice(0, this.wish))
  readonly of = $derived(this.group === '' ? (this.head?.competitors ?? 0) : this.#all.length)
  /** Records that fell, by bib. */
  readonly records = $derived(Map.groupBy(this.head?.records ?? [], record => record.bib))

  readonly age = $derived.by(() => Math.max(0, this.now - this.#confirmedAt))
  /** 0 live or final, 1 to 3 ever older. */
  readonly staleness = $derived.by(() => {
    const due = this.#failing || this.age >= PATIENCE_MS
    const stays = this.phase !== undefined && isFinal(this.phase)
    return due && this.head && !stays ? stalenessOf(this.age) : 0
  })
  /** The link is missing, as opposed to the first answer under way. */
  readonly lost = $derived.by(() => this.#failing && (this.staleness > 0 || !this.head))
  readonly dataAt = $derived.by(() => this.#confirmedAt + this.#offset)
  /** The server's time that the race clock shows: it stops with the data. */
  readonly serverNow = $derived.by(() =>
    this.staleness > 0 ? this.dataAt : this.now + this.#offset
  )
  #confirmedAt = $state(0)
  #offset = $state(0)
  #failing = $state(false)
  readonly #report: (error: unknown) => void

  constructor(raceId: string, words: BoardsWords, now: number, report: (error: unknown) => void) {
    this.raceId = raceId
    this.words = words
    this.now = this.#confirmedAt = now
    this.#report = report
  }

  /** Where the feed delivers. */
  readonly sink: RaceSink = {
    held: held => {
      this.held = held
      this.absent = false
    },
    absent: () => {
      this.absent = this.held === undefined
    },
    confirmed: at => {
      this.#confirmedAt = at
      this.#failing = false
    },
    offset: ms => {
      this.#offset = ms
    },
    failed: error => {
      this.#failing = true
      this.#report(error)
    }
  }

  /** The pages that hold what is shown. */
  wanted(held: Held): WantedPages {
    const ranks = this.wish > held.head.top.length ? Math.ceil(this.wish / RANK_PAGE_ROWS) : 0
    if (this.group === '') return { ranks, bibs: [] }
    const pages = bibsOf(held, this.group).map(bib => Math.floor((bib - 1) / BIB_PAGE_ROWS))
    return { ranks: 0, bibs: [...new Set(pages)] }
  }

  nameOf(bib: number): string {
    return this.names.get(bib)?.name || this.words.say('number', { bib })
  }
}
