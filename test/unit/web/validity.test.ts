import { expect, test } from 'vitest'
import { validUntil } from '../../../web/validity.ts'
import { createWords } from '../../../web/words.ts'

const CLOSES = Date.UTC(2026, 0, 1, 14, 50)
const head = {
  validity: 'provisional',
  phase: 'provisional',
  phaseEndsAt: CLOSES,
  closedAt: 0
} as const
const said = (now: number, change = {}) =>
  validUntil({ ...head, ...change }, createWords('en'), now)

test('a provisional board says until when it may be contested, then that it waits for signatures', () => {
  expect(said(CLOSES - 1)).toMatch(/^Protests close/)
  expect(said(CLOSES)).not.toMatch(/^Protests close/)
  expect(said(CLOSES)).toBe(said(0, { phaseEndsAt: null }))
})
