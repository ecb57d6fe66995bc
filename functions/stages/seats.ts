import {
  type Competitor,
  type Head,
  type Race,
  SEAT_AUDIENCE,
  SEATS_PER_LANE,
  type Seat,
  type SeatClaims,
  type SeatRequest
} from '#contract'
import { isTimedByLaps } from '#race/metric'
import { Refused } from './problem.ts'

/** Phases in which a seat may be taken. */
const JOINABLE = new Set(['open', 'countdown', 'running'])
/** Life of a seat token in a race whose end is not known, in ms. */
const OPEN_END_MS = 3_600_000

/** The item of the `seats` container. */
export type SeatItem = { id: string; raceId: string; bib: number; competitorId: string }

/** What taking a seat needs; each rejects when the service failed. */
export type SeatPorts = {
  readRace(raceId: string): Promise<Race | undefined>
  readHead(raceId: string): Promise<Head | undefined>
  /** The next bib of the race, counted up in one step in the store; undefined at `capacity`. */
  nextBib(raceId: string, capacity: number): Promise<number | undefined>
  createCompetitor(competitor: Competitor): Promise<void>
  createSeat(seat: SeatItem): Promise<void>
  /** Marks the seat as given back; false when there is none. */
  freeSeat(raceId: string, bib: number): Promise<boolean>
  /** A signed token; `expiresAt` in ms since 1970. */
  sign(token: {
    claims: SeatClaims
    subject: string
    audience: string
    expiresAt: number
  }): Promise<string>
  newId(): string
  now(): number
}

/**
 * Gives seats in open races that are counted by readings: bibs are unique, never reused, and never more than the race's
 * capacity. Where laps count, bibs are given by entries.
 */
export function createSeats(ports: SeatPorts) {
  return {
    async take(raceId: string, request: SeatRequest): Promise<Seat> {
      const [race, head] = await Promise.all([ports.readRace(raceId), ports.readHead(raceId)])
      if (!race) throw new Refused('not-found', `There is no race ${raceId}.`)
      if (isTimedByLaps(race.format)) {
        throw new Refused('conflict', `Race ${raceId} has no seats: register at the track.`)
      }
      if (!head || !JOINABLE.has(head.phase)) throw notOpen(raceId, head)
      const bib = await ports.nextBib(raceId, race.capacity)
      if (bib === undefined) {
        throw new Refused('race-full', `All ${race.capacity} seats are taken: join the next race.`)
      }
      const competitorId = ports.newId()
      await ports.createCompetitor({
        id: competitorId,
        competitorId,
        name: request.nickname,
        country: request.country ?? '',
        class: request.class ?? '',
        entries: [{ raceId, bib }]
      })
      await ports.createSeat({ id: `seat-${bib}`, raceId, bib, competitorId })
      const now = ports.now()
      const ends = head.endsAt === null ? now + OPEN_END_MS : head.endsAt
      const expiresAt = ends + race.timetable.backlogMs
      const token = await ports.sign({
        claims: {
          race: raceId,
          bib,
          competitor: competitorId,
          lane: laneOf(bib),
          session: Math.floor(now / 1_000)
        },
        subject: `${raceId}.${bib}`,
        audience: SEAT_AUDIENCE,
        expiresAt
      })
      return { raceId, bib, competitorId, token, expiresAt }
    },

    async leave(raceId: string, bib: number): Promise<void> {
      if (!(await ports.freeSeat(raceId, bib))) {
        throw new Refused('not-found', `Race ${raceId} has no seat ${bib}.`)
      }
    }
  }
}

/** The share of the race's riders that stays on one partition. */
export const laneOf = (bib: number): number => Math.floor((bib - 1) / SEATS_PER_LANE)

function notOpen(raceId: string, head: Head | undefined): Refused {
  const waits = !head || head.phase === 'scheduled'
  return new Refused(
    'race-not-open',
    waits
      ? `Race ${raceId} does not take riders yet: ask again when it is open.`
      : `Race ${raceId} takes no more riders: it is ${head.phase}.`
  )
}
