import type { FreedWhy, SeatItem } from '#contract'

/** A seat as stored. Names stand in `competitors` alone: here are digests of them. */
export type BookedSeat = SeatItem & {
  /** The hold of its nickname. */
  name: string
  /** Digest of the nickname as it was given. */
  told: string
  /** Digest of the key that the request came with. */
  key?: string
}

/** What one seat of a race at a time may have: a nickname, `name-{digest}`, or a competitor, `competitor-{id}`. */
export type Hold = { id: string; bib: number; free: boolean }

/** What a race's book said when somebody looked. */
export type BookPage = {
  /** The highest bib that was ever given, and how many seats are taken now. */
  last: number
  taken: number
  /** False before the first seat. */
  isBegun: boolean
  holds: Map<string, Hold>
}

/**
 * Where the seats of races are written down; each step is whole or not at all, whoever else writes at the same time.
 * All reject when the service failed.
 */
export type SeatBook = {
  /** May be a moment old: what is written on top of it is checked again. */
  look(raceId: string, holds: string[]): Promise<BookPage>
  /** Gives seats with the bibs that follow `page.last`; false, and nothing done, where the page does not hold any more. */
  give(raceId: string, capacity: number, seats: BookedSeat[], page: BookPage): Promise<boolean>
  /** The seat, held until `heldUntil`; undefined where it is free or was never given. */
  renew(raceId: string, bib: number, heldUntil: number): Promise<BookedSeat | undefined>
  read(raceId: string, bib: number): Promise<BookedSeat | undefined>
  /** Frees a seat with its holds; false where that is done already, or an idle one was renewed meanwhile. */
  free(seat: BookedSeat, why: FreedWhy, at: number): Promise<boolean>
  /** Taken seats whose lease ended before `at`, `IDLE_AT_ONCE` at most. */
  idle(raceId: string, at: number): Promise<BookedSeat[]>
}

/** Idle seats of one look. */
export const IDLE_AT_ONCE = 100
