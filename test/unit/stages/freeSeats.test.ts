import { expect, test } from 'vitest'
import { Phase, type RaceSummary } from '#contract'
import { createFreeIdle, createFreeSeats } from '../../../functions/stages/freeSeats.ts'
import { summaryOf } from '../../../functions/stages/races.ts'
import type { BookedSeat } from '../../../functions/stages/seatBook.ts'
import { boardOfRiders } from '../../stories/boards.ts'
import { DISTANCE, FASTEST_LAP, GUN } from '../../stories/races.ts'
import { aSeatBook } from '../../stories/seatBook.ts'

const RACE = 'evening-race'

/** A race of which seat `n` is held until `n` ms after the gun. */
async function seated(count: number) {
  const story = aSeatBook()
  const seats = Array.from({ length: count }, (_, i): BookedSeat => {
    const bib = i + 1
    const ids = { id: `seat-${bib}`, raceId: RACE, kind: 'seat' as const, bib, class: '' }
    const digests = { name: `name-${bib}`, told: `told-${bib}` }
    return { ...ids, ...digests, competitorId: `rider-${bib}`, heldUntil: GUN + bib }
  })
  const page = { last: 0, taken: 0, isBegun: false, holds: new Map() }
  expect(await story.book.give(RACE, count, seats, page)).toBe(true)
  const now = () => GUN + 251
  return { ...story, freeIdle: createFreeIdle({ book: story.book, now }) }
}

test('every seat whose lease has ended is freed once, with its place, however many', async () => {
  const { freeIdle, taken, seats, counters } = await seated(300)
  expect(await freeIdle(RACE)).toBe(250)
  expect(await freeIdle(RACE)).toBe(0)
  expect(taken(RACE).map(({ bib }) => bib)).toEqual(Array.from({ length: 50 }, (_, i) => i + 251))
  expect(counters.get(RACE)).toEqual({ last: 300, taken: 50 })
  expect(seats()[0]).toMatchObject({ why: 'idle', freedAt: GUN + 251 })
})

test('a seat that is renewed after the look is not freed', async () => {
  const { book, taken } = await seated(2)
  const late = {
    ...book,
    async idle(raceId: string, at: number) {
      const idle = await book.idle(raceId, at)
      await book.renew(raceId, 1, GUN + 10_000)
      return idle
    }
  }
  expect(await createFreeIdle({ book: late, now: () => GUN + 251 })(RACE)).toBe(1)
  expect(taken(RACE).map(({ bib }) => bib)).toEqual([1])
})

test('races in which seats are held are looked through, and no others', async () => {
  const line = (raceId: string, changes: Partial<RaceSummary>): RaceSummary => ({
    ...summaryOf(boardOfRiders(1, 1).head),
    ...{ raceId, format: DISTANCE },
    ...changes
  })
  const looked: string[] = []
  const rides = Phase.options.map(phase => line(phase, { phase }))
  await createFreeSeats({
    readSummaries: async () => [...rides, line('laps', { phase: 'running', format: FASTEST_LAP })],
    async freeIdle(raceId) {
      looked.push(raceId)
      return 0
    }
  })()
  expect(looked).toEqual(['open', 'countdown', 'running'])
})
