import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeadLetter, FactOf, Head, Problem, RideReading, Seat, Series } from '#contract'
import { openCalls } from './officialCalls.ts'
import { boardOf, eventually, type Product, shortRide, startProduct } from './product.ts'

const SECOND = 1_000
let product: Product
let calls: Awaited<ReturnType<typeof openCalls>>

beforeAll(async () => {
  product = await startProduct()
  calls = await openCalls(product)
})
afterAll(() => product?.close())

const boardWith = (raceId: string, wanted: (head: Head) => boolean) =>
  boardOf(product, raceId, wanted)

/** A race of its own that begins soon and rides for so many seconds. */
async function ride(raceId: string, seconds: number): Promise<Head> {
  const format = { kind: 'ride', metric: 'distance' } as const
  await product.office.scheduleRide(shortRide(raceId, { startsIn: 3, seconds }, format))
  return boardWith(raceId, ({ phase }) => phase === 'running')
}

async function seatIn(raceId: string): Promise<Seat> {
  const answer = await fetch(`${product.cloud.url}/races/${raceId}/seats`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"nickname":"Ada"}'
  })
  expect(answer.status).toBe(201)
  return answer.json() as Promise<Seat>
}

/** Rides one second more; the reading's number is `seq`. */
async function send({ raceId, token }: Seat, seq: number): Promise<number> {
  const reading: RideReading = {
    ...{ seq, t: Date.now(), cadence: 80, resistance: 40, power: 150 },
    ...{ distance: 5_000 * (seq + 1), work: 150 * (seq + 1) }
  }
  const answer = await fetch(`${product.cloud.url}/races/${raceId}/telemetry`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(reading)
  })
  return answer.status
}

test('a series runs by itself, each race opening while the one before is raced', async () => {
  const series = {
    ...{ seriesId: 'lunch', races: 2, startsAt: Date.now() + 4 * SECOND, everyMs: 10 * SECOND },
    openMs: 9 * SECOND,
    race: {
      ...{ name: 'Lunch ride', format: { kind: 'ride', metric: 'distance' }, capacity: 20 },
      course: { courseId: 'flat-road', name: 'Flat road' },
      timetable: {
        ...{ durationMs: 6 * SECOND, countdownMs: 2 * SECOND },
        ...{ backlogMs: SECOND, protestMs: SECOND }
      }
    }
  }
  const made = await calls.ask<Series>('POST', '/series', 201, { body: series })
  expect(made).toEqual({ seriesId: 'lunch', races: ['lunch-1', 'lunch-2'] })
  expect(await calls.ask('POST', '/series', 200, { body: series })).toEqual(made)
  const other = await calls.ask<Problem>('POST', '/series', 409, {
    body: { ...series, race: { ...series.race, capacity: 21 } }
  })
  expect(other.errors?.[0]?.pointer).toBe('/capacity')

  await boardWith('lunch-1', ({ phase }) => phase === 'running')
  const next = await boardWith('lunch-2', ({ phase }) => phase !== 'scheduled')
  expect(next).toMatchObject({ name: 'Lunch ride 2', startsAt: series.startsAt + 10 * SECOND })
  const [first, second] = await Promise.all(
    made.races.map(raceId => boardWith(raceId, ({ phase }) => phase === 'official'))
  )
  expect([first?.endsAt, second?.startsAt]).toEqual([
    series.startsAt + 6 * SECOND,
    series.startsAt + 10 * SECOND
  ])
})

test('a running race is raced to its new end, and readings beyond the old one count', async () => {
  const { endsAt } = await ride('extended', 8)
  const end = (endsAt ?? 0) + 5 * SECOND
  const seat = await seatIn('extended')
  const extension = { body: { endsAt: end } }
  const path = '/races/extended/extension'
  const fact = await calls.ask<FactOf<'extend'>>('POST', path, 201, extension)
  expect(fact).toMatchObject({ kind: 'extend', endsAt: end, actor: calls.actorOf('admin') })
  expect(await calls.ask('POST', path, 201, extension)).toEqual(fact)
  await boardWith('extended', head => head.endsAt === end && head.phaseEndsAt === end)
  await pause((endsAt ?? 0) + SECOND - Date.now())
  expect(await send(seat, 0)).toBe(202)
  await boardWith('extended', ({ top }) => top[0]?.value === 5_000)
  const over = await boardWith('extended', ({ phase }) => phase === 'provisional')
  expect([over.endsAt, over.top[0]?.value]).toEqual([end, 5_000])
  const late = { body: { endsAt: Date.now() + 60 * SECOND } }
  expect((await calls.ask<Problem>('POST', path, 409, late)).detail).toContain(
    'only a running race'
  )
})

test('after an abort readings are kept apart with that reason', async () => {
  await ride('aborted', 60)
  const seat = await seatIn('aborted')
  expect(await send(seat, 0)).toBe(202)
  await boardWith('aborted', ({ top }) => top[0]?.value === 5_000)
  await calls.ask('POST', '/races/aborted/steps/abort', 201)
  await boardWith('aborted', ({ phase }) => phase === 'aborted')
  // The token may still hold; what it carries does not count.
  expect([202, 401]).toContain(await send(seat, 1))
  const letters = await eventually('the dead letter', async () => {
    const { resources } = await product
      .container('deadLetters')
      .items.query<DeadLetter>('SELECT * FROM c', { partitionKey: `aborted.${seat.bib}` })
      .fetchAll()
    return resources.length > 0 ? resources : undefined
  })
  expect(letters.map(({ reason }) => reason)).toEqual(['aborted'])
  const head = await boardWith('aborted', () => true)
  expect(head.top[0]?.value).toBe(5_000)
})
