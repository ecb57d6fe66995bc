import type { Format, Race, RegistrationKind } from '#contract/race'
import type { RaceDetail } from '#contract/standings'
import { clockTime, lapTime } from '../../format.ts'
import { fieldTimeOf, instantOf, lapMsOf } from './lapText.ts'

const S = 1_000
const MINUTE = 60 * S

/** A race's configuration as it is typed: text for all that is typed, empty where it is left out. */
export type RaceDraft = {
  raceId: string
  name: string
  place: string
  event: string
  sponsor: string
  kind: Format['kind']
  metric: 'distance' | 'work' | 'output'
  laps: string
  /** Score games: what the best shot gives, and the least time between two; empty, a score is not judged. */
  shotPoints: string
  shotMs: string
  ties: Race['ties']
  /** The race whose course it takes; empty, one that is only named. */
  courseOf: string
  courseId: string
  courseName: string
  capacity: string
  classes: string
  registration: RegistrationKind
  /** The access code in clear; empty where one is kept that nobody can read. */
  code: string
  lateJoin: Race['lateJoin']
  trials: Race['trials']
  idleS: string
  timedBy: Race['timedBy']
  allowedResets: string
  maxRuns: string
  runTime: string
  minLap: string
  maxLap: string
  toleranceMs: string
  attended: boolean
  opensAt: string
  startsAt: string
  duration: string
  countdownS: string
  backlogS: string
  protestMinutes: string
  /** Of a series: how many races, how far apart their starts are, and how long before its start each opens. */
  races: string
  every: string
  openMinutes: string
}

/** What is known of a race that shall be changed: as everybody reads it, or as it was stored. */
export type KnownRace = Partial<
  Pick<Race & RaceDetail, Exclude<keyof Race & keyof RaceDetail, 'registration'>>
> & { registration?: RegistrationKind | Race['registration'] }

/** A new race, before anything is typed: the defaults of the API. */
export const newDraft = (): RaceDraft => ({
  raceId: '',
  name: '',
  place: '',
  event: '',
  sponsor: '',
  kind: 'fastestLap',
  metric: 'distance',
  laps: '3',
  shotPoints: '',
  shotMs: '',
  ties: 'competition',
  courseOf: '',
  courseId: '',
  courseName: '',
  capacity: '40',
  classes: '',
  registration: 'open',
  code: '',
  lateJoin: 'join',
  trials: 'many',
  idleS: '120',
  timedBy: 'telemetry',
  allowedResets: '',
  maxRuns: '',
  runTime: '',
  minLap: '',
  maxLap: '',
  toleranceMs: '',
  attended: true,
  opensAt: '',
  startsAt: '',
  duration: '',
  countdownS: '10',
  backlogS: '20',
  protestMinutes: '20',
  races: '12',
  every: '',
  openMinutes: '2'
})

/** What is known of a race, as a draft of it; what nobody told stays empty. */
export function draftOf(known: KnownRace): RaceDraft {
  const { format, timetable, course, registration = 'open' } = known
  const limits = format?.kind === 'game' ? format.limits : undefined
  const text = (value: number | undefined): string => (value === undefined ? '' : String(value))
  const field = (at: number | undefined): string => (at === undefined ? '' : fieldTimeOf(at))
  const part = (ms: number | undefined, unit: number): string => text(ms && ms / unit)
  return {
    ...newDraft(),
    raceId: known.raceId ?? '',
    name: known.name ?? '',
    place: known.place ?? '',
    event: known.event ?? '',
    sponsor: known.sponsor ?? '',
    kind: format?.kind ?? 'fastestLap',
    metric: format?.kind === 'ride' ? format.metric : 'distance',
    laps: format?.kind === 'averageLap' ? text(format.laps) : '3',
    shotPoints: text(limits?.shotPoints),
    shotMs: text(limits?.shotMs),
    ties: known.ties ?? 'competition',
    courseId: course?.courseId ?? '',
    courseName: course?.name ?? '',
    capacity: text(known.capacity),
    classes: known.classes?.join(', ') ?? '',
    registration: typeof registration === 'string' ? registration : registration.kind,
    lateJoin: known.lateJoin ?? 'join',
    trials: known.trials ?? 'many',
    idleS: part(known.idleMs, S),
    timedBy: known.timedBy ?? 'telemetry',
    allowedResets: text(known.allowedResets),
    maxRuns: text(known.maxRuns),
    runTime: known.runMs === undefined ? '' : clockTime(known.runMs, false),
    minLap: known.minLapMs ? lapTime(known.minLapMs) : '',
    maxLap: known.maxLapMs ? lapTime(known.maxLapMs) : '',
    toleranceMs: text(known.toleranceMs),
    attended: known.attended ?? true,
    opensAt: field(timetable?.opensAt),
    startsAt: field(timetable?.startsAt),
    duration: timetable?.durationMs === undefined ? '' : clockTime(timetable.durationMs, false),
    countdownS: part(timetable?.countdownMs, S),
    backlogS: part(timetable?.backlogMs, S),
    protestMinutes: part(timetable?.protestMs, MINUTE)
  }
}

