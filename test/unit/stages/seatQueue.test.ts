import { assert, asyncProperty, integer, record, scheduler } from 'fast-check'
import { expect, test } from 'vitest'
import { BIB_MAX } from '#contract'
import { createFreeIdle } from '../../../functions/stages/freeSeats.ts'
import { Refused } from '../../../functions/stages/problem.ts'
import type { BookedSeat, SeatBook } from '../../../functions/stages/seatBook.ts'
import { createSeatQueue, type Outcome, type Wish } from '../../../functions/stages/seatQueue.ts'
import { aSeatBook } from '../../stories/seatBook.ts'

const RACE = 'evening-race'
const NOW = 1_000_000
const IDLE_MS = 10_000

const wishOf = (rider: string | number, changes: Partial<Wish> = {}): Wish => ({
  competitorId: `rider-${rider}`,
  class: '',
  heldUntil: NOW + IDLE_MS,
  name: `name-${rider}`,
  told: `told-${rider}`,
  isHeldOnly: false,
  ...changes
})

/** An instance of the app at a book that others may write in too. */
function instance(book: SeatBook, state = { now: NOW }) {
  const now = () => state.now
  return createSeatQueue({
    book,
    freeIdle: createFreeIdle({ book, now }),
    wait: () => Promise.resolve(),
    random: Math.random,
    now
  })
}
const bibsOf = (outcomes: Outcome[]) =>
  outcomes.flatMap(outcome => ('seat' in outcome ? [outcome.seat.bib] : []))
const nonesOf = (outcomes: Outcome[]) =>
  outcomes.flatMap(outcome => ('none' in outcome ? [outcome.none] : []))
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
/** A freed seat has its place, name and competitor for others, but never its bib. */
const freed = async (book: SeatBook, seat: BookedSeat) => book.free(seat, 'left', NOW)
const seatOf = (outcome: Outcome): BookedSeat => {
  if ('none' in outcome) throw new Error(outcome.none)
  return outcome.seat
}

test('500 at once for 200 seats are 200 seats, each bib once, and 300 refusals', async () => {
  const { book, taken } = aSeatBook()
  const ask = instance(book)
  const outcomes = await Promise.all(upTo(500).map(rider => ask(RACE, 200, wishOf(rider))))
  expect(bibsOf(outcomes)).toEqual(upTo(200))
  expect(nonesOf(outcomes)).toEqual(Array.from({ length: 300 }, () => 'full'))
  expect(taken(RACE)).toHaveLength(200)
})

test('many who ask at once are written in few steps', async () => {
  const { book } = aSeatBook()
  const steps: number[] = []
  const counting: SeatBook = {
    ...book,
    give(raceId, capacity, seats, page) {
      steps.push(seats.length)
      return book.give(raceId, capacity, seats, page)
    }
  }
  const ask = instance(counting)
  await Promise.all(upTo(100).map(rider => ask(RACE, 100, wishOf(rider))))
  expect(steps).toEqual([1, 33, 33, 33])
})

test('whatever comes between the steps of several instances, seats, bibs, names and competitors are never too many', async () => {
  const field = record({
    capacity: integer({ min: 1, max: 5 }),
    riders: integer({ min: 1, max: 12 }),
    names: integer({ min: 1, max: 12 }),
    leaving: integer({ min: 0, max: 3 }),
    order: scheduler()
  })
  await assert(
    asyncProperty(field, async ({ capacity, riders, names, leaving, order }) => {
      const { book, taken, most, seats, counters } = aSeatBook(async step => {
        await order.schedule(Promise.resolve())
        return step()
      })
      const instances = [instance(book), instance(book), instance(book)]
      const outcomes: Outcome[] = []
      const asking = upTo(riders).map(async rider => {
        const wish = wishOf(rider % 7, { name: `name-${rider % names}` })
        const outcome = await instances[rider % 3]!(RACE, capacity, wish)
        outcomes.push(outcome)
        if (rider <= leaving && 'seat' in outcome) await freed(book, outcome.seat)
      })
      await order.waitFor(Promise.all(asking))
      expect(most.get(RACE) ?? 0).toBeLessThanOrEqual(capacity)
      expect(seats().map(({ bib }) => bib)).toEqual(upTo(seats().length))
      const held = taken(RACE)
      expect(counters.get(RACE)).toEqual({ last: seats().length, taken: held.length })
      expect(new Set(held.map(({ name }) => name)).size).toBe(held.length)
      expect(new Set(held.map(({ competitorId }) => competitorId)).size).toBe(held.length)
      // Nobody is told that the race is full who would have had room from the beginning to the end.
      if (nonesOf(outcomes).includes('full')) expect(most.get(RACE)).toBe(capacity)
    }),
    { numRuns: 200 }
  )
})

