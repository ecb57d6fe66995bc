import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Format, Row } from '#contract'
import { type Best, candidates, fallen, orderOf, withBest } from '#race/bests'
import { boardIdOf, comparison, isOfLaps } from '#race/boardId'
import { rowOf } from '../../browser/boards.ts'
import {
  aRace,
  averageOf,
  DISTANCE,
  FASTEST_LAP,
  GAME,
  MOST_LAPS,
  OUTPUT
} from '../../stories/races.ts'

const best = (competitorId: string, value: number, more: Partial<Best> = {}): Best => ({
  ...{ competitorId, value, class: '', raceId: 'evening-race', bib: 1, at: 0 },
  ...more
})

const boardOf = (format: Format, durationMs?: number) => {
  const { durationMs: _, ...timetable } = aRace(format).timetable
  const timed = durationMs === undefined ? timetable : { ...timetable, durationMs }
  return boardIdOf({ format, timetable: timed })
}

test('a board is named by what compares on it', () => {
  expect(boardOf(DISTANCE, 300_000)).toBe('distance-300')
  expect(boardOf(OUTPUT, 60_000)).toBe('output-60')
  expect(boardOf(GAME, 600_000)).toBe('game-600')
  expect(boardOf(FASTEST_LAP)).toBe('fastest-lap')
  expect(boardOf(averageOf(3), 60_000)).toBe('average-lap-3')
  expect(boardOf(MOST_LAPS, 120_000)).toBe('most-laps-120')
})

test('what was counted in no stated time, or in part of a second, compares with nothing', () => {
  for (const format of [DISTANCE, GAME, MOST_LAPS]) {
    expect(boardOf(format)).toBeUndefined()
    expect(boardOf(format, 60_500)).toBeUndefined()
  }
})

test('of times the lower is better, of all else the higher', () => {
  const better = (board: string) => [7, 9].sort(comparison(board))[0]
  expect(['fastest-lap', 'average-lap-3'].map(better)).toEqual([7, 7])
  expect(['most-laps-60', 'distance-300', 'game-600'].map(better)).toEqual([9, 9, 9])
  expect(['most-laps-60', 'fastest-lap', 'average-lap-3'].every(isOfLaps)).toBe(true)
  expect(['distance-300', 'game-600', 'output-20'].some(isOfLaps)).toBe(false)
})

test('the first rows stay the exact first of everybody, however bests come and improve', () => {
  const ride = fc.record({
    who: fc.nat({ max: 9 }),
    value: fc.integer({ min: 1, max: 6 }),
    at: fc.nat({ max: 3 })
  })
  const boards = fc.constantFrom('distance-300', 'fastest-lap')
  fc.assert(
    fc.property(boards, fc.array(ride, { maxLength: 60 }), (board, rides) => {
      const compare = comparison(board)
      const order = orderOf(board)
      const naive = new Map<string, Best>()
      let top: Best[] = []
      for (const { who, value, at } of rides) {
        const mine = best(`rider-${who}`, value, { at })
        const known = naive.get(mine.competitorId)
        if (known && compare(value, known.value) >= 0) continue
        naive.set(mine.competitorId, mine)
        top = withBest(top, mine, order, 4)
      }
      expect(top).toEqual([...naive.values()].sort(order).slice(0, 4))
    })
  )
})

test('who has no place, was driven by another or is nobody that is known brings nothing', () => {
  const rows: Row[] = [
    rowOf(1, { rank: 1, value: 9 }),
    rowOf(2, { rank: null, value: 8, status: 'dsq' }),
    rowOf(3, { rank: 2, value: 7, proxy: true }),
    rowOf(4, { rank: 3, value: 6 }),
    rowOf(5, { rank: null, value: null })
  ]
  const who = new Map([1, 2, 3, 5].map(bib => [bib, { competitorId: `rider-${bib}`, class: 'A' }]))
  expect(candidates(rows, who, { raceId: 'evening-race', at: 5 })).toEqual([
    best('rider-1', 9, { class: 'A', at: 5 })
  ])
})

test('a record falls to what is better, for all and by class, and to everybody who shares it', () => {
  const bests = [
    best('a', 7_400, { bib: 1, class: 'A' }),
    best('b', 7_500, { bib: 2, class: 'B' }),
    best('c', 7_400, { bib: 3, class: 'A' })
  ]
  const before = [
    { class: '', value: 7_450 },
    { class: 'A', value: 7_400 },
    { class: 'B', value: null },
    { class: 'C', value: 7_000 }
  ]
  expect(fallen('fastest-lap', bests, before)).toEqual([
    { bib: 1, class: '', value: 7_400, before: 7_450 },
    { bib: 3, class: '', value: 7_400, before: 7_450 },
    { bib: 2, class: 'B', value: 7_500, before: null }
  ])
})