/** Which fields of a draft make which part of the race. */
const FIELDS: Partial<Record<keyof Race, readonly (keyof RaceDraft)[]>> = {
  format: ['kind', 'metric', 'laps', 'shotPoints', 'shotMs'],
  registration: ['registration', 'code'],
  idleMs: ['idleS'],
  course: ['courseOf', 'courseId', 'courseName'],
  minLapMs: ['minLap'],
  maxLapMs: ['maxLap'],
  runMs: ['runTime'],
  timetable: ['opensAt', 'startsAt', 'duration', 'countdownS', 'backlogS', 'protestMinutes']
}

/** The parts of the race that a draft says, as yet unchecked; an empty field says nothing. `course` is the earlier race's. */
export function partsOf(
  draft: RaceDraft,
  course: Race['course'] | undefined
): Record<string, unknown> {
  const parts = {
    raceId: draft.raceId,
    id: draft.raceId,
    name: draft.name.trim(),
    place: draft.place.trim(),
    event: draft.event.trim(),
    sponsor: draft.sponsor.trim(),
    format: formatOf(draft),
    ties: draft.ties,
    course: course ?? {
      courseId: draft.courseId || draft.raceId,
      name: draft.courseName.trim() || draft.name.trim()
    },
    capacity: numberOf(draft.capacity),
    classes: draft.classes
      .split(',')
      .map(text => text.trim())
      .filter(Boolean),
    ...(isOfLaps(draft) ? {} : seatParts(draft)),
    timedBy: draft.timedBy,
    allowedResets: numberOf(draft.allowedResets),
    maxRuns: numberOf(draft.maxRuns),
    runMs: spanOf(draft.runTime),
    minLapMs: spanOf(draft.minLap),
    maxLapMs: spanOf(draft.maxLap),
    toleranceMs: numberOf(draft.toleranceMs),
    attended: draft.attended,
    timetable: given({
      opensAt: instantOf(draft.opensAt),
      startsAt: instantOf(draft.startsAt),
      durationMs: spanOf(draft.duration),
      countdownMs: numberOf(draft.countdownS, S),
      backlogMs: numberOf(draft.backlogS, S),
      protestMs: numberOf(draft.protestMinutes, MINUTE)
    })
  }
  return given(parts)
}

/** Those of the parts of which a field was changed. */
export function changedParts(
  parts: Record<string, unknown>,
  draft: RaceDraft,
  before: RaceDraft
): Record<string, unknown> {
  const isChanged = (part: string): boolean =>
    (FIELDS[part as keyof Race] ?? [part as keyof RaceDraft]).some(
      field => draft[field] !== before[field]
    )
  return Object.fromEntries(
    Object.entries(parts).filter(([part]) => part !== 'id' && part !== 'raceId' && isChanged(part))
  )
}

/** Whether competitors are on a start list; else they take seats. */
export const isOfLaps = ({ kind }: RaceDraft): boolean => kind !== 'ride' && kind !== 'game'

const seatParts = (draft: RaceDraft): Record<string, unknown> => ({
  registration:
    draft.registration === 'code'
      ? { kind: 'code', code: draft.code.trim() }
      : { kind: draft.registration },
  lateJoin: draft.lateJoin,
  ...(draft.kind === 'game' ? { trials: draft.trials } : {}),
  idleMs: numberOf(draft.idleS, S)
})

/** The series that a draft says, as yet unchecked: what a race has of its own is left to each. */
export function seriesOf(
  draft: RaceDraft,
  course: Race['course'] | undefined
): Record<string, unknown> {
  const { id: _, raceId, attended, timetable, ...race } = partsOf(draft, course)
  const { opensAt, startsAt, ...times } = timetable as Record<string, unknown>
  return given({
    seriesId: raceId,
    races: numberOf(draft.races),
    startsAt,
    everyMs: spanOf(draft.every),
    openMs: numberOf(draft.openMinutes, MINUTE),
    race: { ...race, timetable: times }
  })
}

const formatOf = ({ kind, metric, laps, shotPoints, shotMs }: RaceDraft): object => {
  if (kind === 'ride') return { kind, metric }
  if (kind === 'game') {
    const limits = given({ shotPoints: numberOf(shotPoints), shotMs: numberOf(shotMs) })
    return { kind, ...(Object.keys(limits).length > 0 ? { limits } : {}) }
  }
  return kind === 'averageLap' ? { kind, laps: numberOf(laps) } : { kind }
}

const given = (parts: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))

/** What is typed and no number stays as it is, so that it is refused at its field. */
const numberOf = (text: string, unit = 1): number | string | undefined => {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^\d+(\.\d+)?$/.test(trimmed) ? Math.round(Number(trimmed) * unit) : trimmed
}

const spanOf = (text: string): number | string | undefined =>
  text.trim() === '' ? undefined : (lapMsOf(text) ?? text)
