import { shortRide } from './product.ts'

/** Whose token a request carries; nobody's where none is named. */
export type ApiCaller = 'seat' | 'screen' | 'car' | 'admin' | 'timekeeper'

/** One request and the status that the document promises for it. */
export type ApiCase = {
  does: string
  operation: string
  path: string
  status: number
  as?: ApiCaller
  headers?: Record<string, string>
  /** Or what gives it when it is sent. */
  body?: unknown | (() => unknown)
}

/** A ride that runs while it is asked for. */
export const RACE = 'api-ride'
export const NOW_READING = {
  seq: 0,
  cadence: 90,
  resistance: 40,
  power: 200,
  distance: 1_000,
  work: 200
}

/** A time trial whose laps are entered by hand, and races that are created through the API. */
export const TRIAL = 'api-trial'
export const LAP = { bib: 1, lap: 1, lapMs: 9_870 }
export const LAPS = `/races/${TRIAL}/runs/run-1/laps`
export const KEY = { 'idempotency-key': '0b9d3f62-6a7c-4b53-9d1e-2f8a7c5e4d10' }
export const trial = (raceId: string) => ({
  id: raceId,
  raceId,
  name: 'Time trial',
  format: { kind: 'fastestLap' as const },
  course: { courseId: 'hall', name: 'Hall' },
  capacity: 4,
  timetable: {},
  attended: true
})
/** Races within the hour of which none is taken part in. */
export const shortSeries = (seriesId: string) => ({
  seriesId,
  races: 2,
  startsAt: Date.now() + 1_800_000,
  everyMs: 60_000,
  race: {
    name: 'Ride',
    format: { kind: 'ride' as const, metric: 'distance' as const },
    course: { courseId: 'flat-road', name: 'Flat road' },
    capacity: 4,
    timetable: { durationMs: 30_000 }
  }
})
export const CREATED = shortRide('api-created', { seconds: 600 })

/** A run that begins when it is first asked for, and the lap in it that is one too many. */
export const RUN_2 = {
  runId: 'run-2',
  bib: 2,
  get at() {
    startedAt ??= Date.now()
    return startedAt
  }
}
let startedAt: number | undefined
export const OTHER_KEY = { 'idempotency-key': 'another-key-0002' }
export const TOO_MANY = `hand.run-2.${OTHER_KEY['idempotency-key']}`

/** A time trial that has ended, and somebody of whom more is known than a name. */
export const ENDED = 'api-ended'
export const PERSON = 'api-person'
