import { type Actor, type Competitor, type Fact, PEOPLE, type Person } from '#contract'
import { Refused } from './problem.ts'

/** How long the empty item of an erased competitor stays, in s: every reader of the feed has seen it by then. */
export const ERASED_TTL_S = 30 * 86_400
/** How often a competitor whom another writer changed meanwhile is read and written again. */
const ATTEMPTS = 5

/** What looking at people and erasing them needs; each rejects when the service failed. */
export type PeoplePorts = {
  readPerson(competitorId: string): Promise<Person | undefined>
  /** One that is not there is not an error. */
  deletePerson(competitorId: string): Promise<unknown>
  /** All public faces of a competitor: who takes seats has one for each. */
  readFacesForWrite(competitorId: string): Promise<{ competitor: Competitor; etag: string }[]>
  /** Replaces under the etag; false when another one is there. */
  replaceCompetitor(competitor: Competitor, etag: string): Promise<boolean>
  readFact(raceId: string, id: string): Promise<Fact | undefined>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  newId(): string
  now(): number
}

/** Id of the fact that a person was erased. */
export const erasureId = (competitorId: string): string => `erase.${competitorId}`

/** Shows admins how to reach people, and forgets them. What is done is in the ledger before it is done. */
export function createPeople(ports: PeoplePorts) {
  const record = async (kind: 'look' | 'erase', id: string, competitorId: string, actor: Actor) => {
    const at = ports.now()
    const fact = { id, raceId: PEOPLE, kind, at, recordedAt: at, actor, competitorId }
    return ports.appendFact(fact)
  }
  return {
    /** The contact details. Throws `Refused` where there are none, which was a look all the same. */
    async look(competitorId: string, actor: Actor): Promise<Person> {
      await record('look', `look.${competitorId}.${ports.newId()}`, competitorId, actor)
      const person = await ports.readPerson(competitorId)
      if (person) return person
      const detail = `There are no contact details of ${competitorId}: none were given, or they are deleted.`
      throw new Refused('not-found', detail)
    },

    /**
     * Deletes the contact details and takes the name out of every race; bibs and results stay under no name. Repeating is
     * harmless and completes what a crash left half done. Throws `Refused` where nobody of that id was ever known.
     */
    async erase(competitorId: string, actor: Actor): Promise<void> {
      const id = erasureId(competitorId)
      const known =
        (await ports.readFacesForWrite(competitorId))[0] ?? (await ports.readFact(PEOPLE, id))
      if (!known) throw new Refused('not-found', `There is no competitor ${competitorId}.`)
      await record('erase', id, competitorId, actor)
      await ports.deletePerson(competitorId)
      await blank(ports, competitorId)
    }
  }
}

/** Empties every face that is not empty yet; one that another writer changed meanwhile is read again with the rest. */
async function blank(ports: PeoplePorts, competitorId: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const faces = await ports.readFacesForWrite(competitorId)
    const named = faces.filter(({ competitor }) => !competitor.erased)
    const done = await Promise.all(
      named.map(({ competitor, etag }) => ports.replaceCompetitor(emptied(competitor), etag))
    )
    if (done.every(Boolean)) return
  }
  throw new Error(`competitor ${competitorId} changes faster than it can be written`)
}

/** Bibs stay, the name goes, and the item itself in a while. */
const emptied = ({ id, competitorId, entries }: Competitor): Competitor => ({
  ...{ id, competitorId, name: '', country: '', class: '' },
  ...{ entries, erased: true, ttl: ERASED_TTL_S }
})
