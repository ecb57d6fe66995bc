import * as v from 'valibot'
import { afterAll, describe, expect, it } from 'vitest'
import { type RideReading, RiderBody, SeatRequest } from '#contract'
import { type RideOptions, rideRace } from '../../simulators/ride.ts'
import { type Arrival, seat, startGateway, type Verdict } from './gateway.ts'

const RIDERS = 5
const SECONDS = 2
const opened: Array<() => Promise<void>> = []
afterAll(async () => {
  for (const close of opened.splice(0)) await close()
})

const isSeat = ({ path }: Arrival) => path.endsWith('/seats')
const readingsOf = ({ body }: Arrival): RideReading[] => [JSON.parse(body)].flat()
const key = ({ seq }: RideReading) => seq

async function race(
  judge: (arrival: Arrival, count: number) => Verdict,
  options: Partial<RideOptions> = {}
) {
  let bibs = 0
  const gateway = await startGateway((arrival, count) => {
    const verdict = judge(arrival, count)
    const fine = typeof verdict === 'object' && verdict.status === 201
    return fine && isSeat(arrival) ? seat('ride-1', ++bibs) : verdict
  })
  opened.push(gateway.close)
  const startsAt = Date.now() + 200
  const account = await rideRace({
    gateway: gateway.url,
    raceId: 'ride-1',
    riders: RIDERS,
    seed: 3,
    now: Date.now,
    startsAt,
    endsAt: startsAt + SECONDS * 1_000,
    ...options
  })
  const telemetry = gateway.arrivals.filter(arrival => !isSeat(arrival))
  return { account, startsAt, telemetry, seats: gateway.arrivals.filter(isSeat) }
}
const fine = (): Verdict => ({ status: 201 })
const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((all, count) => all + count, 0)

describe.concurrent('a ride through the gateway', () => {
  it('sends every rider’s reading once a second, the last one at the end', async () => {
    const { account, startsAt, telemetry, seats } = await race(fine)
    for (const { body } of seats) v.parse(SeatRequest, JSON.parse(body))
    expect(account).toMatchObject({ sent: 10, acknowledged: 10, refused: {}, unanswered: 0 })
    expect(account.latency.totalCount).toBe(10)
    expect(account.riders.map(rider => rider.bib)).toEqual([1, 2, 3, 4, 5])
    for (const { bib, session, acknowledged } of account.riders) {
      expect(session).toBe(1_700_000_000)
      expect(acknowledged.map(key)).toEqual([0, 1])
      expect(acknowledged.at(-1)!.t).toBe(startsAt + SECONDS * 1_000)
      const own = telemetry.filter(({ token }) => token.endsWith(`.${bib}`))
      for (const { body, path } of own) {
        expect(v.safeParse(RiderBody, JSON.parse(body)).issues).toBeUndefined()
        expect(path).toBe('/races/ride-1/telemetry')
      }
      expect(own.flatMap(readingsOf)).toEqual(acknowledged)
    }
  })

  it('keeps an exact account over a gateway that drops, refuses for a while and refuses for good', async () => {
    const taken = new Map<string, RideReading[]>()
    let refused = 0
    const acks: number[] = []
    const { account } = await race(
      (arrival, count) => {
        if (count % 7 === 3) return 'drop'
        if (count % 7 === 5) return { status: 429, headers: { 'retry-after': '0' } }
        if (isSeat(arrival)) return fine()
        if (count % 7 === 6) {
          refused += readingsOf(arrival).length
          return { status: 400, body: { type: 'https://grandstand.example/problems/bad-body' } }
        }
        const own = taken.get(arrival.token) ?? []
        taken.set(arrival.token, [...own, ...readingsOf(arrival)])
        return fine()
      },
      { onAck: ({ readings }) => acks.push(...readings.map(key)) }
    )
    expect(refused).toBeGreaterThan(0)
    expect(account.refused).toEqual({ '400 bad-body': refused })
    expect(account.sent).toBe(account.acknowledged + sum(account.refused) + account.unanswered)
    expect(account.sent).toBe(RIDERS * SECONDS)
    expect(account.unanswered).toBe(0)
    expect(acks).toHaveLength(account.acknowledged)
    for (const { bib, acknowledged } of account.riders) {
      const [, own = []] = [...taken].find(([token]) => token.endsWith(`.${bib}`)) ?? []
      expect(acknowledged).toEqual(own)
    }
  })

  it('counts deliberate repetitions and loses nothing to disorder', async () => {
    const faults = { duplicates: 0.5, outOfOrder: 0.3, late: 0.2 }
    const { account } = await race(fine, { faults })
    expect(account.sent).toBeGreaterThan(RIDERS * SECONDS)
    expect(account.acknowledged).toBe(account.sent)
    for (const { acknowledged } of account.riders) {
      expect([...new Set(acknowledged.map(key))].sort()).toEqual([0, 1])
    }
  })

  it('waits for a race that is not open yet, and says who got no seat', async () => {
    const notOpen = { type: 'https://grandstand.example/problems/race-not-open' }
    const full = { type: 'https://grandstand.example/problems/race-full' }
    let granted = 0
    const { account } = await race((arrival, count) => {
      if (!isSeat(arrival)) return fine()
      if (count === 1) return { status: 409, body: notOpen }
      return ++granted > 3 ? { status: 409, body: full } : fine()
    })
    expect(account.riders).toHaveLength(3)
    expect(account.seatless).toEqual({ '409 race-full': 2 })
  })

  it('stops at the signal and gives up what has no answer', async () => {
    const stop = new AbortController()
    const { account } = await race(
      arrival => {
        if (isSeat(arrival)) return fine()
        setTimeout(() => stop.abort(), 50)
        return 'hang'
      },
      { signal: stop.signal }
    )
    expect(account.acknowledged).toBe(0)
    expect(account.sent).toBeGreaterThan(0)
    expect(account.unanswered).toBe(account.sent)
    const parts = account.riders.flatMap(rider => rider.unanswered)
    expect(parts).toHaveLength(account.unanswered)
  })
})
