import type { Phase, RaceSummary } from '#contract'
import { RaceList } from '#contract/standings'
import type { Read } from './reader.ts'

const LIVE = ['countdown', 'running', 'finishing'] as const satisfies readonly Phase[]
const PAST = ['provisional', 'official'] as const satisfies readonly Phase[]

/** The races under way and those that are over, each the newest start first. */
export type RaceLists = {
  live: readonly RaceSummary[]
  past: readonly RaceSummary[]
  hasOlder: boolean
}

const pathOf = (state: Phase): string => `/races?state=${state}`

/**
 * Reads the races state by state: of a long timetable the whole list begins with what is still to come. Races that are
 * over come page by page.
 */
export function createRaceLists(read: Read) {
  let older: RaceSummary[] = []
  let continuation: string | null = null
  let isPaged = false

  /** Each race once, as the later answer has it. */
  const merged = (races: readonly RaceSummary[], states: readonly Phase[]): RaceSummary[] =>
    [...new Map(races.map(race => [race.raceId, race])).values()]
      .filter(({ phase }) => states.includes(phase))
      .sort((a, b) => (b.startsAt ?? 0) - (a.startsAt ?? 0))

  const look = async (): Promise<RaceLists> => {
    const ask = (state: Phase) => read(pathOf(state), RaceList)
    const [live, past] = await Promise.all([Promise.all(LIVE.map(ask)), Promise.all(PAST.map(ask))])
    if (!isPaged) continuation = past.at(-1)?.continuation ?? null
    const races = past.flatMap(list => list.races)
    return {
      live: merged(
        live.flatMap(list => list.races),
        LIVE
      ),
      past: merged([...older, ...races], PAST),
      hasOlder: continuation !== null
    }
  }

  return {
    look,
    /** The next page of races that are over. */
    async lookBack(): Promise<RaceLists> {
      if (continuation !== null) {
        const list = await read(`${pathOf('official')}&continuation=${continuation}`, RaceList)
        older = [...older, ...list.races]
        continuation = list.continuation
        isPaged = true
      }
      return look()
    }
  }
}
