import type { HeldSeat } from './heldSeat.ts'
import type { Counts } from './outbox.ts'
import type { SeatSink } from './seat.ts'
import type { EndedWhy } from './seatLife.ts'

/** What every page shows of a seat. */
type SeatView = {
  seat: HeldSeat | undefined
  ended: { why: EndedWhy; left: number } | undefined
  counts: Counts
  /** Until when somebody has to say that they are there, by the page's clock; undefined: nobody is asked. */
  askedUntil: number | undefined
  /** The race has ended. */
  readonly isOver: boolean
}

/** Brings what happens to a seat onto the page, but for its being taken. */
export const shownSeat = (
  view: SeatView,
  error: (error: unknown) => void
): Omit<SeatSink, 'held'> => ({
  ended(why, left) {
    // Of a race that goes on the API takes no more from who has lost the seat to others.
    view.ended = { why: why === 'closed' && !view.isOver ? 'idle' : why, left }
    view.seat = view.askedUntil = undefined
  },
  counted(counts) {
    view.counts = counts
  },
  ask(until) {
    view.askedUntil = until
  },
  error
})
