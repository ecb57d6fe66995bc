import type { Explanation } from '#contract/office'
import type { TimedLap } from '#contract/timing'
import { isStatus, reasonOf } from './trouble.ts'

/** One competitor's place and its reasons, and which of the laps is selected. */
export class WhyView {
  bib = $state<number>()
  explanation = $state.raw<Explanation>()
  refusal = $state<string>()
  lapId = $state<string>()

  readonly lap = $derived(this.explanation?.laps.find(({ lapId }) => lapId === this.lapId))
  /** Runs of the competitor in the order in which they were driven: the first is run 1. */
  readonly runs = $derived([
    ...new Set((this.explanation?.laps ?? []).toSorted(oldestFirst).map(({ runId }) => runId))
  ])

  readonly #explain: (bib: number) => Promise<Explanation>

  constructor(explain: (bib: number) => Promise<Explanation>) {
    this.#explain = explain
  }

  /** Shows another competitor, perhaps with one of the laps selected. */
  async select(bib: number | undefined, lapId?: string): Promise<void> {
    if (bib !== this.bib) this.explanation = undefined
    this.bib = bib
    this.lapId = lapId
    await this.refresh()
  }

  /** Asks for the reasons once more. */
  async refresh(): Promise<void> {
    const { bib } = this
    if (bib === undefined) return
    try {
      const explanation = await this.#explain(bib)
      if (bib !== this.bib) return
      this.explanation = explanation
      this.refusal = undefined
    } catch (error) {
      if (bib !== this.bib) return
      // What is shown stays where the service is only out of reach.
      if (!this.explanation || isStatus(error, 404, 409)) this.refusal = reasonOf(error)
    }
  }

  /** How many decisions there were on a competitor's status. */
  readonly statusRevision = $derived(
    (this.explanation?.changes ?? []).filter(
      fact => fact.kind === 'status' && fact.bib === this.bib
    ).length
  )

  /** `run 2 lap 4` */
  lapWords = ({ runId, lap }: Pick<TimedLap, 'runId' | 'lap'>): string =>
    `run ${this.runs.indexOf(runId) + 1} lap ${lap}`
}

const oldestFirst = (a: TimedLap, b: TimedLap): number => a.at - b.at