test('a competitor has one seat, which is held for longer when it is asked for again', async () => {
  const { book, taken } = aSeatBook()
  const ask = instance(book)
  const outcomes = await Promise.all([
    ask(RACE, 5, wishOf('mina')),
    ask(RACE, 5, wishOf('mina', { heldUntil: NOW + 77_000 }))
  ])
  expect(outcomes).toMatchObject([
    { isNew: true, seat: { bib: 1 } },
    { isNew: false, seat: { bib: 1, heldUntil: NOW + 77_000 } }
  ])
  expect(taken(RACE)).toMatchObject([{ bib: 1, heldUntil: NOW + 77_000 }])
})

test('a seat that is held is had again in a full race, and where no new one may be taken', async () => {
  const { book } = aSeatBook()
  const ask = instance(book)
  await ask(RACE, 1, wishOf('mina'))
  expect(await ask(RACE, 1, wishOf('mina', { isHeldOnly: true }))).toMatchObject({ isNew: false })
  expect(await ask(RACE, 1, wishOf('bo', { isHeldOnly: true }))).toEqual({ none: 'not-held' })
  expect(await ask(RACE, 1, wishOf('bo'))).toEqual({ none: 'full' })
})

test('a name is one rider’s at a time', async () => {
  const { book } = aSeatBook()
  const ask = instance(book)
  const seat = seatOf(await ask(RACE, 5, wishOf('mina')))
  const other = wishOf('bo', { name: 'name-mina' })
  expect(await ask(RACE, 5, other)).toEqual({ none: 'name-taken' })
  expect(await ask('night-race', 5, other)).toMatchObject({ isNew: true })
  await freed(book, seat)
  expect(await ask(RACE, 5, other)).toMatchObject({ isNew: true, seat: { bib: 2 } })
})

test('a freed seat makes place, and neither it nor its bib is given again', async () => {
  const { book, taken } = aSeatBook()
  const ask = instance(book)
  const first = seatOf(await ask(RACE, 1, wishOf('mina')))
  expect(await freed(book, first)).toBe(true)
  expect(await freed(book, first)).toBe(false)
  expect(seatOf(await ask(RACE, 1, wishOf('mina'))).bib).toBe(2)
  expect(await ask(RACE, 1, wishOf('bo'))).toEqual({ none: 'full' })
  expect(taken(RACE).map(({ bib }) => bib)).toEqual([2])
})

test('a full race frees seats whose lease has ended, and looks for them once a second', async () => {
  const { book, seats } = aSeatBook()
  let looks = 0
  const state = { now: NOW }
  const counting: SeatBook = {
    ...book,
    idle(raceId, at) {
      looks++
      return book.idle(raceId, at)
    }
  }
  const ask = instance(counting, state)
  await Promise.all([1, 2].map(rider => ask(RACE, 2, wishOf(rider))))
  await book.renew(RACE, 2, NOW + 2 * IDLE_MS)
  const all = () => Promise.all([3, 4, 5].map(rider => ask(RACE, 2, wishOf(rider))))
  expect(nonesOf(await all())).toEqual(['full', 'full', 'full'])
  expect(looks).toBe(1)
  state.now = NOW + IDLE_MS + 1
  expect(bibsOf(await all())).toEqual([3])
  expect(seats()).toMatchObject([{ bib: 1, why: 'idle', freedAt: state.now }, {}, {}])
})

test('a race that has used up its bibs is full', async () => {
  const { book } = aSeatBook()
  const worn: SeatBook = {
    ...book,
    look: async (...asked) => ({ ...(await book.look(...asked)), last: BIB_MAX })
  }
  expect(await instance(worn)(RACE, 5, wishOf('mina'))).toEqual({ none: 'full' })
})

test('a crash between giving and answering takes no more than the one seat, which a repetition finds', async () => {
  const { book, taken } = aSeatBook()
  const crashing: SeatBook = {
    ...book,
    async give(...step) {
      await book.give(...step)
      throw new Error('the process is gone')
    }
  }
  await expect(instance(crashing)(RACE, 1, wishOf('mina'))).rejects.toThrow('gone')
  expect(seatOf(await instance(book)(RACE, 1, wishOf('mina'))).bib).toBe(1)
  expect(taken(RACE)).toHaveLength(1)
})

test('a failure is told to those whom it hit, and the next ones are served', async () => {
  const { book } = aSeatBook()
  let failures = 1
  const failing: SeatBook = {
    ...book,
    look: (...asked) => (failures-- > 0 ? Promise.reject(new Error('away')) : book.look(...asked))
  }
  const ask = instance(failing)
  const outcomes = await Promise.allSettled([1, 2].map(rider => ask(RACE, 5, wishOf(rider))))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
})

test('who is overtaken without end is told to try again', async () => {
  const { book } = aSeatBook()
  const ask = instance({ ...book, give: async () => false })
  const refused = await ask(RACE, 5, wishOf('mina')).catch((error: unknown) => error)
  expect(refused instanceof Refused && refused.problem.status).toBe(503)
})
