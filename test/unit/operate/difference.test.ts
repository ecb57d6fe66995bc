import { expect, test } from 'vitest'
import type { Row } from '#contract'
import { canonical, firstDifference } from '../../../infra/operate/difference.ts'

const row = (bib: number, value: number): Row => ({
  bib,
  rank: bib,
  tied: false,
  status: 'finished',
  value,
  at: 1,
  gap: 0,
  interval: null,
  lapsDown: 0,
  laps: 1,
  last: null
})

test('the order of the parts of a row makes no difference', () => {
  const { bib, ...rest } = row(1, 10)
  expect(firstDifference([row(1, 10)], [{ ...rest, bib }])).toBeUndefined()
  expect(canonical({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}')
})

test('the first row that differs is told, from both', () => {
  const told = firstDifference([row(1, 10), row(2, 9)], [row(1, 10), row(2, 8)])
  expect(told).toMatch(/^Row 2 differs/)
  expect(told).toContain('"value":9')
  expect(told).toContain('"value":8')
})

test('a row that is missing, or one too many, is a difference', () => {
  expect(firstDifference([row(1, 10)], [])).toContain('rebuilt:  there is none')
  expect(firstDifference([], [row(1, 10)])).toContain('original: there is none')
})

test('the order of the rows makes one', () => {
  expect(firstDifference([row(1, 9), row(2, 9)], [row(2, 9), row(1, 9)])).toMatch(/^Row 1/)
})
