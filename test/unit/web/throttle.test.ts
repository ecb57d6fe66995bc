import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createThrottle, GAME_EVERY_MS } from '../../../web/seat/throttle.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('gives at most one value per span, in order, and always the last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(500), { minLength: 1, maxLength: 60 }), async waits => {
      vi.clearAllTimers()
      const given: { value: number; at: number }[] = []
      const throttle = createThrottle<number>(
        GAME_EVERY_MS,
        value => given.push({ value, at: Date.now() }),
        Date.now
      )
      for (const [value, ms] of waits.entries()) {
        throttle.offer(value)
        await vi.advanceTimersByTimeAsync(ms)
      }
      await vi.advanceTimersByTimeAsync(GAME_EVERY_MS)
      expect(given.at(-1)?.value).toBe(waits.length - 1)
      expect(given.map(({ value }) => value)).toEqual(
        given.map(({ value }) => value).toSorted((a, b) => a - b)
      )
      for (const [i, { at }] of given.entries()) {
        if (i > 0) expect(at - (given[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(GAME_EVERY_MS)
      }
    })
  )
})

test('gives what waits at once when the page goes, and nothing twice', async () => {
  const given: string[] = []
  const throttle = createThrottle<string>(GAME_EVERY_MS, value => given.push(value), Date.now)
  throttle.offer('first')
  throttle.offer('between')
  throttle.offer('last')
  throttle.flush()
  throttle.flush()
  await vi.advanceTimersByTimeAsync(2 * GAME_EVERY_MS)
  expect(given).toEqual(['first', 'last'])
})
