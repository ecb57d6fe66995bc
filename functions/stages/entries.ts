import {
  type Actor,
  BIB_MAX,
  type Entry,
  type EntryRequest,
  type Fact,
  type FactOf,
  PEOPLE,
  type Race
} from '#contract'
import { erasureId } from './people.ts'
import { Refused } from './problem.ts'
import {
  classFault,
  type Face,
  faceOf,
  listedRace,
  type RegistrationPorts,
  refuseOver,
  register
} from './registration.ts'

/** What entering competitors needs; each rejects when the service failed. */
export type EntryPorts = RegistrationPorts & {
  readFact(raceId: string, id: string): Promise<Fact | undefined>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  /** HMAC-SHA-256 in hexadecimal digits. */
  digest(key: string, text: string): string
}

/** A request; `key` is the caller's own name for it. */
type EntryOrder = { raceId: string; key: string; request: EntryRequest }

/** Characters of digests that are kept: 128 bits. */
const ID_CHARS = 32

/** Id of the fact that gives a number to the first who is entered under it: of two at once one is a conflict. */
export const entryId = (bib: number): string => `enter.${bib}`

/** Enters competitors who walk up to the track. Nothing of what was told of them is read again. */
export function createEntries(ports: EntryPorts) {
  return {
    /** The bib. The same request under its key again is the same answer, and completes what a crash left half done. */
    async enter(order: EntryOrder, actor: Actor): Promise<Entry> {
      const { raceId, key, request } = order
      const race = await listedRace(ports, raceId)
      const face = faceOf(request)
      const claim = { actor, ...signed(ports, order, face) }
      const known = await ports.readEntries(raceId)
      const fact =
        known.find(entry => entry.key === claim.key) ??
        (await enterNew(ports, race, { claim, request, face, known }))
      if (fact.competitorId !== claim.competitorId) {
        const detail = `The key ${key} was used to enter somebody else: send this under a new key.`
        throw new Refused('key-reused', detail)
      }
      const { bib, competitorId } = fact
      // A request that comes again late must not bring back who was erased meanwhile.
      const isErased = (await ports.readFact(PEOPLE, erasureId(competitorId))) !== undefined
      if (!isErased) await register(ports, fact, face, request.contact)
      return { raceId, bib, competitorId }
    }
  }
}

type Claim = Pick<FactOf<'enter'>, 'actor' | 'competitorId'> & { key: string }

/**
 * A fact must tell whether a request is the same again, and hold nothing of it: whoever reads the ledger could guess a
 * name from its digest. So the caller's key, which is random and stored nowhere, signs the request: the signature names
 * the competitor, and another one, of the race's id, stands for the key.
 */
function signed({ digest }: EntryPorts, { raceId, key, request }: EntryOrder, face: Face) {
  const { name, country, class: raced } = face
  const { email, phone } = request.contact ?? {}
  const said = JSON.stringify([raceId, name, country, raced, request.bib, email, phone])
  return {
    key: digest(key, raceId).slice(0, ID_CHARS),
    competitorId: competitorIdOf(digest(key, said))
  }
}

/** A competitor's id of a digest. */
export const competitorIdOf = (digest: string): string => `c-${digest.slice(0, ID_CHARS)}`

type NewEntry = { claim: Claim; request: EntryRequest; face: Face; known: FactOf<'enter'>[] }

async function enterNew(
  ports: EntryPorts,
  race: Race,
  { claim, request, face, known }: NewEntry
): Promise<FactOf<'enter'>> {
  await refuseOver(ports, race.raceId)
  const fault = classFault(race, face.class)
  if (fault) throw new Refused('bad-body', fault, [{ pointer: '/class', detail: fault }])
  const taken = new Set(known.map(({ bib }) => bib))
  if (taken.size >= race.capacity) throw full(race)
  const { bib: asked } = request
  if (asked !== undefined) {
    const fact = await claimed(ports, race, asked, claim)
    if (fact) return fact
    const detail = `Number ${asked} is taken: ask for another, or for none to get the next.`
    throw new Refused('conflict', detail, [{ pointer: '/bib', detail: 'is taken' }])
  }
  // Upwards from the lowest: two who repeat one request meet at the same number.
  for (let bib = 1; bib <= BIB_MAX; bib++) {
    const fact = taken.has(bib) ? undefined : await claimed(ports, race, bib, claim)
    if (fact) return fact
  }
  throw full(race)
}

/** The fact that gives a number to this request; undefined where it is somebody else's. */
async function claimed(
  ports: EntryPorts,
  { raceId }: Race,
  bib: number,
  claim: Claim
): Promise<FactOf<'enter'> | undefined> {
  const at = ports.now()
  const id = entryId(bib)
  const fact = { id, raceId, kind: 'enter', at, recordedAt: at, ...claim, bib } as const
  if (await ports.appendFact(fact)) return fact
  const there = await ports.readFact(raceId, id)
  return there?.kind === 'enter' && there.key === claim.key ? there : undefined
}

const full = ({ raceId, capacity }: Race): Refused =>
  new Refused('race-full', `All ${capacity} places of race ${raceId} are taken.`)
