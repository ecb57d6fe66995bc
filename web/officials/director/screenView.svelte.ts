import type { ScreenLink } from '#contract/screens'
import { reasonOf } from './trouble.ts'

type ScreenOptions = {
  make(name: string): Promise<ScreenLink>
  /** Where venue screens are, as an absolute address. */
  screens: string
  copy(text: string): Promise<void>
}

/** The link of a venue's screen: made for a race, or for whatever is current; and copied. */
export class ScreenView {
  name = $state('')
  /** The race that it shows; empty, the current one. */
  raceId = $state('')
  link = $state<string>()
  expiresAt = $state<number>()
  refusal = $state<string>()
  isMaking = $state(false)
  copied = $state<'yes' | 'no'>()

  readonly #options: ScreenOptions

  constructor(options: ScreenOptions) {
    this.#options = options
  }

  async make(): Promise<void> {
    if (this.isMaking) return
    this.isMaking = true
    this.refusal = undefined
    this.link = undefined
    this.copied = undefined
    try {
      const { token, expiresAt } = await this.#options.make(this.name.trim())
      const query = new URLSearchParams({
        ...(this.raceId ? { race: this.raceId } : {}),
        key: token
      })
      this.link = `${this.#options.screens}?${query}`
      this.expiresAt = expiresAt
    } catch (error) {
      this.refusal = reasonOf(error)
    }
    this.isMaking = false
  }

  async copy(): Promise<void> {
    if (!this.link) return
    this.copied = await this.#options.copy(this.link).then(
      () => 'yes' as const,
      () => 'no' as const
    )
  }
}
