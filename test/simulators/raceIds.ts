import * as v from 'valibot'
import { RaceList, type RaceSummary } from '#contract'
import { openDoor } from './door.ts'

/** Pages of the list that are asked for: enough for several days of races. */
const PAGES = 50

/** The races that the gateway lists, newest first. Rejects where it does not answer. */
export async function listRaces(gateway: string): Promise<RaceSummary[]> {
  const door = openDoor(gateway)
  const races: RaceSummary[] = []
  let query = ''
  try {
    for (let page = 0; page < PAGES; page++) {
      const answer = await door.get(`/races${query}`)
      if (answer.status !== 200) throw new Error(`GET /races: ${answer.status} ${answer.body}`)
      const list = v.parse(RaceList, JSON.parse(answer.body))
      races.push(...list.races)
      if (list.continuation === null) break
      query = `?continuation=${encodeURIComponent(list.continuation)}`
    }
  } finally {
    door.close()
  }
  return races
}

/** The next free id `{kind}-{yyyymmdd}-{n}` of the day (UTC) of `at`, counting from 1 above those known. */
export function nextRaceId(kind: string, at: number, known: Iterable<string>): string {
  const stem = `${kind}-${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}-`
  let highest = 0
  for (const id of known) {
    if (id.startsWith(stem)) highest = Math.max(highest, Number(id.slice(stem.length)) || 0)
  }
  return stem + (highest + 1)
}
