import type { Fact, Race } from '#contract'
import { factsOf } from '#race/ledgerState'
import { difference } from './difference.ts'
import { Refused } from './problem.ts'

/** How often a configuration that another writer changed meanwhile is read and written again. */
const ATTEMPTS = 5

/** Where a race's configuration stands; each rejects when the service failed. */
export type ConfigurationPorts = {
  readRaceForWrite(raceId: string): Promise<{ race: Race; etag: string } | undefined>
  /** Replaces under the etag; false when another one is there. */
  replaceRace(race: Race, etag: string): Promise<boolean>
  readFacts(raceId: string): Promise<Fact[]>
}

/**
 * A race's configuration as its ledger has it, and the ledger. The stored race is brought to it where a crash left it
 * behind, or where a change came too late for the opening. Throws `Refused` where there is no such race.
 */
export async function configuration(
  ports: ConfigurationPorts,
  raceId: string
): Promise<{ race: Race; facts: Fact[] }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // The race before the ledger: whoever changes it after this has written a fact, and the etag is another.
    const stored = await ports.readRaceForWrite(raceId)
    if (!stored) throw new Refused('not-found', `There is no race ${raceId}.`)
    const facts = await ports.readFacts(raceId)
    const race = decided(facts) ?? stored.race
    if (difference(race, stored.race) === undefined) return { race, facts }
    if (await ports.replaceRace(race, stored.etag)) return { race, facts }
  }
  throw new Error(`the configuration of ${raceId} changes faster than it can be written`)
}

/** The configurations that a race had before its opening, oldest first. */
export const changesOf = (facts: Fact[]) =>
  factsOf(facts, 'configure').sort((a, b) => numberOf(a.id) - numberOf(b.id))

/** Id of the change with this number: of two at once one is a conflict. */
export const changeId = (number: number): string => `configure.${number}`
const numberOf = (id: string): number => Number(id.slice(changeId(0).length - 1))

/** What the race opened with, else what it was changed to at last. */
const decided = (facts: Fact[]): Race | undefined =>
  (factsOf(facts, 'open')[0] ?? changesOf(facts).at(-1))?.race
