import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Head } from '#contract'
import { createCall } from '../../web/call.ts'
import { createSeatApi } from '../../web/seat/seatApi.ts'
import { openServerClock } from '../../web/seat/serverClock.ts'
import { createStartGun } from '../../web/seat/startGun.ts'
import { between, createRandom } from '../simulators/random.ts'
import { boardOf, type Product, shortRide, startProduct } from './product.ts'

const CLIENTS = 100
const SKEW_MS = 2_000
const ROUND_TRIP_MS = [10, 150] as const
const SPREAD_MS = 50
const SEED = 7

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(async () => {
  await product?.close()
})

test('a hundred clients without sockets start within 50 ms of one another, though each sees its own wrong clock alone', async () => {
  const race = shortRide('sync-1', { startsIn: 20, seconds: 3 })
  await product.office.scheduleRide(race)
  await boardOf(product, 'sync-1', head => head.phase !== 'scheduled')
  const api = createSeatApi(createCall(product.cloud.url))
  const fired: number[] = []
  // What the test itself goes by, and no client sees.
  const truth = () => performance.timeOrigin + performance.now()
  const clients = Array.from({ length: CLIENTS }, (_, number) => {
    const random = createRandom(SEED, number)
    const skew = between(random, -SKEW_MS, SKEW_MS)
    /** A way to the gateway and back that takes its time. */
    const delayed = async <T>(ask: () => Promise<T>): Promise<T> => {
      const roundTrip = between(random, ...ROUND_TRIP_MS)
      const there = roundTrip * random()
      await pause(there)
      const answer = await ask()
      await pause(roundTrip - there)
      return answer
    }
    const clock = openServerClock({ ask: () => delayed(api.time), now: () => truth() + skew })
    const gun = createStartGun(clock, () => fired.push(truth()))
    return { clock, gun, delayed }
  })
  await Promise.all(
    clients.map(async ({ clock, gun, delayed }) => {
      await clock.probe()
      const head = await delayed(
        async () => (await (await product.get('/races/sync-1/standings')).json()) as Head
      )
      gun.set(head.startsAt)
    })
  )
  await expect.poll(() => fired.length, { timeout: 40_000 }).toBe(CLIENTS)
  for (const { clock, gun } of clients) {
    clock.close()
    gun.close()
  }
  expect(Math.max(...fired) - Math.min(...fired)).toBeLessThanOrEqual(SPREAD_MS)
  expect(Math.abs((fired[0] ?? 0) - (race.timetable.startsAt ?? 0))).toBeLessThanOrEqual(SPREAD_MS)
})

test.each([
  { lateJoin: 'join', status: 201 },
  { lateJoin: 'wait', status: 409 }
] as const)(
  'who comes late to a race that says $lateJoin is answered $status',
  async ({ lateJoin, status }) => {
    const raceId = `late-${lateJoin}`
    await product.office.scheduleRide({
      ...shortRide(raceId, { startsIn: 1, seconds: 30 }),
      lateJoin
    })
    await boardOf(product, raceId, ({ phase }) => phase === 'running')
    const answer = await fetch(`${product.cloud.url}/races/${raceId}/seats`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ nickname: 'Late Lemming' })
    })
    expect(answer.status).toBe(status)
  }
)
