import * as v from 'valibot'
import { afterAll, expect, test } from 'vitest'
import { type GameReading, RiderBody } from '#contract'
import { GAME_EVERY_MS } from '../../../web/seat/throttle.ts'
import { playSession, type SessionOptions } from '../../simulators/play.ts'
import { seat, startGateway, type Verdict } from './gateway.ts'

const PLAYERS = 4
const SECONDS = 3
const opened: Array<() => Promise<void>> = []
afterAll(async () => {
  for (const close of opened.splice(0)) await close()
})

async function session(judge: () => Verdict, options: Partial<SessionOptions> = {}) {
  let bibs = 0
  const gateway = await startGateway(({ path }) =>
    path.endsWith('/seats') ? seat('game-1', ++bibs) : judge()
  )
  opened.push(gateway.close)
  const startsAt = Date.now() + 200
  const account = await playSession({
    ...{ gateway: gateway.url, raceId: 'game-1', players: PLAYERS, seed: 3, now: Date.now },
    ...{ startsAt, endsAt: startsAt + SECONDS * 1_000 },
    ...options
  })
  return { account, startsAt, arrivals: gateway.arrivals }
}
const fine = (): Verdict => ({ status: 201 })
const raised = (readings: GameReading[]) =>
  readings.every(({ score, shots, trial }, i) => {
    const before = readings[i - 1]
    return !before || trial > before.trial || (score >= before.score && shots >= before.shots)
  })

test('players send what the contract takes, within the session, throttled, the last status included', async () => {
  const { account, startsAt, arrivals } = await session(fine)
  for (const { body, path } of arrivals.filter(({ path }) => path.endsWith('/telemetry'))) {
    expect(v.safeParse(RiderBody, JSON.parse(body)).issues).toBeUndefined()
    expect(path).toBe('/races/game-1/telemetry')
  }
  expect(account.riders).toHaveLength(PLAYERS)
  expect(account).toMatchObject({ played: PLAYERS, lastArrived: PLAYERS, unanswered: 0 })
  expect(account.kept).toBe(account.sent)
  expect(account.raw).toBeGreaterThan(account.kept)
  // The first, one for each pause of the throttle, and the last.
  const most = PLAYERS * ((SECONDS * 1_000) / GAME_EVERY_MS + 2)
  expect(account.kept).toBeLessThanOrEqual(most)
  for (const { acknowledged } of account.riders) {
    expect(acknowledged.map(({ seq }) => seq)).toEqual(acknowledged.map((_, i) => i))
    expect(raised(acknowledged)).toBe(true)
    for (const { t } of acknowledged) {
      expect(t >= startsAt && t <= startsAt + SECONDS * 1_000).toBe(true)
    }
  }
})

test('faults lose nothing, and a wrong clock shows in the readings alone', async () => {
  const { account, startsAt } = await session(fine, {
    faults: { duplicates: 0.3, late: 0.2, outOfOrder: 0.2 },
    clocks: new Map([[1, -40_000]])
  })
  expect(account.sent).toBeGreaterThan(account.kept)
  expect(account.lastArrived).toBe(PLAYERS)
  const [wrong] = account.riders.filter(({ skewMs }) => skewMs !== 0)
  for (const { t } of wrong!.acknowledged) expect(t).toBeLessThan(startsAt)
  const distinct = account.riders.map(rider => new Set(rider.acknowledged.map(({ seq }) => seq)))
  expect(distinct.reduce((sum, { size }) => sum + size, 0)).toBe(account.kept)
})

test('a last status that nobody took is missed', async () => {
  const { account } = await session(() => ({ status: 400 }))
  expect(account).toMatchObject({ played: PLAYERS, lastArrived: 0, acknowledged: 0 })
})
