import type { Actor, Fact, Race } from '#contract'
import { Refused } from './problem.ts'

/** What creating races needs; each rejects when the service failed. */
export type RaceOfficePorts = {
  /** Stores the configuration; false when a race with its id is there. */
  createRace(race: Race): Promise<boolean>
  readRace(raceId: string): Promise<Race | undefined>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** Creates races. The same request again changes nothing and completes what a crash left half done. */
export function createRaceOffice(ports: RaceOfficePorts) {
  return {
    /** `created` is false when the same race is there already; another one under its id is refused. */
    async create(race: Race, actor: Actor): Promise<{ race: Race; created: boolean }> {
      const { raceId } = race
      const created = await ports.createRace(race)
      if (!created) refuseAnother(race, await ports.readRace(raceId))
      // After the race: the life that this fact starts reads its configuration.
      await ports.appendFact({ id: 'schedule', raceId, kind: 'schedule', at: ports.now(), actor })
      return { race, created }
    }
  }
}

function refuseAnother(race: Race, known: Race | undefined): void {
  const pointer = difference(race, known)
  if (pointer === undefined) return
  const detail = `Race ${race.raceId} is there already with another ${pointer}: take another id, or send what is there.`
  throw new Refused('conflict', detail, [{ pointer, detail: 'is another in the race that exists' }])
}

/** The JSON pointer of the first part in which two JSON values differ; undefined where they are equal. */
function difference(one: unknown, other: unknown, pointer = ''): string | undefined {
  if (one === other) return undefined
  if (!isObject(one) || !isObject(other)) return pointer
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .map(key => difference(one[key], other[key], `${pointer}/${key}`))
    .find(found => found !== undefined)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
