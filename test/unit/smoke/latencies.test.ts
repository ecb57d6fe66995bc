import { expect, test } from 'vitest'
import type { Row } from '#contract'
import { delaysOf, type Seen } from '../../smoke/latencies.ts'

const row = (bib: number, value: number | null, at: number | null): Row => ({
  bib,
  rank: 1,
  tied: false,
  status: 'running',
  value,
  at,
  gap: null,
  interval: null,
  lapsDown: 0,
  laps: 1,
  last: null
})
const seen = (at: number, window: number, ...top: Row[]): Seen => ({ at, board: { top, window } })

test('a delay is from the reading that moved a row to the board that showed it', () => {
  const boards = [seen(10_000, 0, row(1, 5, 0)), seen(12_500, 1, row(1, 9, 1_700))]
  expect(delaysOf(10_000, boards)).toEqual([800])
})

test('rows that stood still, boards of no new window and the first board tell nothing', () => {
  const first = seen(10_000, 0, row(1, 5, 0), row(2, 5, 100))
  const still = seen(12_000, 1, row(1, 5, 0), row(2, null, null))
  const same = seen(12_400, 1, row(1, 7, 300))
  expect(delaysOf(10_000, [first, still, same])).toEqual([])
})
