import type { Step } from '#contract/office'
import { reasonOf } from './trouble.ts'
import { shortIn } from './who.ts'

type StepOptions = {
  order(step: Step): Promise<unknown>
  refresh(): Promise<void>
}

/** Orders of a race's life, and what became of the last one. */
export class StepView {
  /** The one that waits to be confirmed. */
  asked = $state<Step>()
  typed = $state('')
  isSending = $state(false)
  refusal = $state<string>()

  readonly #options: StepOptions

  constructor(options: StepOptions) {
    this.#options = options
  }

  ask(step: Step): void {
    this.asked = step
    this.typed = ''
    this.refusal = undefined
  }

  leave(): void {
    this.asked = undefined
    this.typed = ''
  }

  /** Orders a step; repeating it is harmless. */
  async order(step: Step): Promise<void> {
    if (this.isSending) return
    this.isSending = true
    this.refusal = undefined
    try {
      await this.#options.order(step)
      this.leave()
    } catch (error) {
      this.refusal = shortIn(reasonOf(error))
    }
    await this.#options.refresh()
    this.isSending = false
  }
}
