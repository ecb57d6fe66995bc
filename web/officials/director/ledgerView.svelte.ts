import type { Fact, FactOf } from '#contract/ledger'
import type { LedgerPage } from '#contract/office'
import type { Filter } from './ledgerFilter.ts'

/** A ledger as far as it was read, the newest fact first. */
export class LedgerView {
  facts = $state.raw<readonly Fact[]>([])
  filter = $state<Filter>('all')
  /** The fact that was chosen last, by its id. */
  selected = $state<string>()
  /** Where to read on for older ones; null at the end, undefined before the first page. */
  continuation = $state.raw<string | null>()
  isReading = $state(false)

  /** By id, and runs by their run's id as well. */
  readonly byId = $derived(
    new Map(
      this.facts.flatMap(fact => [
        [fact.id, fact] as const,
        ...(fact.kind === 'run' ? [[fact.runId, fact] as const] : [])
      ])
    )
  )
  readonly areAll = $derived(this.continuation === null)

  readonly #read: (continuation?: string) => Promise<LedgerPage>

  constructor(read: (continuation?: string) => Promise<LedgerPage>) {
    this.#read = read
  }

  /** Reads what is new. Returns whether there was anything. */
  async refresh(): Promise<boolean> {
    const { facts, continuation } = await this.#read()
    const fresh = facts.filter(({ id }) => !this.byId.has(id))
    const isFirst = this.continuation === undefined
    // With a whole page of news there may be more between it and what is known.
    if (isFirst || (fresh.length === facts.length && facts.length > 0)) {
      this.facts = facts
      this.continuation = continuation
      return true
    }
    if (fresh.length > 0) this.facts = [...fresh, ...this.facts]
    return fresh.length > 0
  }

  /** Reads on by one page; nothing at the end. */
  async readOn(): Promise<void> {
    if (this.isReading || !this.continuation) return
    this.isReading = true
    try {
      const { facts, continuation } = await this.#read(this.continuation)
      this.facts = [...this.facts, ...facts.filter(({ id }) => !this.byId.has(id))]
      this.continuation = continuation
    } finally {
      this.isReading = false
    }
  }

  /** Who a number is, reading on until that is told; undefined where it is not, as for riders, who seat themselves. */
  async competitorOf(bib: number): Promise<string | undefined> {
    for (;;) {
      const entry = this.facts.find(
        (fact): fact is FactOf<'enter'> => fact.kind === 'enter' && fact.bib === bib
      )
      if (entry) return entry.competitorId
      if (!this.continuation || this.isReading) return undefined
      await this.readOn()
    }
  }
}
