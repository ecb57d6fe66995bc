import * as v from 'valibot'
import { RacePatch } from '#contract/office'
import { RaceRequest, SeriesRequest } from '#contract/race'
import type { OfficeApi } from './officeApi.ts'
import {
  changedParts,
  draftOf,
  isOfLaps,
  type KnownRace,
  newDraft,
  partsOf,
  type RaceDraft,
  seriesOf
} from './raceDraft.ts'
import { type Fault, faultsOf, reasonOf } from './trouble.ts'

/** What was made or changed: the race, the first one of a series, and the access code that it has now. */
export type Saved = { raceId: string; code: string | undefined }

type FormOptions = {
  office: Pick<OfficeApi, 'create' | 'createSeries' | 'change' | 'race'>
  done(saved: Saved): void
}

/** What a field wants, where the schema only says what it is not. */
const WANTED: Partial<Record<string, string>> = {
  '/raceId': 'lower-case letters, digits and single hyphens',
  '/seriesId': 'lower-case letters, digits and single hyphens',
  '/name': '1 to 80 characters',
  '/capacity': 'a whole number from 1 to 10000',
  '/registration/code': '6 to 40 characters',
  '/idleMs': 'a number of seconds from 10 to 3600',
  '/format/laps': 'a whole number from 2 to 50',
  '/format/limits/shotPoints': 'a whole number from 1; leave both empty or none',
  '/format/limits/shotMs': 'a whole number from 10; leave both empty or none',
  '/minLapMs': 'a time, as 6.5 or 1:02.5',
  '/maxLapMs': 'a time, as 30 or 1:02.5',
  '/runMs': 'a time from 1 s, as 5:00',
  '/maxRuns': 'a whole number from 1',
  '/allowedResets': 'a whole number up to 10',
  '/toleranceMs': 'a whole number of ms',
  '/timetable/durationMs': 'a time from 1 s, as 5:00',
  '/timetable/countdownMs': 'a number of seconds',
  '/timetable/backlogMs': 'a number of seconds',
  '/timetable/protestMs': 'a number of minutes',
  '/races': 'a whole number from 1 to 144',
  '/startsAt': 'the time of the first start',
  '/everyMs': 'a time from 10 s, as 5:10',
  '/openMs': 'a number of minutes'
}

/** A race's configuration from its form to the API: a new one, a series of them, or changes of one that is not open yet. */
export class RaceForm {
  draft = $state<RaceDraft>(newDraft())
  faults = $state.raw<readonly Fault[]>([])
  refusal = $state<string>()
  isSending = $state(false)
  saved = $state(false)

  readonly isSeries: boolean
  readonly #options: FormOptions
  /** The race that is changed, and its draft before. */
  #changed: { raceId: string; before: RaceDraft } | undefined

  constructor(options: FormOptions, isSeries = false) {
    this.#options = options
    this.isSeries = isSeries
    if (isSeries) Object.assign(this.draft, { kind: 'ride', attended: false, capacity: '200' })
  }

  /** Begins with what is known of a race that shall be changed. */
  change(raceId: string, known: KnownRace): void {
    this.draft = draftOf(known)
    this.#changed = { raceId, before: draftOf(known) }
  }

  get isNew(): boolean {
    return this.#changed === undefined
  }

  /** Whether a code is asked for already, which nobody can read any more. */
  get hasCode(): boolean {
    return this.#changed?.before.registration === 'code'
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
      const saved = await this.#send()
      if (saved) {
        this.saved = true
        this.#options.done(saved)
      }
    } catch (error) {
      this.faults = faultsOf(error).map(fault => ({ ...fault, pointer: fieldOf(fault.pointer) }))
      this.refusal = reasonOf(error)
    }
    this.isSending = false
  }

  async #send(): Promise<Saved | undefined> {
    const { office } = this.#options
    const draft = $state.snapshot(this.draft)
    const code =
      draft.registration === 'code' && !isOfLaps(draft) ? draft.code.trim() || undefined : undefined
    const course = draft.courseOf ? (await office.race(draft.courseOf)).course : undefined
    if (this.isSeries) {
      const series = this.#checked(SeriesRequest, seriesOf(draft, course))
      if (!series) return undefined
      const { races } = await office.createSeries(series)
      return { raceId: races[0] ?? series.seriesId, code }
    }
    const parts = partsOf(draft, course)
    if (!this.#changed) {
      const race = this.#checked(RaceRequest, parts)
      return race && { raceId: (await office.create(race)).raceId, code }
    }
    const { raceId, before } = this.#changed
    const patch = this.#checked(RacePatch, changedParts(parts, draft, before))
    if (!patch) return undefined
    this.change(raceId, await office.change(raceId, patch))
    return { raceId, code: patch.registration && code }
  }

  /** What a schema makes of parts; undefined where it refuses some, which is told at their fields. */
  #checked<const S extends v.GenericSchema>(
    schema: S,
    parts: unknown
  ): v.InferOutput<S> | undefined {
    const parsed = v.safeParse(schema, parts)
    if (parsed.success) return parsed.output
    this.faults = parsed.issues
      .map(issue => ({
        pointer: fieldOf(`/${v.getDotPath(issue)?.replaceAll('.', '/') ?? ''}`),
        issue
      }))
      // The same fault again, for the id is the race's.
      .filter(({ pointer }) => pointer !== '/id')
      .map(({ pointer, issue }) => ({ pointer, detail: WANTED[pointer] ?? issue.message }))
    this.refusal = 'Not sent: look at the marked fields.'
    return undefined
  }
}

/** The field of a part: what all races of a series have is in `race`. */
const fieldOf = (pointer: string): string => pointer.replace(/^\/race\//, '/')
