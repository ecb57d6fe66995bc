import * as v from 'valibot'
import { FreedWhy } from './channel.ts'
import { Bib, CompetitorId, Count, Instant, Millis, RaceId } from './ids.ts'
import { AccessCode } from './race.ts'

/** A competitor's public name. */
export const Nickname = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'the name must not be empty'),
  v.maxLength(40, 'the name has more than 40 characters'),
  // Control, format-override and unassigned characters would break other people's rows.
  v.regex(
    /^[^\p{Cc}\p{Cs}\p{Cn}\u202a-\u202e\u2066-\u2069]+$/u,
    'the name holds control characters'
  )
)

/** The class that a competitor races in, or empty. */
export const ClassName = v.pipe(
  v.string(),
  v.maxLength(12, 'the class has more than 12 characters'),
  v.regex(/^[^\p{C}]*$/u, 'the class holds control characters')
)

/** Body of `POST /races/{raceId}/seats`. */
export const SeatRequest = v.strictObject({
  nickname: Nickname,
  country: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'country must be three capital letters'))
  ),
  class: v.optional(ClassName),
  /** Where the race asks for one. */
  code: v.optional(AccessCode),
  /** What an earlier seat gave: who brings it is the same competitor again. */
  pass: v.optional(
    v.pipe(v.string(), v.maxLength(2_048, 'the pass has more than 2,048 characters'))
  )
})
export type SeatRequest = v.InferOutput<typeof SeatRequest>

/** The answer: a bib for this race and the token that its readings carry. */
export const Seat = v.object({
  raceId: RaceId,
  bib: Bib,
  competitorId: CompetitorId,
  /** As it stands in the race: of a seat that was held already the name given then. */
  nickname: v.string(),
  token: v.string(),
  /** When the token ends; the seat's renewal gives another one. */
  expiresAt: Instant,
  /** The seat is free for others unless it is renewed within so many ms. */
  idleMs: Millis,
  /** Proves in later races that this is the same competitor; kept by the rider's page. */
  pass: v.string()
})
export type Seat = v.InferOutput<typeof Seat>

/** Claims of a seat token beside the registered ones. */
export const SeatClaims = v.object({
  race: RaceId,
  bib: Bib,
  competitor: CompetitorId,
  lane: Count,
  /** Seconds since 1970 when it was issued: a reloaded phone has a higher one. */
  session: Count
})
export type SeatClaims = v.InferOutput<typeof SeatClaims>

/** A rider's item in the `seats` container, `seat-{bib}`. */
export const SeatItem = v.object({
  id: v.string(),
  raceId: RaceId,
  kind: v.literal('seat'),
  bib: Bib,
  competitorId: CompetitorId,
  class: v.string(),
  /** Until when it is held unless it is renewed. */
  heldUntil: Instant,
  freedAt: v.optional(Instant),
  why: v.optional(FreedWhy)
})
export type SeatItem = v.InferOutput<typeof SeatItem>

/** Audiences of the tokens that the rider app's key signs. */
export const SEAT_AUDIENCE = 'grandstand-seat'
export const SCREEN_AUDIENCE = 'grandstand-screen'
export const PASS_AUDIENCE = 'grandstand-pass'

/** The item of the `competitors` container: the public face, and where it shows. */
export const Competitor = v.object({
  /** The competitor's own id, or `{raceId}.{bib}` of a seat: who rides again has an item for each race. */
  id: v.string(),
  competitorId: CompetitorId,
  name: v.string(),
  country: v.optional(v.string(), ''),
  class: v.optional(v.string(), ''),
  /** The bibs under which this competitor stands in races. */
  entries: v.array(
    v.object({
      raceId: RaceId,
      bib: Bib,
      /** Taken off that race: the name leaves its directory. */
      withdrawn: v.optional(v.boolean())
    })
  ),
  /** Nothing is known of the person any more: the name leaves every directory, and this item goes in `ttl` s. */
  erased: v.optional(v.boolean()),
  ttl: v.exactOptional(Count)
})
export type Competitor = v.InferOutput<typeof Competitor>
