import type { BookedSeat, Hold, SeatBook } from '../../functions/stages/seatBook.ts'
import { IDLE_AT_ONCE } from '../../functions/stages/seatBook.ts'
import { holdOf } from '../../functions/stages/seatQueue.ts'

/** What is done before and after each step, so that steps of several writers may come in any order. */
type Between = <T>(step: () => T) => Promise<T>

/** A book of seats in memory whose steps are whole or not at all, as a database's. */
export function aSeatBook(between: Between = async step => step()) {
  const seats = new Map<string, BookedSeat>()
  const holds = new Map<string, Hold>()
  const counters = new Map<string, { last: number; taken: number }>()
  /** The most seats that were ever taken at a time, by race. */
  const most = new Map<string, number>()
  const at = (raceId: string, id: string | number) => `${raceId}/${id}`
  const holdsOf = (seat: BookedSeat) => [seat.name, holdOf(seat.competitorId)]
  const taken = (raceId: string) =>
    [...seats.values()].filter(seat => seat.raceId === raceId && !seat.freedAt)
  const write = (seat: BookedSeat) => seats.set(at(seat.raceId, seat.bib), seat)

  const book: SeatBook = {
    look: (raceId, ids) =>
      between(() => {
        const found = ids.flatMap(id => holds.get(at(raceId, id)) ?? [])
        const counter = counters.get(raceId)
        return {
          ...(counter ?? { last: 0, taken: 0 }),
          isBegun: counter !== undefined,
          holds: new Map(found.map(hold => [hold.id, { ...hold }]))
        }
      }),
    give: (raceId, capacity, given, page) =>
      between(() => {
        const counter = counters.get(raceId) ?? { last: 0, taken: 0 }
        if (page.isBegun !== counters.has(raceId) || page.last !== counter.last) return false
        if (counter.taken + given.length > capacity) return false
        const wanted = given.flatMap(seat => holdsOf(seat).map(id => ({ id, bib: seat.bib })))
        const isFree = ({ id }: { id: string }) =>
          page.holds.has(id) ? holds.get(at(raceId, id))?.free : !holds.has(at(raceId, id))
        if (!wanted.every(isFree)) return false
        for (const { id, bib } of wanted) holds.set(at(raceId, id), { id, bib, free: false })
        for (const seat of given) write(seat)
        const { last, taken: before } = counter
        counters.set(raceId, { last: last + given.length, taken: before + given.length })
        most.set(raceId, Math.max(most.get(raceId) ?? 0, taken(raceId).length))
        return true
      }),
    renew: (raceId, bib, heldUntil) =>
      between(() => {
        const seat = seats.get(at(raceId, bib))
        if (!seat || seat.freedAt) return undefined
        write({ ...seat, heldUntil })
        return { ...seat, heldUntil }
      }),
    read: (raceId, bib) => between(() => seats.get(at(raceId, bib))),
    free: (seat, why, freedAt) =>
      between(() => {
        const { raceId, bib } = seat
        const stored = seats.get(at(raceId, bib))
        if (!stored || stored.freedAt || (why === 'idle' && stored.heldUntil >= freedAt))
          return false
        write({ ...stored, freedAt, why })
        for (const id of holdsOf(seat)) holds.set(at(raceId, id), { id, bib, free: true })
        const { last, taken: before } = counters.get(raceId)!
        counters.set(raceId, { last, taken: before - 1 })
        return true
      }),
    idle: (raceId, until) =>
      between(() =>
        taken(raceId)
          .filter(({ heldUntil }) => heldUntil < until)
          .slice(0, IDLE_AT_ONCE)
      )
  }
  return { book, taken, most, seats: () => [...seats.values()], counters }
}
