import type { Board, RaceSummary } from '#contract'
import type { Api } from '../../api.ts'
import { ApiError } from '../../call.ts'

/** For whom a device drives. */
export type Driver = { bib: number; name: string | undefined; race: string }

const UNDER_WAY: readonly RaceSummary['phase'][] = ['running', 'finishing']
const WITH_CARS: readonly RaceSummary['format']['kind'][] = ['fastestLap', 'averageLap', 'mostLaps']

/** Finds out which device drives for whom in the races under way. Names are read anew: they may have to go. */
export function createDrivers(api: Pick<Api, 'races' | 'head' | 'directory'>) {
  const heads = new Map<string, { board: Board; etag: string | null }>()

  const boardOf = async (raceId: string): Promise<Board | undefined> => {
    const before = heads.get(raceId)
    const answer = await api.head(raceId, before?.etag ?? null)
    if (answer === 'same') return before?.board
    heads.set(raceId, answer)
    return answer.board
  }

  const look = async (raceId: string): Promise<[string, Driver][]> => {
    const board = await boardOf(raceId).catch((error: unknown) => {
      // A race that has just begun has no standings yet.
      if (error instanceof ApiError && error.status === 404) return undefined
      throw error
    })
    const runs = board?.racing.filter(({ deviceId }) => deviceId !== null) ?? []
    if (!board || runs.length === 0) return []
    const { entries } = await api.directory(raceId)
    return runs.map(({ deviceId, bib }) => {
      const name = entries.find(entry => entry.bib === bib)?.name
      return [deviceId ?? '', { bib, name, race: board.name }]
    })
  }

  return async (): Promise<Map<string, Driver>> => {
    const { races } = await api.races()
    const live = races
      .filter(({ phase, format }) => UNDER_WAY.includes(phase) && WITH_CARS.includes(format.kind))
      .map(({ raceId }) => raceId)
    return new Map((await Promise.all(live.map(look))).flat())
  }
}
