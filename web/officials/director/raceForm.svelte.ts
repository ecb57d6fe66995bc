import * as v from 'valibot'
import { RacePatch } from '#contract/office'
import { type Race, RaceRequest } from '#contract/race'
import type { OfficeApi } from './officeApi.ts'
import { changedParts, draftOf, newDraft, partsOf, type RaceDraft } from './raceDraft.ts'
import { type Fault, faultsOf, reasonOf } from './trouble.ts'

type FormOptions = {
  office: Pick<OfficeApi, 'create' | 'change' | 'race'>
  /** The race is there, or is another now. */
  done(race: Race): void
}

/** What a field wants, where the schema only says what it is not. */
const WANTED: Partial<Record<string, string>> = {
  '/raceId': 'lower-case letters, digits and single hyphens',
  '/name': '1 to 80 characters',
  '/capacity': 'a whole number from 1 to 10000',
  '/format/laps': 'a whole number from 2 to 50',
  '/minLapMs': 'a time, as 6.5 or 1:02.5',
  '/maxLapMs': 'a time, as 30 or 1:02.5',
  '/runMs': 'a time from 1 s, as 5:00',
  '/maxRuns': 'a whole number from 1',
  '/allowedResets': 'a whole number up to 10',
  '/toleranceMs': 'a whole number of ms',
  '/timetable/durationMs': 'a time from 1 s, as 5:00',
  '/timetable/countdownMs': 'a number of seconds',
  '/timetable/backlogMs': 'a number of seconds',
  '/timetable/protestMs': 'a number of minutes'
}

/** A race's configuration from its form to the API: a new one, or changes of one that is not open yet. */
export class RaceForm {
  draft = $state<RaceDraft>(newDraft())
  faults = $state.raw<readonly Fault[]>([])
  refusal = $state<string>()
  isSending = $state(false)
  saved = $state(false)

  readonly #options: FormOptions
  /** The race that is changed, and its draft before. */
  #changed: { raceId: string; before: RaceDraft } | undefined

  constructor(options: FormOptions) {
    this.#options = options
  }

  /** Begins with what is known of a race that shall be changed. */
  change(raceId: string, known: Partial<Race>): void {
    this.draft = draftOf(known)
    this.#changed = { raceId, before: draftOf(known) }
  }

  get isNew(): boolean {
    return this.#changed === undefined
  }

  faultOf = (pointer: string): string | undefined =>
    this.faults.find(fault => fault.pointer === pointer)?.detail

  async send(): Promise<void> {
    if (this.isSending) return
    this.isSending = true
    this.faults = []
    this.refusal = undefined
    this.saved = false
    try {
      const race = await this.#send()
      if (race) {
        this.saved = true
        this.#options.done(race)
      }
    } catch (error) {
      this.faults = faultsOf(error)
      this.refusal = reasonOf(error)
    }
    this.isSending = false
  }

  async #send(): Promise<Race | undefined> {
    const { office } = this.#options
    const draft = $state.snapshot(this.draft)
    const course = draft.courseOf ? (await office.race(draft.courseOf)).course : undefined
    const parts = partsOf(draft, course)
    if (!this.#changed) {
      const race = this.#checked(RaceRequest, parts)
      return race && office.create(race)
    }
    const { raceId, before } = this.#changed
    const patch = this.#checked(RacePatch, changedParts(parts, draft, before))
    if (!patch) return undefined
    const race = await office.change(raceId, patch)
    this.change(raceId, race)
    return race
  }

  /** What a schema makes of parts; undefined where it refuses some, which is told at their fields. */
  #checked<const S extends v.GenericSchema>(
    schema: S,
    parts: unknown
  ): v.InferOutput<S> | undefined {
    const parsed = v.safeParse(schema, parts)
    if (parsed.success) return parsed.output
    this.faults = parsed.issues
      .map(issue => ({ pointer: `/${v.getDotPath(issue)?.replaceAll('.', '/') ?? ''}`, issue }))
      // The same fault again, for the id is the race's.
      .filter(({ pointer }) => pointer !== '/id')
      .map(({ pointer, issue }) => ({ pointer, detail: WANTED[pointer] ?? issue.message }))
    this.refusal = 'Not sent: look at the marked fields.'
    return undefined
  }
}
