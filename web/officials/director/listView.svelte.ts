import type { StartListOutcome } from '#contract/office'
import { amount } from '../../format.ts'
import { reasonOf } from './trouble.ts'

/** Longest start list, in bytes: the API takes no more. */
export const LIST_MAX_BYTES = 1_000_000

type ListOptions = {
  take(list: Blob, apply: boolean): Promise<StartListOutcome>
  lang: string
}

/** A start list: chosen, read by the service, and taken once it has no fault. */
export class ListView {
  name = $state('')
  outcome = $state.raw<StartListOutcome>()
  refusal = $state<string>()
  isReading = $state(false)

  readonly isReady = $derived(
    this.outcome !== undefined && !this.outcome.applied && this.outcome.faults.length === 0
  )
  readonly fresh = $derived(this.outcome?.entries.filter(({ known }) => !known).length ?? 0)

  readonly #options: ListOptions
  #list: Blob | undefined

  constructor(options: ListOptions) {
    this.#options = options
  }

  /** Has the service say what a list holds. */
  async read(list: Blob, name: string): Promise<void> {
    this.name = name
    this.outcome = undefined
    if (list.size > LIST_MAX_BYTES) {
      const bytes = (size: number) => amount(size, this.#options.lang)
      this.#list = undefined
      this.refusal = `The list has ${bytes(list.size)} bytes, at most ${bytes(LIST_MAX_BYTES)} are taken: send it in parts.`
      return
    }
    this.#list = list
    await this.#take(false)
  }

  /** Enters everybody on it. */
  async apply(): Promise<void> {
    if (this.isReady) await this.#take(true)
  }

  async #take(apply: boolean): Promise<void> {
    const list = this.#list
    if (!list || this.isReading) return
    this.isReading = true
    this.refusal = undefined
    try {
      this.outcome = await this.#options.take(list, apply)
    } catch (error) {
      this.refusal = reasonOf(error)
    }
    this.isReading = false
  }
}
