import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CourseBoard } from '#contract'
import { gamePart, ridePart } from '../simulators/parts.ts'
import { localProcesses } from '../simulators/processes.ts'
import { faultsOf, type Outcome, simulate } from '../simulators/simulation.ts'
import { eventually, type Product, startProduct } from './product.ts'

const RIDERS = 24
const PLAYERS = 12
const SECONDS = 8
const EVENTS_PER_SECOND = 53
/** Two people's clocks are wrong by more than such a race is long. */
const RIGHT_CLOCKS = RIDERS - 2

let product: Product
let outcomes: Outcome[]
const racing: string[] = []

beforeAll(async () => {
  product = await startProduct()
  const { gateway, tokenEndpoint, apiAudience, accounts } = product.endpoints
  const admin = accounts.find(({ role }) => role === 'admin') ?? expect.fail('no admin')
  const size = { seconds: SECONDS, backlogMs: 6_000 }
  outcomes = await simulate({
    ...{
      gateway,
      tokenEndpoint,
      apiAudience,
      admin,
      seed: 7,
      signal: new AbortController().signal
    },
    parts: [
      ridePart({ ...size, people: RIDERS, races: 2 }, 'distance'),
      gamePart({ ...size, people: PLAYERS, races: 1 }, EVENTS_PER_SECOND)
    ],
    faults: { duplicates: 0.05, late: 0.05, outOfOrder: 0.05 },
    racing: is => racing.push(is)
  })
}, 240_000)
afterAll(() => product?.close())

test('every figure of every final is what was acknowledged: nothing lost, nothing twice', () => {
  expect(faultsOf(outcomes)).toEqual([])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['ride', 'ride', 'game'])
  for (const { due, counted, lost, double, unknown } of outcomes) {
    expect({ counted, lost, double, unknown }).toEqual({
      ...{ counted: due, lost: 0, double: 0, unknown: 0 }
    })
  }
  expect(racing).toEqual(['on', 'over'])
})

test('the faults were made: repetitions went out, and wrong clocks were ruled out', () => {
  const rides = outcomes.filter(({ kind }) => kind === 'ride')
  for (const { distinct, due, ruledOut } of rides) {
    expect(distinct).toBe(RIDERS * SECONDS)
    expect(due).toBe(RIGHT_CLOCKS * SECONDS)
    expect(ruledOut).toBe((RIDERS - RIGHT_CLOCKS) * SECONDS)
  }
  const sent = rides.reduce((sum, ride) => sum + ride.sent, 0)
  expect(sent).toBeGreaterThan(rides.length * RIDERS * SECONDS)
})

test('of the players’ events a status every 300 ms is sent, and the last one always', () => {
  const { game, distinct } = outcomes.find(({ kind }) => kind === 'game') ?? expect.fail()
  const { raw, kept, played, lastArrived } = game ?? expect.fail()
  expect([played, lastArrived]).toEqual([PLAYERS, PLAYERS])
  expect(distinct).toBe(kept)
  expect(raw).toBeGreaterThan(kept)
  expect(raw).toBeLessThan(PLAYERS * SECONDS * EVENTS_PER_SECOND * 1.1)
})

test('a screen saw the values come', () => {
  for (const { frames, eventToFrame } of outcomes) {
    expect(frames).toBeGreaterThan(0)
    expect(eventToFrame.p50).toBeGreaterThan(0)
  }
})

test('the same people rode twice: each has one best on the course', async () => {
  const board = await eventually('the board of both rides', async () => {
    const answer = await product.get(`/courses/simulated-road/board?board=distance-${SECONDS}`)
    if (!answer.ok) return undefined
    const board = (await answer.json()) as CourseBoard
    const races = new Set(board.rows.map(({ raceId }) => raceId))
    return races.size === 2 ? board : undefined
  })
  expect(board.of).toBe(RIGHT_CLOCKS)
})

test('the local cloud’s processes are found by the folder that they work in', () => {
  const parts = [...product.cloud.parts.values()].map(part => part.pid())
  const found = localProcesses(product.cloud.plan.dir)
  expect(found.map(({ pid }) => pid)).toEqual(expect.arrayContaining(parts))
  expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['aggregate', 'cosmos']))
})
