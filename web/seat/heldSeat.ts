import * as v from 'valibot'
import { Seat, SeatClaims } from '#contract/seats'
import type { Keep } from './keep.ts'

/** A seat as the tab remembers it over a reload. */
const HeldSeat = v.object({
  ...Seat.entries,
  /** Of its token: sequence numbers are counted within it. */
  session: v.number(),
  /** When its lease was last renewed, by the server's clock, in ms. */
  renewedAt: v.number()
})
export type HeldSeat = v.InferOutput<typeof HeldSeat>

const PASS = 'grandstand.pass'
const nameOf = (raceId: string): string => `grandstand.seat.${raceId}`

/** The claim `session` of a seat's token; throws where there is none. Only the API can say whether the token holds. */
export function sessionOf(token: string): number {
  const part = token.split('.')[1] ?? ''
  const text = atob(part.replace(/-/g, '+').replace(/_/g, '/'))
  return v.parse(v.pick(SeatClaims, ['session']), JSON.parse(text)).session
}

/** What an earlier seat gave, in any race. */
export const passOf = (keep: Keep): string | undefined => keep.read(PASS)
export const keepPass = (keep: Keep, pass: string): void => keep.write(PASS, pass)
export const forgetPass = (keep: Keep): void => keep.write(PASS, undefined)

/** The seat in this race that this tab had before the reload. */
export function seatOf(keep: Keep, raceId: string): HeldSeat | undefined {
  try {
    return v.parse(HeldSeat, JSON.parse(keep.read(nameOf(raceId)) ?? ''))
  } catch {
    return undefined
  }
}

/** Remembers the seat, or forgets it. */
export const keepSeat = (keep: Keep, raceId: string, seat: HeldSeat | undefined): void =>
  keep.write(nameOf(raceId), seat && JSON.stringify(seat))
