import * as v from 'valibot'
import { type Head, type Phase, type Race, RaceDetail, type RaceList, RaceSummary } from '#contract'
import { validityOf } from '#race/phase'
import { createFreshValue } from './freshValue.ts'
import { Refused } from './problem.ts'

/** How old the list of races may be. */
const LIST_FRESH_MS = 2_000

/** What the list is made from. */
export type RacesPorts = {
  readRaces(): Promise<Race[]>
  /** Heads as far as the list needs them. */
  readHeads(): Promise<RaceSummary[]>
  readRace(raceId: string): Promise<Race | undefined>
  readHead(raceId: string): Promise<Head | undefined>
  now(): number
}

/** Which races: only those in `state`, at most `limit`, after the race that `continuation` names. */
export type RacesQuery = {
  state: Phase | undefined
  limit: number
  continuation: string | undefined
}

/** Answers `GET /races` and `GET /races/{raceId}`. */
export function createRaces(ports: RacesPorts) {
  const fresh = { freshMs: LIST_FRESH_MS, kept: 1, now: ports.now }
  const all = createFreshValue(fresh, async () => {
    const [races, heads] = await Promise.all([ports.readRaces(), ports.readHeads()])
    const known = new Map(heads.map(head => [head.raceId, head]))
    return races
      .filter(({ unlisted }) => !unlisted)
      .map(race => known.get(race.raceId) ?? planned(race))
      .sort(newestFirst)
  })
  const details = createFreshValue({ ...fresh, kept: 256 }, async (raceId: string) => {
    const [race, head] = await Promise.all([ports.readRace(raceId), ports.readHead(raceId)])
    return race && detailOf(race, head ? summaryOf(head) : planned(race))
  })

  return {
    async list({ state, limit, continuation }: RacesQuery): Promise<RaceList> {
      const races = await all.get('')
      const from = continuation ? races.findIndex(race => race.raceId === continuation) + 1 : 0
      const rest = races.slice(from).filter(race => !state || race.phase === state)
      const page = rest.slice(0, limit)
      return { races: page, continuation: rest.length > limit ? page.at(-1)!.raceId : null }
    },
    async detail(raceId: string): Promise<RaceDetail> {
      const detail = await details.get(raceId)
      if (!detail) throw new Refused('not-found', `There is no race ${raceId}.`)
      return detail
    }
  }
}

/** The line of a race whose board is in the store: a head holds more. */
export const summaryOf = (head: RaceSummary): RaceSummary => v.parse(RaceSummary, head)

function planned({ raceId, name, place, format, timetable }: Race): RaceSummary {
  const startsAt = timetable.startsAt ?? null
  const { durationMs } = timetable
  return {
    raceId,
    name,
    place,
    format,
    phase: 'scheduled',
    validity: validityOf('scheduled'),
    startsAt,
    endsAt: startsAt !== null && durationMs !== undefined ? startsAt + durationMs : null,
    competitors: 0
  }
}

/** Of an access code not even the hash is told. */
const detailOf = (race: Race, summary: RaceSummary): RaceDetail =>
  v.parse(RaceDetail, { ...race, ...summary, registration: race.registration.kind })

const newestFirst = (a: RaceSummary, b: RaceSummary): number =>
  (b.startsAt ?? Number.MAX_SAFE_INTEGER) - (a.startsAt ?? Number.MAX_SAFE_INTEGER) ||
  (a.raceId < b.raceId ? -1 : 1)
