import type { Operations } from '#contract/operations'
import { ApiError } from '../../call.ts'
import { stalenessOf } from '../../staleness.ts'

/** The next answer may take this long, in ms, before what is shown counts as old: a poll and a slow link. */
const PATIENCE_MS = 8_000
/** A pulse comes every 5 s and may be kept as long on its way; an older one, in ms, is late. */
const LATE_MS = 15_000

type ViewOptions = {
  read(): Promise<Operations>
  now(): number
  report(error: unknown): void
}

/** The pipeline as an operator sees it, and how old that is. */
export class OperationsView {
  now = $state(0)
  operations = $state.raw<Operations>()
  /** Why it may not be seen. */
  refusal = $state<string>()

  /** Since the last answer, in ms. */
  readonly age = $derived.by(() => Math.max(0, this.now - this.#heardAt))
  /** Since the last pulse, in ms; undefined before the first. */
  readonly pulseAge = $derived.by(() => {
    const { asOf, pulse } = this.operations ?? {}
    return asOf === undefined || !pulse ? undefined : Math.max(0, asOf - pulse.at) + this.age
  })
  readonly isLost = $derived.by(() => this.#failing || this.age >= PATIENCE_MS)
  readonly isLate = $derived((this.pulseAge ?? 0) >= LATE_MS)
  /** 0 live, 1 to 3 ever older. */
  readonly staleness = $derived.by(() => {
    if (this.isLate) return stalenessOf(this.pulseAge ?? 0)
    return this.isLost ? stalenessOf(this.age) : 0
  })

  readonly #options: ViewOptions
  #heardAt = $state(0)
  #failing = $state(false)

  constructor(options: ViewOptions) {
    this.#options = options
    this.now = this.#heardAt = options.now()
  }

  /** Moves time on. */
  tick(): void {
    this.now = this.#options.now()
  }

  async refresh(): Promise<void> {
    try {
      this.operations = await this.#options.read()
      this.#heardAt = this.#options.now()
      this.#failing = false
      this.refusal = undefined
    } catch (error) {
      this.#failing = true
      if (error instanceof ApiError && (error.status === 401 || error.status === 403))
        this.refusal = error.message
      this.#options.report(error)
    }
    this.tick()
  }
}
