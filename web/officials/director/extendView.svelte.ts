import { reasonOf } from './trouble.ts'

/** Moves the end of a running race, and tells what became of it. */
export class ExtendView {
  /** The end that it was moved to, in ms since 1970, and the one that the board told then. */
  #moved = $state.raw<{ endsAt: number; before: number | null }>()
  isSending = $state(false)
  refusal = $state<string>()

  readonly #extend: (endsAt: number) => Promise<void>

  constructor(extend: (endsAt: number) => Promise<void>) {
    this.#extend = extend
  }

  /** The end that holds, null where there is none: `told`, once the board tells another than when it was moved. */
  endOf = (told: number | null): number | null =>
    this.#moved?.before === told ? this.#moved.endsAt : told

  /** Moves the end; `told` is what the board says now. */
  async to(endsAt: number, told: number | null): Promise<void> {
    if (this.isSending) return
    this.isSending = true
    this.refusal = undefined
    try {
      await this.#extend(endsAt)
      this.#moved = { endsAt, before: told }
    } catch (error) {
      this.refusal = reasonOf(error)
    }
    this.isSending = false
  }
}
