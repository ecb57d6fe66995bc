import * as v from 'valibot'
import { SYNTHETIC_RACE } from '#contract/operations'
import { type Phase, RaceRequest } from '#contract/race'
import type { OfficeApi } from '../director/officeApi.ts'
import { isStatus, reasonOf } from '../director/trouble.ts'

/** The race is asked for its start this often, so far apart in ms: it opens within some seconds. */
const ATTEMPTS = 15
const AGAIN_MS = 1_000

/**
 * Anybody may take a seat, as the rider does: it has no code that it could keep secret. Nothing lists the race, and a
 * stranger in it spoils no measurement.
 */
const RACE = v.parse(RaceRequest, {
  ...{ id: SYNTHETIC_RACE, raceId: SYNTHETIC_RACE, name: 'Synthetic rider', unlisted: true },
  format: { kind: 'ride', metric: 'distance' },
  course: { courseId: SYNTHETIC_RACE, name: 'Synthetic rider' },
  ...{ capacity: 10_000, idleMs: 180_000, attended: true, timetable: {} }
})

type MeasuringOptions = {
  office: Pick<OfficeApi, 'race' | 'create' | 'step'>
  wait(ms: number): Promise<void>
}

/** The race in which the synthetic rider measures: whether it runs, and how it is begun. */
export class Measuring {
  /** `none` where it was never made; undefined until it is known. */
  phase = $state<Phase | 'none'>()
  isStarting = $state(false)
  refusal = $state<string>()

  readonly #options: MeasuringOptions

  constructor(options: MeasuringOptions) {
    this.#options = options
  }

  async refresh(): Promise<void> {
    try {
      this.phase = (await this.#options.office.race(SYNTHETIC_RACE)).phase
    } catch (error) {
      if (isStatus(error, 404)) this.phase = 'none'
    }
  }

  /** Creates, opens and starts the race; pressed again it goes on where it stopped. */
  async start(): Promise<void> {
    if (this.isStarting) return
    this.isStarting = true
    this.refusal = undefined
    const { office } = this.#options
    try {
      await office.create(RACE)
      await office.step(SYNTHETIC_RACE, 'open')
      await this.#begin()
    } catch (error) {
      this.refusal = reasonOf(error)
    }
    await this.refresh()
    this.isStarting = false
  }

  /** A race that is opening refuses its start until it is open. */
  async #begin(): Promise<void> {
    const { office, wait } = this.#options
    for (let attempt = 1; ; attempt++) {
      try {
        await office.step(SYNTHETIC_RACE, 'start')
        return
      } catch (error) {
        if (!isStatus(error, 409) || attempt === ATTEMPTS) throw error
        await wait(AGAIN_MS)
      }
    }
  }
}
