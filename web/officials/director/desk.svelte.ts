import type { Board } from '#contract/channel'
import type { FactOf } from '#contract/ledger'
import type { BoardAt, Me } from '#contract/office'
import { RANK_PAGE_ROWS } from '#contract/race'
import type { DirectoryEntry, RaceDetail, Row } from '#contract/standings'
import type { ReviewItem } from '#contract/timing'
import type { Api } from '../../api.ts'
import { lapMark, type Mark } from '../../marks.ts'
import type { FactContext } from './factWords.ts'
import { LedgerView } from './ledgerView.svelte.ts'
import type { OfficeApi } from './officeApi.ts'
import { type Standing, standingOf } from './standing.ts'
import { isStatus, reasonOf } from './trouble.ts'

/** The latest board is asked for as one still to come by so many ms, so that no slow clock hides what is new. */
const AHEAD_MS = 86_400_000

const HELD_SCORE =
  'More was sent than can be ridden or played: it does not count until it is judged.'

export type DeskOptions = {
  raceId: string
  office: OfficeApi
  api: Pick<Api, 'head' | 'directory'>
  /** The device's clock. */
  now(): number
  lang: string
  report(error: unknown): void
}

/** A race as it lies before an admin: its state, its names, its board and what is open, kept current by `refresh`. */
export class Desk {
  readonly raceId: string
  readonly ledger: LedgerView
  race = $state.raw<RaceDetail>()
  board = $state.raw<Board>()
  me = $state.raw<Me>()
  /** Every row and what is open, as the ledger has it; undefined for races that are counted by readings. */
  latest = $state.raw<BoardAt>()
  names = $state.raw<ReadonlyMap<number, DirectoryEntry>>(new Map())
  /** Why the race may not be seen. */
  refusal = $state<string>()
  /** Nothing was heard since the last success. */
  isLost = $state(false)
  /** The server's clock, as well as it is known. */
  now = $state(0)

  /** Rows of the board that were read by pages, where readings are counted. */
  #read = $state.raw<ReadonlyMap<number, Row>>(new Map())

  readonly review = $derived(this.latest?.review ?? this.#heldScores())
  readonly rows = $derived(new Map((this.latest?.rows ?? []).map(row => [row.bib, row])))
  readonly format = $derived(this.race?.format)
  readonly isTimedByLaps = $derived(
    this.format !== undefined && this.format.kind !== 'ride' && this.format.kind !== 'game'
  )
  readonly standing = $derived.by((): Standing | undefined => this.#standing())

  readonly #options: DeskOptions
  #etag: string | null = null
  #ahead = 0
  #seen = ''

  constructor(options: DeskOptions) {
    this.#options = options
    this.raceId = options.raceId
    this.ledger = new LedgerView(continuation => options.office.ledger(this.raceId, continuation))
    this.tick()
  }

  tick(): void {
    this.now = this.#options.now() + this.#ahead
  }

  /** Asks for everything that may have changed. */
  async refresh(): Promise<void> {
    try {
      const { office } = this.#options
      this.me ??= await office.me()
      const [race, hasNews] = await Promise.all([
        office.race(this.raceId),
        this.ledger.refresh(),
        this.#readBoard(),
        this.#readNames()
      ])
      this.race = race
      const seen = `${race.phase} ${race.validity} ${this.board?.version}`
      if (hasNews || seen !== this.#seen) await this.#readLatest()
      this.#seen = seen
      this.refusal = undefined
      this.isLost = false
    } catch (error) {
      if (isStatus(error, 401, 403, 404)) this.refusal = reasonOf(error)
      else this.isLost = true
      this.#options.report(error)
    }
    this.tick()
  }

  nameOf = (bib: number): string => this.names.get(bib)?.name || `Number ${bib}`

  rowOf = (bib: number): Row | undefined =>
    this.rows.get(bib) ?? this.board?.top.find(row => row.bib === bib) ?? this.#read.get(bib)

  /** Takes rows of the board that were read just now, where readings are counted. */
  learn(rows: readonly Row[]): void {
    this.#read = new Map([...this.#read, ...rows.map(row => [row.bib, row] as const)])
  }

  /** What was sent beyond what a ride or game can give, and nobody has judged. */
  heldOf = (bib: number): number | undefined =>
    this.isTimedByLaps ? undefined : this.rowOf(bib)?.held

  readonly context: FactContext = {
    lang: navigator.language,
    nameOf: bib => this.nameOf(bib),
    factOf: id => this.ledger.byId.get(id),
    isHeld: id => this.review.some(({ kind, of }) => kind === 'held' && of.includes(id)),
    markOf: lap => this.#markOf(lap)
  }

  #markOf({ bib, lapMs, valid }: FactOf<'lap'>): Mark {
    return this.format && lapMark({ ms: lapMs, valid }, this.rowOf(bib), this.format)
  }

  #standing(): Standing | undefined {
    if (!this.race) return undefined
    return standingOf({
      race: this.race,
      phaseEndsAt: this.board?.phaseEndsAt ?? null,
      closedAt: this.board?.closedAt ?? null,
      review: this.review,
      facts: this.ledger.facts,
      areAll: this.ledger.areAll,
      me: this.me,
      now: this.now,
      lang: this.#options.lang
    })
  }

  #heldScores(): ReviewItem[] {
    const rows = new Map([
      ...this.#read,
      ...(this.board?.top ?? []).map(row => [row.bib, row] as const)
    ])
    return [...rows.values()]
      .filter(({ held }) => held)
      .map(({ bib }) => ({ kind: 'score', bib, runId: null, of: [], detail: HELD_SCORE }))
  }

  async #readBoard(): Promise<void> {
    const answer = await this.#options.api.head(this.raceId, this.#etag).catch(orNone)
    if (!answer || answer === 'same') return
    this.board = answer.board
    this.#etag = answer.etag
  }

  /** Names are read anew each time: they may have to go. */
  async #readNames(): Promise<void> {
    const directory = await this.#options.api.directory(this.raceId).catch(orNone)
    this.names = new Map((directory?.entries ?? []).map(entry => [entry.bib, entry]))
  }

  /** The rows of all pages, where somebody has to judge them before the classification is signed. */
  async #readRows(): Promise<void> {
    if (this.race?.validity !== 'underReview') return
    const length = Math.ceil((this.board?.competitors ?? 0) / RANK_PAGE_ROWS)
    const pages = await Promise.all(
      Array.from({ length }, (_, page) => this.#options.office.rankPage(this.raceId, page))
    )
    this.learn(pages.flatMap(({ rows }) => rows))
  }

  async #readLatest(): Promise<void> {
    if (!this.isTimedByLaps) return this.#readRows()
    const { office, now } = this.#options
    const latest = await office
      .boardAt(this.raceId, now() + AHEAD_MS)
      // A race that is not open yet has no board in its ledger.
      .catch((error: unknown) => (isStatus(error, 404, 409) ? undefined : Promise.reject(error)))
    this.latest = latest
    if (latest) this.#ahead = latest.at - now()
  }
}

/** What a race does not have yet is no fault. */
const orNone = (error: unknown): Promise<undefined> =>
  isStatus(error, 404) ? Promise.resolve(undefined) : Promise.reject(error)
