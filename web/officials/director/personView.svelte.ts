import type { Contact } from '#contract/people'
import { reasonOf } from './trouble.ts'

type PersonOptions = {
  /** Who a number is; undefined where the ledger does not tell. */
  competitorOf(bib: number): Promise<string | undefined>
  look(competitorId: string): Promise<Contact>
  erase(competitorId: string): Promise<void>
  refresh(): Promise<void>
}

/** What the ledger does not tell: riders seat themselves. */
const UNKNOWN =
  'The ledger does not say who this is: riders who take a seat by themselves leave no contact details.'

/** One competitor's contact details, and how they are erased. */
export class PersonView {
  bib = $state<number>()
  contact = $state.raw<Contact>()
  refusal = $state<string>()
  isAsking = $state(false)
  /** Whether the form of an erasure is open, and what is typed to confirm it. */
  isErasing = $state(false)
  typed = $state('')
  /** What was done. */
  erased = $state(false)

  readonly #options: PersonOptions

  constructor(options: PersonOptions) {
    this.#options = options
  }

  /** Turns to another competitor; what was seen of the one before is gone. */
  turnTo(bib: number | undefined): void {
    if (bib === this.bib) return
    this.bib = bib
    this.contact = undefined
    this.refusal = undefined
    this.erased = false
    this.#leave()
  }

  look = (): Promise<void> =>
    this.#with(async competitorId => {
      this.contact = await this.#options.look(competitorId)
    })

  /** Opens the form of an erasure, or leaves it. */
  ask(isErasing: boolean): void {
    this.#leave()
    this.isErasing = isErasing
  }

  erase = (): Promise<void> =>
    this.#with(async competitorId => {
      await this.#options.erase(competitorId)
      this.contact = undefined
      this.erased = true
      this.#leave()
      await this.#options.refresh()
    })

  #leave(): void {
    this.isErasing = false
    this.typed = ''
  }

  async #with(does: (competitorId: string) => Promise<void>): Promise<void> {
    const { bib } = this
    if (bib === undefined || this.isAsking) return
    this.isAsking = true
    this.refusal = undefined
    try {
      const competitorId = await this.#options.competitorOf(bib)
      if (competitorId === undefined) this.refusal = UNKNOWN
      else if (bib === this.bib) await does(competitorId)
    } catch (error) {
      this.refusal = reasonOf(error)
    }
    this.isAsking = false
  }
}
