import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Operations, SYNTHETIC_RACE } from '#contract'
import { openCalls } from './officialCalls.ts'
import { boardOf, eventually, type Product, shortRide, startProduct } from './product.ts'

let product: Product
let calls: Awaited<ReturnType<typeof openCalls>>

beforeAll(async () => {
  product = await startProduct()
  calls = await openCalls(product)
})
afterAll(() => product?.close())

/** What an operator sees, once it satisfies `wanted`. */
const operationsWith = (wanted: (seen: Operations) => boolean, withinMs = 30_000) =>
  eventually(
    'the operator’s view',
    async () => {
      const seen = await calls.ask<Operations>('GET', '/operations', 200)
      return wanted(seen) ? seen : undefined
    },
    { withinMs, everyMs: 1_000 }
  )

test('the pipeline says how far it is, of each partition and of each race that lives', async () => {
  await product.office.scheduleRide(shortRide('pulsing', { startsIn: 1, seconds: 60 }))
  await boardOf(product, 'pulsing', ({ phase }) => phase === 'running')
  const { pulse, asOf } = await operationsWith(seen =>
    Boolean(seen.pulse?.races.some(({ windows }) => windows > 2))
  )
  expect(pulse?.partitions).toHaveLength(16)
  expect(pulse?.races).toMatchObject([{ raceId: 'pulsing', phase: 'running' }])
  expect(asOf).toBeGreaterThanOrEqual(pulse?.at ?? Number.NaN)
})

test('an operator is told why readings did not count', async () => {
  const letter = { source: 'pulsing.1', detail: 'x', body: '', enqueuedAt: 7 }
  const letters = product.container('deadLetters').items
  for (const [id, reason] of Object.entries({ a: 'too-late', b: 'too-late', c: 'aborted' }))
    await letters.create({ ...letter, id, reason })
  const { deadLetters } = await operationsWith(seen => seen.deadLetters.length === 2)
  expect(deadLetters).toEqual([
    { reason: 'too-late', count: 2, newestAt: 7 },
    { reason: 'aborted', count: 1, newestAt: 7 }
  ])
})

test('only admins see it', async () => {
  await calls.ask('GET', '/operations', 403, { as: 'timekeeper' })
})

test('the synthetic rider comes from the public door to the screen, and keeps its seat', async () => {
  const race = {
    ...{ id: SYNTHETIC_RACE, raceId: SYNTHETIC_RACE, name: 'Synthetic rider', unlisted: true },
    format: { kind: 'ride', metric: 'distance' },
    course: { courseId: SYNTHETIC_RACE, name: 'Synthetic rider' },
    ...{ capacity: 10, idleMs: 180_000, attended: true, timetable: {} }
  }
  await calls.ask('POST', '/races', 201, { body: race })
  await calls.ask('POST', `/races/${SYNTHETIC_RACE}/steps/open`, 201)
  await boardOf(product, SYNTHETIC_RACE, ({ phase }) => phase === 'open')
  await calls.ask('POST', `/races/${SYNTHETIC_RACE}/steps/start`, 201)
  await boardOf(product, SYNTHETIC_RACE, ({ phase }) => phase === 'running')
  const { latencies } = await operationsWith(seen => seen.latencies.length === 2, 150_000)
  for (const { ms } of latencies) expect(ms).toBeGreaterThan(0)
  const head = await boardOf(product, SYNTHETIC_RACE, () => true)
  expect(head.top).toMatchObject([{ bib: 1, laps: 2 }])
}, 200_000)
