import type { Head, Phase, Race, RaceSummary } from '#contract'
import { createFreshValue } from './freshValue.ts'

/** How old the list of races may be. */
const LIST_FRESH_MS = 2_000

/** What the next race is found in. */
export type NextRacePorts = {
  readRaces(): Promise<Race[]>
  /** Heads as far as the list needs them. */
  readSummaries(): Promise<Pick<RaceSummary, 'raceId' | 'phase' | 'startsAt'>[]>
  now(): number
}

type Planned = Race & { phase: Phase; startsAt: number }

/**
 * Finds the race that a rider of this one may join instead: of the same kind and begun after it, on the same course where
 * there is one, the earliest first; undefined where there is none. It may be full in its turn, and then names one still later.
 */
export function createNextRace(ports: NextRacePorts) {
  const fresh = { freshMs: LIST_FRESH_MS, kept: 1, now: ports.now }
  const planned = createFreshValue(fresh, async () => {
    const [races, heads] = await Promise.all([ports.readRaces(), ports.readSummaries()])
    const known = new Map(heads.map(head => [head.raceId, head]))
    return races.map(race => plannedOf(race, known.get(race.raceId))).sort(earliestFirst)
  })

  return async (race: Race, head: Head | undefined): Promise<string | undefined> => {
    const own = plannedOf(race, head)
    const later = (await planned.get('')).filter(
      other =>
        earliestFirst(own, other) < 0 &&
        other.format.kind === race.format.kind &&
        !other.unlisted &&
        takesRiders(other)
    )
    const { courseId } = race.course
    return (later.find(({ course }) => course.courseId === courseId) ?? later[0])?.raceId
  }
}

/** Where a race is in its life; one that nobody has planned yet is last. */
function plannedOf(race: Race, head?: Pick<RaceSummary, 'phase' | 'startsAt'>): Planned {
  const startsAt = head?.startsAt ?? race.timetable.startsAt ?? Number.MAX_SAFE_INTEGER
  return { ...race, phase: head?.phase ?? 'scheduled', startsAt }
}

function takesRiders({ phase, lateJoin }: Planned): boolean {
  if (phase === 'running') return lateJoin === 'join'
  return phase === 'scheduled' || phase === 'open' || phase === 'countdown'
}

const earliestFirst = (a: Planned, b: Planned): number =>
  a.startsAt - b.startsAt || (a.raceId < b.raceId ? -1 : a.raceId > b.raceId ? 1 : 0)
