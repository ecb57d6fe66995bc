import { BIB_MAX } from '#contract'
import { Refused } from './problem.ts'
import type { BookedSeat, BookPage, SeatBook } from './seatBook.ts'

/** Seats of one step. Each is written with its two holds, and 100 operations are one step at most. */
const SEATS_AT_ONCE = 33
/** Other instances write too: a page that does not hold is looked up again so often, after so long at most, in ms. */
const ATTEMPTS = 40
const WAIT_MAX_MS = 40
/** A full race is searched for idle seats so often at most, in ms; the times of so many races are remembered. */
const SEARCH_MS = 1_000
const SEARCHES_MAX = 256

/** What a rider asks for. */
export type Wish = Pick<BookedSeat, 'competitorId' | 'class' | 'heldUntil' | 'name' | 'told'> & {
  key?: string
  /** A new seat is not to be had: only one that the competitor has already. */
  isHeldOnly: boolean
}
/** Taken now, or had already; or why there is no seat. */
export type Outcome =
  | { seat: BookedSeat; isNew: boolean }
  | { none: 'full' | 'name-taken' | 'not-held' }

type Asked = { wish: Wish; resolve(outcome: Outcome): void; reject(error: unknown): void }
type Line = { raceId: string; capacity: number; waiting: Asked[] }

/** What the queue needs. */
export type QueuePorts = {
  book: SeatBook
  /** Frees the idle seats of a race and says how many. */
  freeIdle(raceId: string): Promise<number>
  wait(ms: number): Promise<void>
  random(): number
  now(): number
}

/** The hold of a competitor. */
export const holdOf = (competitorId: string): string => `competitor-${competitorId}`

/**
 * Gives out seats: what is asked for at the same time in one race is written in few steps, one after the other, so that
 * only instances of the app come across each other. A competitor who has a seat gets it again, held for longer.
 */
export function createSeatQueue(ports: QueuePorts) {
  const lines = new Map<string, Line>()
  const place = { ...ports, search: createSearch(ports) }

  /** Serves until nobody waits. Never rejects: who asked hears of failures. */
  const serve = async (line: Line): Promise<void> => {
    while (line.waiting.length) {
      const group = nextGroup(line)
      try {
        await serveGroup(place, line, group)
      } catch (error) {
        // Those that have their answer already do not hear of it.
        for (const { reject } of group) reject(error)
      }
    }
    // In the same turn as the look at who waits: who comes later begins a line.
    lines.delete(line.raceId)
  }

  return (raceId: string, capacity: number, wish: Wish): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const asked = { wish, resolve, reject }
      const line = lines.get(raceId)
      if (line) {
        line.waiting.push(asked)
        return
      }
      const begun = { raceId, capacity, waiting: [asked] }
      lines.set(raceId, begun)
      void serve(begun)
    })
}

/** Looks for idle seats of a full race, unless that was done just now; says whether some were freed. */
function createSearch({ freeIdle, now }: QueuePorts) {
  const searched = new Map<string, number>()
  return async (raceId: string): Promise<boolean> => {
    if (now() - (searched.get(raceId) ?? -Infinity) < SEARCH_MS) return false
    if (searched.size >= SEARCHES_MAX) searched.clear()
    searched.set(raceId, now())
    return (await freeIdle(raceId)) > 0
  }
}
type Place = QueuePorts & { search(raceId: string): Promise<boolean> }

/** Takes the first of those who wait, each name and competitor once: the second is answered when the first has the seat. */
function nextGroup(line: Line): Asked[] {
  const holds = new Set<string>()
  const group: Asked[] = []
  const later: Asked[] = []
  for (const asked of line.waiting) {
    const own = holdsOf(asked.wish)
    if (group.length === SEATS_AT_ONCE || own.some(hold => holds.has(hold))) later.push(asked)
    else group.push(asked)
    for (const hold of own) holds.add(hold)
  }
  line.waiting = later
  return group
}

async function serveGroup(ports: Place, line: Line, group: Asked[]): Promise<void> {
  let open = group
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt) await ports.wait(WAIT_MAX_MS * ports.random())
    const page = await ports.book.look(
      line.raceId,
      open.flatMap(({ wish }) => holdsOf(wish))
    )
    open = await giveAnew(ports, line, await answerKnown(ports, line, open, page), page)
    if (!open.length) return
  }
  throw new Refused('unavailable', 'Very many take seats at this moment: try again.')
}

/** Answers those who have a seat, or whose nickname another one has; the others are left. */
async function answerKnown(
  { book }: QueuePorts,
  { raceId }: Line,
  group: Asked[],
  { holds }: BookPage
): Promise<{ fresh: Asked[]; again: Asked[] }> {
  const fresh: Asked[] = []
  const again: Asked[] = []
  for (const asked of group) {
    const { wish, resolve } = asked
    const own = holds.get(holdOf(wish.competitorId))
    const seat = own && !own.free && (await book.renew(raceId, own.bib, wish.heldUntil))
    if (seat) resolve({ seat, isNew: false })
    // It was freed since the look.
    else if (own && !own.free) again.push(asked)
    else if (wish.isHeldOnly) resolve({ none: 'not-held' })
    else if (holds.get(wish.name)?.free === false) resolve({ none: 'name-taken' })
    else fresh.push(asked)
  }
  return { fresh, again }
}

/** Gives new seats as far as there is room, and says who is to be looked at again as the page did not hold. */
async function giveAnew(
  { book, search }: Place,
  { raceId, capacity }: Line,
  { fresh, again }: { fresh: Asked[]; again: Asked[] },
  page: BookPage
): Promise<Asked[]> {
  const room = Math.max(0, Math.min(capacity - page.taken, BIB_MAX - page.last))
  const [lucky, others] = [fresh.slice(0, room), fresh.slice(room)]
  const seats = lucky.map(({ wish }, i) => seatOf(raceId, page.last + i + 1, wish))
  if (lucky.length && !(await book.give(raceId, capacity, seats, page))) return [...fresh, ...again]
  lucky.forEach(({ resolve }, i) => {
    resolve({ seat: seats[i]!, isNew: true })
  })
  // Bibs are never given again: a race that has used them up stays full.
  const mayFit = others.length > 0 && page.last + lucky.length < BIB_MAX && (await search(raceId))
  if (mayFit) return [...others, ...again]
  for (const { resolve } of others) resolve({ none: 'full' })
  return again
}

const holdsOf = ({ name, competitorId }: Wish): string[] => [name, holdOf(competitorId)]

const seatOf = (raceId: string, bib: number, { isHeldOnly: _told, ...wish }: Wish): BookedSeat => ({
  id: `seat-${bib}`,
  raceId,
  kind: 'seat',
  bib,
  ...wish
})
