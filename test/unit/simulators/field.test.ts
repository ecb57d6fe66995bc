import { afterAll, expect, test } from 'vitest'
import type { RideReading } from '#contract'
import type { FieldOptions } from '../../simulators/field.ts'
import { rideRace } from '../../simulators/ride.ts'
import { type Arrival, seat, startGateway, type Verdict } from './gateway.ts'

const SECONDS = 3
const IDLE_MS = 900
const opened: Array<() => Promise<void>> = []
afterAll(async () => {
  for (const close of opened.splice(0)) await close()
})
const isSeat = ({ path }: Arrival) => path.endsWith('/seats')
const isRenewal = ({ path }: Arrival) => path.endsWith('/renewal')

async function ride(renewal: () => Verdict, options: Partial<FieldOptions<RideReading>> = {}) {
  let bibs = 0
  const gateway = await startGateway(arrival => {
    if (isSeat(arrival)) return seat('ride-1', ++bibs, IDLE_MS)
    return isRenewal(arrival) ? renewal() : { status: 201 }
  })
  opened.push(gateway.close)
  const startsAt = Date.now() + 100
  const account = await rideRace({
    ...{ gateway: gateway.url, raceId: 'ride-1', riders: 2, seed: 3, now: Date.now },
    ...{ startsAt, endsAt: startsAt + SECONDS * 1_000 },
    ...options
  })
  return { account, arrivals: gateway.arrivals }
}

test.concurrent('a seat is renewed while the race lasts, and its readings go on with the new token', async () => {
  const next = seat('ride-1', 99, IDLE_MS)
  const { account, arrivals } = await ride(() => next)
  const renewals = arrivals.filter(isRenewal)
  expect(account.renewed).toBe(renewals.length)
  expect(renewals.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/races/ride-1/seats/1/renewal', '/races/ride-1/seats/2/renewal'])
  )
  for (const { body } of renewals) expect(body).toBe('')
  const last = arrivals.filter(({ path }) => path.endsWith('/telemetry')).at(-1)
  expect(last?.token).toMatch(/\.99$/)
  expect(account).toMatchObject({ seatless: {}, sent: 6, acknowledged: 6 })
})

test.concurrent('a seat that is not renewed any more is told, and one that failed is asked for again', async () => {
  const closed = { type: 'https://grandstand.example/problems/session-closed' }
  const { account } = await ride(() => ({ status: 401, body: closed }))
  expect(account).toMatchObject({ renewed: 0, seatless: { '401 session-closed': 2 } })
  let count = 0
  const retried = await ride(() =>
    ++count <= 2 ? { status: 503, headers: { 'retry-after': '0' } } : seat('ride-1', 9, IDLE_MS)
  )
  expect(retried.account.renewed).toBeGreaterThan(0)
  expect(retried.account.seatless).toEqual({})
})

test.concurrent('the same people bring what their earlier seats gave', async () => {
  const passes = new Map<number, string>()
  const cards = async () => {
    const { arrivals } = await ride(() => ({ status: 503 }), { passes })
    return arrivals.filter(isSeat).map(({ body }) => JSON.parse(body) as { pass?: string })
  }
  const first = await cards()
  expect(first.map(({ pass }) => pass)).toEqual([undefined, undefined])
  const kept = [...passes.values()]
  expect(kept.toSorted()).toEqual(['pass-1', 'pass-2'])
  const second = await cards()
  expect(second.map(({ pass }) => pass).toSorted()).toEqual(kept.toSorted())
  const faces = (cards: object[]) => cards.map(card => ({ ...card, pass: '' }))
  expect(faces(second)).toEqual(expect.arrayContaining(faces(first)))
})

test.concurrent('a wrong clock is in what is sent, and in nothing else', async () => {
  const { account } = await ride(() => ({ status: 503 }), { clocks: new Map([[0, 1_200_000]]) })
  const skews = account.riders.map(({ skewMs }) => skewMs)
  expect(skews.toSorted((a, b) => a - b)).toEqual([0, 1_200_000])
  const times = account.riders.map(({ acknowledged, skewMs }) =>
    acknowledged.map(({ t }) => t - skewMs)
  )
  expect(times[0]!.at(-1)).toBe(times[1]!.at(-1))
})
