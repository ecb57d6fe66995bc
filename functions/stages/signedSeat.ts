import {
  type Head,
  PASS_AUDIENCE,
  type Race,
  SEAT_AUDIENCE,
  SEATS_PER_LANE,
  type Seat,
  type SeatClaims
} from '#contract'
import type { BookedSeat } from './seatBook.ts'

/** Longest life of a seat token, in ms: a seat that is held on gets another one in time. */
export const TOKEN_LIFE_MS = 900_000
/** Life of a pass, in ms: a year. */
export const PASS_LIFE_MS = 365 * 86_400_000

/** What signing needs. */
export type SignPorts = {
  /** A signed token; `expiresAt` in ms since 1970. Rejects when the service failed. */
  sign(token: {
    claims: SeatClaims | Record<string, never>
    subject: string
    audience: string
    expiresAt: number
  }): Promise<string>
  now(): number
}

/** The seat as its rider gets it: with a token until the race's backlog time is over, or shorter, and a pass. */
export async function signedSeat(
  { sign, now }: SignPorts,
  { race, head }: { race: Race; head: Head },
  { bib, competitorId }: BookedSeat,
  { session, nickname }: { session: number; nickname: string }
): Promise<Seat> {
  const { raceId, idleMs, timetable } = race
  const ends = head.endsAt === null ? Infinity : head.endsAt + timetable.backlogMs
  const expiresAt = Math.min(now() + TOKEN_LIFE_MS, ends)
  const [token, pass] = await Promise.all([
    sign({
      claims: { race: raceId, bib, competitor: competitorId, lane: laneOf(bib), session },
      subject: `${raceId}.${bib}`,
      audience: SEAT_AUDIENCE,
      expiresAt
    }),
    sign({
      claims: {},
      subject: competitorId,
      audience: PASS_AUDIENCE,
      expiresAt: now() + PASS_LIFE_MS
    })
  ])
  return { raceId, bib, competitorId, nickname, token, expiresAt, idleMs, pass }
}

/** The share of the race's riders that stays on one partition. */
export const laneOf = (bib: number): number => Math.floor((bib - 1) / SEATS_PER_LANE)
