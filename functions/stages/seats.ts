import type { Competitor, Head, Race, Seat, SeatClaims, SeatRequest } from '#contract'
import { isTimedByLaps } from '#race/metric'
import { codeHash, competitorOfKey, competitorOfPerson, digestOf, isSameDigest } from './digests.ts'
import { isSeated } from './freeSeats.ts'
import { Refused } from './problem.ts'
import { classFault } from './registration.ts'
import type { SeatBook } from './seatBook.ts'
import { foldName, niceName, refuseProfane } from './seatNames.ts'
import type { Outcome, Wish } from './seatQueue.ts'
import { type SignPorts, signedSeat } from './signedSeat.ts'

/** What seats need; each rejects when the service failed. */
export type SeatPorts = SignPorts & {
  readRace(raceId: string): Promise<Race | undefined>
  readHead(raceId: string): Promise<Head | undefined>
  book: Pick<SeatBook, 'renew' | 'read' | 'free'>
  /** Gives seats out; see `createSeatQueue`. */
  queue(raceId: string, capacity: number, wish: Wish): Promise<Outcome>
  /** The race to join instead; see `createNextRace`. */
  nextRace(race: Race, head: Head | undefined): Promise<string | undefined>
  /** One that is there already stays as it is. */
  createCompetitor(competitor: Competitor): Promise<unknown>
  /** The name that stands under a bib now; empty where none does, or not yet. */
  nameOf(raceId: string, bib: number): Promise<string>
  /** The competitor of a pass; undefined where it does not hold. */
  competitorOfPass(pass: string): Promise<string | undefined>
  newId(): string
}

/** What comes with a request beside its body. */
export type Caller = {
  /** The same key is the same request. */
  key?: string | undefined
  /** Who signed in; asked for where the race wants to know. Throws `Refused` where nobody did. */
  person(): Promise<{ tenant: string; object: string }>
}

/** A race with the board that says where it is in its life. */
type Seated = { race: Race; head: Head }

/**
 * Gives seats in races that are counted by readings, and holds them as long as they are renewed: bibs are unique and never
 * given again, seats never more than the race's capacity, and one at a time for each competitor and each nickname. Where
 * laps count, bibs are given by entries. All throw `Refused`.
 */
export function createSeats(ports: SeatPorts) {
  return {
    /** A new seat, or the one that the competitor has: of the same key, pass or account. */
    async take(raceId: string, request: SeatRequest, caller: Caller): Promise<Seat> {
      const found = await seatedRace(ports, raceId)
      const { race, head } = found
      const face = faceOf(race, request)
      refuseWrongCode(race, request.code)
      const { key } = caller
      const wish = {
        competitorId: await competitorOf(ports, race, request, caller),
        class: face.class,
        heldUntil: ports.now() + race.idleMs,
        name: `name-${digestOf(raceId, foldName(face.name))}`,
        told: digestOf(raceId, face.name),
        ...(key === undefined ? {} : { key: digestOf(raceId, key) }),
        isHeldOnly: head.phase === 'running' && race.lateJoin === 'wait'
      }
      const outcome = await ports.queue(raceId, race.capacity, wish)
      if ('none' in outcome) throw await refusalOf(ports, found, outcome.none)
      const { seat, isNew } = outcome
      const isSame = seat.told === wish.told
      if (!isSame && seat.key !== undefined && seat.key === wish.key) throw reusedKey()
      const { bib, competitorId } = seat
      // Also of a seat that was taken before: whoever took it may have failed before this.
      if (isSame) {
        const ids = { id: `${raceId}.${bib}`, competitorId }
        await ports.createCompetitor({ ...ids, ...face, entries: [{ raceId, bib }] })
      }
      const nickname = isNew || isSame ? face.name : await ports.nameOf(raceId, bib)
      const session = Math.floor(ports.now() / 1_000)
      return signedSeat(ports, found, seat, { session, nickname })
    },

    /** Holds the seat of a token for longer, and gives another token. Sequence numbers go on: the session is the same. */
    async renew({ race: raceId, bib, session }: SeatClaims): Promise<Seat> {
      const [race, head] = await Promise.all([ports.readRace(raceId), ports.readHead(raceId)])
      if (!race || !head || !isSeated(head)) {
        throw new Refused('session-closed', `Race ${raceId} is over: join another one.`)
      }
      const seat = await ports.book.renew(raceId, bib, ports.now() + race.idleMs)
      if (!seat) {
        const detail = `Seat ${bib} of race ${raceId} is not yours any more, as it was not renewed in time or was given back: take another seat.`
        throw new Refused('session-closed', detail)
      }
      const nickname = await ports.nameOf(raceId, bib)
      return signedSeat(ports, { race, head }, seat, { session, nickname })
    },

    /** Gives a seat back. Repeating is harmless. */
    async leave(raceId: string, bib: number): Promise<void> {
      const seat = await ports.book.read(raceId, bib)
      if (!seat) throw new Refused('not-found', `Race ${raceId} has no seat ${bib}.`)
      await ports.book.free(seat, 'left', ports.now())
    }
  }
}

