import { SPARK_MS, type Spark } from './draw.ts'
import { createGame, type Game, type GameStatus, type Input, statusOf, step } from './game.ts'

/** The rules of a reading count games so far, the first being 0. */
const TRIAL_MAX = 255

type PlayOptions = {
  /** A game that was begun before, and which it is; without one the first begins. */
  from?: { game: Game; trial: number } | undefined
  /** Only the first game counts. */
  single: boolean
  /** Whether the session runs just now. */
  isOpen(): boolean
  /** Something changed: the status to send, and the game to keep. */
  changed(status: GameStatus, game: Game): void
  /** The last word of a game: it is not to wait. */
  over(): void
  seed(): number
}

/** The games of one seat, one after the other. */
export class Play {
  /** What a display shows beside the field. */
  status = $state.raw<GameStatus>({ score: 0, level: 1, lives: 0, shots: 0, trial: 0 })
  over = $state(false)
  paused = $state(false)
  /** The best score of this page's games. */
  best = $state(0)
  game: Game
  sparks: Spark[] = []

  readonly #options: PlayOptions
  #trial: number

  constructor(options: PlayOptions) {
    this.#options = options
    this.#trial = options.from?.trial ?? 0
    this.game = options.from?.game ?? createGame(options.seed())
    // Whoever comes back is not in the middle of it at once.
    this.paused = options.from !== undefined && !this.game.over
    this.#show()
  }

  get mayPlayAgain(): boolean {
    return !this.#options.single && this.#trial < TRIAL_MAX
  }

  /** Plays so many ms on. */
  advance(ms: number, input: Input): void {
    if (this.paused || this.over || !this.#options.isOpen()) return
    const events = step(this.game, ms, input)
    this.sparks = this.sparks.filter(({ at }) => this.game.ms - at < SPARK_MS)
    for (const event of events) {
      if (event.type === 'hit') this.sparks.push({ ...event, at: this.game.ms })
    }
    if (events.length > 0) this.#tell()
  }

  pause(paused: boolean): void {
    if (!this.over) this.paused = paused
  }

  /** The next game, where there may be one. */
  again(): void {
    if (!this.over || !this.mayPlayAgain || !this.#options.isOpen()) return
    this.#trial += 1
    this.game = createGame(this.#options.seed())
    this.sparks = []
    this.paused = false
    this.#tell()
  }

  #tell(): void {
    this.#show()
    this.#options.changed(this.status, this.game)
    if (this.over) this.#options.over()
  }

  #show(): void {
    this.status = statusOf(this.game, this.#trial)
    this.over = this.game.over
    this.best = Math.max(this.best, this.game.score)
  }
}
