import type { DirectoryEntry, Head, Phase, RaceSummary, Row } from '#contract'
import { TOP_ROWS } from '#contract/race'
import { isComing, isFinal } from '../currentRace.ts'
import { inOrder } from '../order.ts'
import { valueText } from '../result.ts'
import { OLD_MS, stalenessOf } from '../staleness.ts'
import type { Choices } from './choices.ts'
import { gapBetween, wayToCut, wayToNext } from './gaps.ts'
import type { Held } from './held.ts'
import { around, lapsOf, resultOf } from './places.ts'
import type { Wanted } from './plan.ts'
import { createSearch } from './search.ts'
import type { PhoneWords } from './words.ts'

/** Most hits of a search that are shown. */
const HITS = 12
/** The next answer may take this long, in ms, before what is shown counts as old: the longest poll and a slow link. */
const PATIENCE_MS = 7_000
/** Nothing is said of a missing link before it had this long, in ms. */
const GRACE_MS = 2_000
/** The triangle stays this long after a change, in ms. */
const TINT_MS = 5_000
/** The spoken summary changes at most this often, in ms. */
const SUMMARY_MS = 10_000

type ViewOptions = {
  words: PhoneWords
  /** The phone's clock, in ms. */
  now(): number
  /** Keeps what the person has chosen in a race. */
  keep(raceId: string, choices: Choices): void
  report(error: unknown): void
}

/** What a phone shows: one race, and in it the places that its owner cares for. */
export class PhoneView {
  readonly words: PhoneWords
  now = $state(0)
  /** Newest start first. */
  races = $state.raw<readonly RaceSummary[]>()
  raceId = $state<string>()
  held = $state.raw<Held>()
  choices = $state.raw<Choices>({ followed: [] })
  /** What stands in the search field. */
  typed = $state('')
  /** What assistive technology is told. */
  summary = $state('')