/** The race, if seats may be taken in it now. */
async function seatedRace(ports: SeatPorts, raceId: string): Promise<Seated> {
  const [race, head] = await Promise.all([ports.readRace(raceId), ports.readHead(raceId)])
  if (!race) throw new Refused('not-found', `There is no race ${raceId}.`)
  if (isTimedByLaps(race.format)) {
    throw new Refused('conflict', `Race ${raceId} has no seats: register at the track.`)
  }
  if (!head || head.phase === 'scheduled') {
    const detail = `Race ${raceId} does not take riders yet: ask again when it is open.`
    throw new Refused('race-not-open', detail)
  }
  if (isSeated(head)) return { race, head }
  const told = `Race ${raceId} takes no more riders: it is ${head.phase}.`
  throw await elsewhere(ports, { race, head }, 'race-not-open', told)
}

/** The public face in one spelling, in a class of the race. */
function faceOf(race: Race, { nickname, country = '', class: raced = '' }: SeatRequest) {
  const name = niceName(nickname)
  refuseProfane(name)
  const detail = classFault(race, raced)
  if (detail) throw new Refused('bad-body', detail, [{ pointer: '/class', detail }])
  return { name, country, class: raced }
}

function refuseWrongCode({ raceId, registration }: Race, code = ''): void {
  if (registration.kind !== 'code') return
  if (isSameDigest(codeHash(raceId, code), registration.hash)) return
  throw new Refused('code-wrong', `Ask the organiser for the access code of race ${raceId}.`)
}

async function competitorOf(
  ports: SeatPorts,
  { raceId, registration }: Race,
  { pass }: SeatRequest,
  { key, person }: Caller
): Promise<string> {
  if (registration.kind === 'account') return competitorOfPerson(await person())
  if (pass === undefined) return key === undefined ? ports.newId() : competitorOfKey(raceId, key)
  const competitorId = await ports.competitorOfPass(pass)
  if (competitorId !== undefined) return competitorId
  const detail = 'the pass does not hold: ask without it'
  throw new Refused('bad-body', detail, [{ pointer: '/pass', detail }])
}

async function refusalOf(
  ports: SeatPorts,
  found: Seated,
  none: 'full' | 'name-taken' | 'not-held'
): Promise<Refused> {
  const { raceId, capacity } = found.race
  if (none === 'name-taken') {
    return new Refused('name-taken', `Somebody in race ${raceId} has this name: choose another.`)
  }
  return none === 'full'
    ? elsewhere(ports, found, 'race-full', `All ${capacity} seats of race ${raceId} are taken.`)
    : elsewhere(ports, found, 'race-not-open', `Race ${raceId} is running: nobody joins late.`)
}

/** A refusal that names the race to join instead, where there is one. */
async function elsewhere(
  ports: SeatPorts,
  { race, head }: Seated,
  kind: 'race-full' | 'race-not-open',
  told: string
): Promise<Refused> {
  const next = await ports.nextRace(race, head)
  return new Refused(kind, next ? `${told} Join race ${next}.` : told, undefined, next)
}

const reusedKey = () =>
  new Refused('key-reused', 'The key is of a request with another nickname: send a new one.')
