import * as v from 'valibot'
import { type Actor, type Race, RaceRequest, type Series, type SeriesRequest } from '#contract'
import { Refused } from './problem.ts'

/** Races that are read or created side by side: the rest of the office shares the database. */
const SIDE_BY_SIDE = 8
/** What a race needs between its end and the next one's start, in ms: its last windows close. */
const BETWEEN_MS = 3_000

/** What making series needs; each rejects when the service failed. */
export type SeriesPorts = {
  readRace(raceId: string): Promise<Race | undefined>
  /** As for a single race: throws `Refused` where another one is there under its id. */
  create(race: RaceRequest, actor: Actor): Promise<{ created: boolean }>
  /** Throws `Refused` where another race is there under its id. */
  compare(race: RaceRequest, known: Race): void
}

/**
 * Makes races back to back. The same request again completes what a crash left half done, and one for more races of the
 * same kind goes on where the series ends; another series under the id is refused before any race is made.
 */
export function createSeries(ports: SeriesPorts) {
  return async (
    asked: SeriesRequest,
    actor: Actor
  ): Promise<{ series: Series; created: boolean }> => {
    const races = racesOf(asked)
    const known = await sideBySide(races, ({ raceId }) => ports.readRace(raceId))
    races.forEach((race, index) => {
      const there = known[index]
      if (there) ports.compare(race, there)
    })
    await refuseShorter(ports, asked)
    const made = await sideBySide(races, race => ports.create(race, actor))
    return {
      series: { seriesId: asked.seriesId, races: races.map(({ raceId }) => raceId) },
      created: made.some(({ created }) => created)
    }
  }
}

const idOf = (seriesId: string, number: number): string => `${seriesId}-${number}`

/** The races of a series, in their order. Throws `Refused` where some cannot be. */
function racesOf({ seriesId, races, startsAt, everyMs, openMs, race }: SeriesRequest) {
  const { durationMs } = race.timetable
  if (everyMs < durationMs + BETWEEN_MS) {
    const least = (durationMs + BETWEEN_MS) / 1_000
    const detail = `Races of ${durationMs / 1_000} s start at least ${least} s apart: make everyMs longer or the races shorter.`
    throw new Refused('bad-body', detail, [{ pointer: '/everyMs', detail }])
  }
  return Array.from({ length: races }, (_, index) => {
    const raceId = idOf(seriesId, index + 1)
    const start = startsAt + index * everyMs
    return checked({
      ...race,
      id: raceId,
      raceId,
      name: `${race.name} ${index + 1}`,
      attended: false,
      timetable: { ...race.timetable, startsAt: start, opensAt: Math.max(0, start - openMs) }
    })
  })
}

/** The number makes ids and names longer, and starts later: what a single race may be holds for each. */
function checked(race: object): RaceRequest {
  const parsed = v.safeParse(RaceRequest, race)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const part = (v.getDotPath(issue) ?? '').replaceAll('.', '/')
  const pointer = part === 'raceId' || part === 'id' ? '/seriesId' : `/race/${part}`
  throw new Refused('bad-body', `Of a race of the series: ${issue.message}`, [
    { pointer, detail: issue.message }
  ])
}

async function refuseShorter(ports: SeriesPorts, { seriesId, races }: SeriesRequest) {
  if (!(await ports.readRace(idOf(seriesId, races + 1)))) return
  const detail = `Series ${seriesId} has more than ${races} races already: take another id, or send what is there.`
  throw new Refused('conflict', detail, [{ pointer: '/races', detail: 'is more in what exists' }])
}

/** Does `act` for each, some at a time; answers in the order of `items`. */
async function sideBySide<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < items.length; from += SIDE_BY_SIDE) {
    const some = items.slice(from, from + SIDE_BY_SIDE)
    results.push(...(await Promise.all(some.map(act))))
  }
  return results
}
