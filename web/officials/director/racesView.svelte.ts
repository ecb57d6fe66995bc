import type { RaceSummary } from '#contract/standings'
import { currentOf } from '../../currentRace.ts'
import type { OfficeApi } from './officeApi.ts'
import { reasonOf } from './trouble.ts'

/** So many pages of the list are read: older races are found by their address. */
const PAGES_MAX = 10

/** All races that can be picked, the newest start first. */
export class RacesView {
  races = $state.raw<readonly RaceSummary[]>()
  refusal = $state<string>()

  /** The race that one most likely comes for. */
  readonly current = $derived(currentOf(this.races ?? []))

  readonly #office: Pick<OfficeApi, 'races'>

  constructor(office: Pick<OfficeApi, 'races'>) {
    this.#office = office
  }

  async refresh(): Promise<void> {
    try {
      const races: RaceSummary[] = []
      let continuation: string | undefined
      for (let page = 0; page < PAGES_MAX; page++) {
        const answer = await this.#office.races(continuation)
        races.push(...answer.races)
        if (answer.continuation === null) break
        continuation = answer.continuation
      }
      this.races = races
      this.refusal = undefined
    } catch (error) {
      this.refusal = reasonOf(error)
    }
  }
}
