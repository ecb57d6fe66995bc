import fc from 'fast-check'
import { expect, it } from 'vitest'
import { likelyOf, narrowed, UNKNOWN } from '../../../web/mobile/serverClock.ts'

/** A phone whose clock is wrong by `offset` polls a race that closes each second; gives what it believes. */
function believed(offset: number, polls: { after: number; delay: number }[]): number {
  let known = UNKNOWN
  let server = 1_000_000
  let askedBefore: number | undefined
  for (const { after, delay } of polls) {
    server += after
    const asked = server - offset
    known = narrowed(known, server - delay, asked + 200, askedBefore)
    askedBefore = asked
  }
  return likelyOf(known)
}

const polls = fc.array(
  fc.record({
    after: fc.integer({ min: 3_000, max: 5_000 }),
    delay: fc.integer({ min: 0, max: 3_000 })
  }),
  { minLength: 2, maxLength: 20 }
)

it('a right clock is believed, a wrong one put right to within a poll and what caches delay', () => {
  fc.assert(
    fc.property(polls, fc.integer({ min: -600_000, max: 600_000 }), (all, offset) => {
      expect(believed(0, all)).toBeCloseTo(0)
      expect(Math.abs(believed(offset, all) - offset)).toBeLessThanOrEqual(10_200)
    })
  )
})

it('a head that was closed long ago says nothing', () => {
  expect(likelyOf(narrowed(UNKNOWN, 1_000, 900_000, undefined))).toBeCloseTo(0)
})
