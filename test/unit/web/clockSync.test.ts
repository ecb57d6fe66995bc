import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GOOD_MS, offsetOf, openServerClock } from '../../../web/seat/serverClock.ts'
import { createStartGun } from '../../../web/seat/startGun.ts'
import { between, createRandom } from '../../simulators/random.ts'

const CLIENTS = 100
const SKEW_MS = 2_000
const ROUND_TRIP_MS = [10, 150] as const
const STARTS_IN_MS = 8_000
const SPREAD_MS = 50

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }))
afterEach(() => void vi.useRealTimers())

const wait = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** A client that sees its own skewed clock alone, and a server behind a network whose ways take as long as they like. */
function newClient(seed: number, number: number) {
  const random = createRandom(seed, number)
  const skew = between(random, -SKEW_MS, SKEW_MS)
  const now = () => Date.now() + skew
  const ask = async () => {
    const roundTrip = between(random, ...ROUND_TRIP_MS)
    const there = roundTrip * random()
    await wait(there)
    const told = Math.floor(Date.now())
    await wait(roundTrip - there)
    return told
  }
  return { skew, now, clock: openServerClock({ ask, now }) }
}

test('a hundred clients with clocks up to 2 s wrong start within 50 ms of one another, whatever their networks do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(1_000_000), async seed => {
      vi.clearAllTimers()
      const startsAt = Date.now() + STARTS_IN_MS
      const fired: number[] = []
      const clients = Array.from({ length: CLIENTS }, (_, number) => newClient(seed, number))
      const guns = clients.map(({ clock }) => {
        const gun = createStartGun(clock, () => fired.push(Date.now()))
        gun.set(startsAt)
        return gun
      })
      // A clock that knows nothing yet may think that the start has been.
      await vi.advanceTimersByTimeAsync(STARTS_IN_MS + 200)
      for (const part of [...guns, ...clients.map(({ clock }) => clock)]) part.close()
      expect(fired).toHaveLength(CLIENTS)
      expect(Math.max(...fired) - Math.min(...fired)).toBeLessThanOrEqual(SPREAD_MS)
      expect(Math.abs((fired[0] ?? 0) - startsAt)).toBeLessThanOrEqual(SPREAD_MS)
    }),
    { numRuns: 12 }
  )
})

test('a clock is never further off than it says', () => {
  const way = fc.double({ min: 0, max: 75, noNaN: true })
  const probe = fc.record({
    at: fc.double({ min: 0, max: 60_000, noNaN: true }),
    there: way,
    back: way
  })
  const skew = fc.double({ min: -SKEW_MS, max: SKEW_MS, noNaN: true })
  fc.assert(
    fc.property(fc.array(probe, { minLength: 1, maxLength: 20 }), skew, (probes, skew) => {
      const { offset, error } = offsetOf(
        probes.map(({ at, there, back }) => ({
          askedAt: at + skew,
          cameAt: at + there + back + skew,
          serverNow: Math.floor(at + there)
        }))
      )
      expect(Math.abs(offset + skew)).toBeLessThanOrEqual(error + 1e-6)
    })
  )
})

test('more probes never make a clock worse', () => {
  const probes = [
    { askedAt: 0, cameAt: 100, serverNow: 1_090 },
    { askedAt: 200, cameAt: 300, serverNow: 1_210 }
  ]
  const [first, second] = probes.map(probe => offsetOf([probe]).error)
  const both = offsetOf(probes)
  expect(both.error).toBeLessThan(Math.min(first ?? 0, second ?? 0))
  expect(both.offset).toBeCloseTo(1_000, -1.5)
})

test('probes that contradict one another leave the word to the shortest round trip', () => {
  const { offset } = offsetOf([
    { askedAt: 0, cameAt: 10, serverNow: 5_005 },
    { askedAt: 100, cameAt: 400, serverNow: 90 }
  ])
  expect(offset).toBeCloseTo(5_000, -1)
})

test('a clock that was set, as by a sleep, is found again by the next round', async () => {
  let jump = 0
  const now = () => Date.now() + jump
  const clock = openServerClock({ now, ask: async () => Math.floor(Date.now()) })
  await vi.advanceTimersByTimeAsync(1_000)
  jump = -30_000
  const probed = clock.probe()
  await vi.advanceTimersByTimeAsync(5_000)
  await probed
  clock.close()
  expect(Math.abs(clock.now() - Date.now())).toBeLessThanOrEqual(GOOD_MS)
})

test('without an answer the clock is the page’s own, says so, and asks again', async () => {
  let isDown = true
  const clock = openServerClock({
    now: () => Date.now() + 500,
    ask: async () => {
      if (isDown) throw new Error('no network')
      return Date.now()
    }
  })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(clock.isSet()).toBe(false)
  expect(clock.error()).toBe(Number.POSITIVE_INFINITY)
  isDown = false
  await vi.advanceTimersByTimeAsync(4_000)
  clock.close()
  expect(clock.isSet()).toBe(true)
  expect(Math.abs(clock.now() - Date.now())).toBeLessThanOrEqual(GOOD_MS)
})

test('what another request tells of the time counts as a probe', () => {
  const clock = openServerClock({ now: Date.now, ask: () => new Promise(() => undefined) })
  clock.heard(Date.now() - 20, Date.now() + 700)
  clock.close()
  expect(Math.abs(clock.now() - Date.now() - 710)).toBeLessThanOrEqual(clock.error())
})

test('a start that is moved before it comes fires once, at the later time; one withdrawn does not fire', async () => {
  const fired: number[] = []
  const began = Date.now()
  const moved = createStartGun({ now: Date.now }, () => fired.push(Date.now() - began))
  moved.set(began + 1_000)
  await vi.advanceTimersByTimeAsync(600)
  moved.set(began + 3_000)
  await vi.advanceTimersByTimeAsync(3_000)
  moved.set(began + 5_000)
  const withdrawn = createStartGun({ now: Date.now }, () => fired.push(-1))
  withdrawn.set(began + 4_000)
  withdrawn.set(null)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(fired).toEqual([3_000])
})
