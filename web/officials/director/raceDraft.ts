import type { Format, Race } from '#contract/race'
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
  ties: Race['ties']
  /** The race whose course it takes; empty, one that is only named. */
  courseOf: string
  courseId: string
  courseName: string
  capacity: string
  classes: string
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
}

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
  ties: 'competition',
  courseOf: '',
  courseId: '',
  courseName: '',
  capacity: '40',
  classes: '',
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
  protestMinutes: '20'
})

/** What is known of a race, as a draft of it; what nobody told stays empty. */
export function draftOf(known: Partial<Race>): RaceDraft {
  const { format, timetable, course } = known
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
    ties: known.ties ?? 'competition',
    courseId: course?.courseId ?? '',
    courseName: course?.name ?? '',
    capacity: text(known.capacity),
    classes: known.classes?.join(', ') ?? '',
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
  format: ['kind', 'metric', 'laps'],
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

const formatOf = ({ kind, metric, laps }: RaceDraft): object => {
  if (kind === 'ride') return { kind, metric }
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