  readonly head = $derived(this.held?.head)
  readonly race = $derived(this.head ?? this.races?.find(race => race.raceId === this.raceId))
  readonly phase = $derived<Phase | undefined>(this.race?.phase)
  readonly waiting = $derived(
    this.phase !== undefined && (isComing(this.phase) || this.phase === 'countdown')
  )
  /** Apart from the rest, so that a new head does not fold every name again. */
  readonly #directory = $derived(this.held?.directory)
  readonly names = $derived(new Map(this.#directory?.entries.map(entry => [entry.bib, entry])))
  readonly #search = $derived(createSearch(this.#directory?.entries ?? []))
  readonly hits = $derived(this.#search(this.typed, HITS))
  /** The bib of the phone's owner, if it is in the race. */
  readonly me = $derived(
    this.choices.me !== undefined && this.isHere(this.choices.me) ? this.choices.me : undefined
  )
  /** Whether the phone's owner has been taken off the race. */
  readonly gone = $derived(this.choices.me !== this.me)
  readonly followed = $derived(this.choices.followed.filter(bib => this.isHere(bib)))
  readonly mine = $derived(
    this.held && this.me !== undefined ? resultOf(this.held, this.me) : undefined
  )
  readonly top = $derived(inOrder(this.head?.top.slice(0, TOP_ROWS) ?? []))
  readonly around = $derived(
    this.held && this.mine?.rank != null ? around(this.held, this.mine.bib) : []
  )
  readonly laps = $derived(
    this.held && this.me !== undefined ? lapsOf(this.held, this.me).toReversed() : []
  )
  readonly racing = $derived(this.head?.racing.find(run => run.bib === this.me))
  readonly next = $derived.by(() =>
    this.held && this.me !== undefined ? wayToNext(this.held, this.me, this.words) : undefined
  )
  readonly cut = $derived.by(() =>
    this.held && this.mine ? wayToCut(this.held, this.mine, this.next, this.words) : undefined
  )
  /** Places gained since the last answer (lost: negative), for as long as they are marked. */
  readonly change = $derived.by(() => (this.#change.until > this.now ? this.#change.by : 0))

  /** Age of what is shown, in ms. */
  readonly age = $derived.by(() => Math.max(0, this.now - this.#confirmedAt))
  /** 0 live or final, 1 to 3 ever older. */
  readonly staleness = $derived.by(() => {
    const due = this.#failing || this.age >= PATIENCE_MS
    return due && this.phase && !isFinal(this.phase) ? stalenessOf(this.age) : 0
  })
  /** Whether the link is missing, as opposed to the first answer under way. */
  readonly lost = $derived.by(
    () =>
      (this.#failing || this.now - this.#resumedAt >= GRACE_MS) &&
      (this.staleness > 0 || (!this.race && !this.races))
  )
  readonly dataAt = $derived.by(() => this.#confirmedAt + this.#offset)
  /** The server's time that the race clock shows: it stops with the data. */
  readonly serverNow = $derived.by(() =>
    this.staleness > 0 ? this.dataAt : this.now + this.#offset
  )
  readonly wallNow = $derived.by(() => this.now + this.#offset)

  readonly #options: ViewOptions
  #confirmedAt = $state(0)
  #resumedAt = $state(0)
  #offset = $state(0)
  #failing = $state(false)
  #change = $state.raw({ by: 0, until: 0 })
  #spokenAt = Number.NEGATIVE_INFINITY

  constructor(options: ViewOptions) {
    this.#options = options
    this.words = options.words
    this.now = this.#confirmedAt = this.#resumedAt = options.now()
  }

  /** Another race is shown from now on. */
  open(raceId: string, choices: Choices): void {
    this.raceId = raceId
    this.choices = choices
    this.held = undefined
    this.typed = ''
    this.#change = { by: 0, until: 0 }
    this.#confirmedAt = this.#resumedAt = this.#options.now()
  }

  /** Where the feed delivers. */
  readonly sink = {
    held: (held: Held): void => {
      const before = this.mine?.rank ?? null
      // After an outage the place is put right in one step: moves that nobody saw are not replayed.
      const seen = this.age < OLD_MS || !this.#failing
      this.held = held
      const after = this.mine?.rank ?? null
      if (before === null || after === null || before === after || !seen) return
      this.#change = { by: before - after, until: this.#options.now() + TINT_MS }
    },
    confirmed: (at: number): void => {
      this.#confirmedAt = at
      this.#failing = false
    },
    offset: (ms: number): void => {
      this.#offset = ms
    },
    failed: (error: unknown): void => {
      this.#failing = true
      this.#options.report(error)
    }
  }

  /** Moves time on. */
  tick(): void {
    this.now = this.#options.now()
    if (this.now - this.#spokenAt >= SUMMARY_MS) this.#speak()
  }

  /** The page is looked at again. */
  resume(): void {
    this.#resumedAt = this.#options.now()
    this.tick()
  }

  /** Whose places and pages are shown. */
  wanted(): Wanted {
    const { me, followed } = this.choices
    return { me, bibs: [...followed, ...this.hits.map(entry => entry.bib)] }
  }

  nameOf(bib: number): string {
    return this.names.get(bib)?.name ?? this.words.say('number', { bib })
  }

  /** Records that fell to a competitor. */
  recordsOf(bib: number): Head['records'] {
    return this.head?.records.filter(record => record.bib === bib) ?? []
  }

  /** Who has gone from the directory is not shown; until it is there, everyone may be in it. */
  isHere(bib: number): boolean {
    return !this.#directory || this.names.has(bib)
  }

  /** Says whose phone it is, or that it is nobody's in this race. */
  beMe(bib: number | undefined): void {
    const { me: _, ...others } = this.choices
    this.#choose(bib === undefined ? others : { ...others, me: bib })
  }

  /** Follows a competitor, or does no longer. */
  follow({ bib }: Pick<DirectoryEntry, 'bib'>): void {
    const { followed } = this.choices
    const others = followed.filter(other => other !== bib)
    const now = others.length < followed.length ? others : [...followed, bib]
    this.#choose({ ...this.choices, followed: now })
  }

  /** A row's gap to the phone's owner. */
  gapToMe(row: Row): string | undefined {
    if (!this.mine || !this.head || this.staleness === 3) return undefined
    return gapBetween(row, this.mine, this.head.format, this.words)
  }

  #choose(choices: Choices): void {
    this.choices = choices
    if (this.raceId !== undefined) this.#options.keep(this.raceId, choices)
  }

  #speak(): void {
    if (this.mine?.rank == null || !this.head) return
    const value = valueText(this.mine.value, this.head.format, this.words)
    const said = this.words.say('youAre', { place: this.mine.rank, value })
    if (said !== this.summary) this.#spokenAt = this.now
    this.summary = said
  }
}
