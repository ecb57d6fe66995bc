import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  CourseBoard,
  CourseRecord,
  Ghost,
  Ghosts,
  PersonalBest,
  Problem,
  RaceResults,
  Seat,
  ServerTime
} from '#contract'
import { boardOf, eventually, type Product, shortRide, startProduct } from './product.ts'

const RACES = ['evening-1', 'evening-2'] as const
const SECONDS = 6
const BOARD = `distance-${SECONDS}`
/** Millimetres a second of each rider in both races; the fourth one is as fast as the second one was. */
const RIDERS = [
  { class: 'A', speeds: [9_000, 8_000] },
  { class: 'A', speeds: [7_000, 11_000] },
  { class: 'B', speeds: [6_000, 6_000] },
  { class: 'B', speeds: [5_000, 5_600] },
  { class: 'B', speeds: [5_600, 4_000] }
]

let product: Product
/** Seats by race, in the order of the riders. */
const seats: Seat[][] = []
const startsAt: number[] = []

const distanceAt = (speed: number, second: number) => Math.round(speed * (second + 0.5))
const wayOf = (speed: number) => Array.from({ length: SECONDS }, (_, s) => distanceAt(speed, s))
const finalOf = (speed: number) => distanceAt(speed, SECONDS - 1)
const read = async <T>(path: string): Promise<T> => {
  const answer = await product.get(path)
  expect([path, answer.status]).toEqual([path, 200])
  return (await answer.json()) as T
}
const post = (path: string, body: object, token?: string) =>
  fetch(`${product.cloud.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {})
    },
    body: JSON.stringify(body)
  })

beforeAll(async () => {
  product = await startProduct()
  for (const [i, raceId] of RACES.entries()) {
    const format = { kind: 'ride', metric: 'distance' } as const
    const race = shortRide(raceId, { startsIn: 8 + i * 9, seconds: SECONDS, backlog: 8 }, format)
    startsAt.push(race.timetable.startsAt!)
    expect(await product.office.scheduleRide(race)).toBe(true)
  }
  for (const [i, raceId] of RACES.entries()) {
    await boardOf(product, raceId, head => head.phase !== 'scheduled')
    const own: Seat[] = []
    for (const [number, rider] of RIDERS.entries()) {
      const pass = seats[i - 1]?.[number]?.pass
      const card = { nickname: `Rider ${number + 1}`, class: rider.class }
      const answer = await post(`/races/${raceId}/seats`, { ...card, ...(pass ? { pass } : {}) })
      expect(answer.status).toBe(201)
      own.push((await answer.json()) as Seat)
    }
    seats.push(own)
  }
  for (const [i, raceId] of RACES.entries()) {
    await pause(Math.max(0, startsAt[i]! + SECONDS * 1_000 + 100 - Date.now()))
    await Promise.all(RIDERS.map((rider, number) => ride(i, raceId, number, rider.speeds[i]!)))
  }
}, 120_000)

afterAll(() => product?.close())

/** A whole race as one backlog, its first half twice. */
async function ride(race: number, raceId: string, number: number, speed: number): Promise<void> {
  const readings = Array.from({ length: SECONDS }, (_, second) => ({
    ...{ seq: second, t: startsAt[race]! + second * 1_000 + 500 },
    ...{ cadence: 90, resistance: 40, power: 200, distance: distanceAt(speed, second), work: 9 }
  }))
  const { token } = seats[race]![number]!
  for (const batch of [readings.slice(0, 3), readings]) {
    const answer = await post(`/races/${raceId}/telemetry`, batch, token)
    expect(answer.status).toBe(202)
  }
}

const bibOf = (race: number, number: number) => seats[race]![number]!.bib
const idOf = (number: number) => seats[0]![number]!.competitorId
const recordsOf = async (raceId: string) =>
  (await boardOf(product, raceId, head => head.records.length > 0)).records

test('who brings a pass is the same competitor in the next race', () => {
  expect(seats[1]!.map(seat => seat.competitorId)).toEqual(seats[0]!.map(seat => seat.competitorId))
})

test('records fall, for all and by class, and the board of the race says so', async () => {
  const record = (race: number, number: number, group: string, before: number | null) => {
    const value = finalOf(RIDERS[number]!.speeds[race]!)
    return { bib: bibOf(race, number), class: group, value, before } satisfies CourseRecord
  }
  expect(await recordsOf(RACES[0])).toEqual([
    record(0, 0, '', null),
    record(0, 0, 'A', null),
    record(0, 2, 'B', null)
  ])
  const until = finalOf(9_000)
  // Nobody was faster than before in class B.
  expect(await recordsOf(RACES[1])).toEqual([record(1, 1, '', until), record(1, 1, 'A', until)])
})

test('the board has the better one of each competitor, with places and names', async () => {
  const expected = [
    [1, false, 1, 11_000],
    [2, false, 0, 9_000],
    [3, false, 2, 6_000],
    [4, true, 4, 5_600],
    [4, true, 3, 5_600]
  ] as const
  const board = await eventually('both races on the board', async () => {
    const now = await read<CourseBoard>(`/courses/flat-road/board?board=${BOARD}&value=55000`)
    return now.rows.length === 5 && now.rows[0]!.raceId === RACES[1] ? now : undefined
  })
  expect(board.rows.map(row => [row.rank, row.tied, row.competitorId, row.value])).toEqual(
    expected.map(([rank, tied, number, speed]) => [rank, tied, idOf(number), finalOf(speed)])
  )
  expect(board.rows.map(({ name }) => name)).toEqual(
    expected.map(([, , number]) => `Rider ${number + 1}`)
  )
  expect(board.standing).toEqual({ value: 55_000, rank: 2, same: 0, of: 5 })
  expect(board).toMatchObject({ boards: [BOARD], classes: ['A', 'B'], of: 5 })
  const { rows } = await read<CourseBoard>(`/courses/flat-road/board?class=B`)
  expect(rows.map(row => row.competitorId)).toEqual([2, 4, 3].map(idOf))
})

test('a personal best is of its race, with its exact place', async () => {
  const best = await read<PersonalBest>(`/courses/flat-road/bests/${idOf(3)}?board=${BOARD}`)
  expect(best).toEqual({
    ...{ courseId: 'flat-road', board: BOARD, competitorId: idOf(3) },
    ...{ raceId: RACES[1], bib: bibOf(1, 3) },
    standing: { value: finalOf(5_600), rank: 4, same: 2, of: 5 }
  })
})

test('ghosts have every performance at every second, and ways are as they were ridden', async () => {
  const path = `/courses/flat-road/ghosts?board=${BOARD}`
  const ghosts = await eventually(
    'ghosts of both races',
    async () => {
      const now = await read<Ghosts>(path)
      return now.performances === 10 ? now : undefined
    },
    { withinMs: 60_000, everyMs: 1_000 }
  )
  const ways = RIDERS.flatMap(({ speeds }) => speeds.map(wayOf))
  const expected = Array.from({ length: SECONDS }, (_, second) => {
    const bins = ways.map(way => Math.floor(way[second]! / 10_000))
    const first = Math.min(...bins)
    const length = Math.max(...bins) - first + 1
    const counts = Array.from({ length }, (_, i) => bins.filter(bin => bin === first + i).length)
    return { first, counts }
  })
  expect(ghosts).toMatchObject({ width: 10_000, seconds: expected })
  const best = await read<Ghost>(`/courses/flat-road/ghosts/best?board=${BOARD}`)
  expect(best).toMatchObject({
    ...{ competitorId: idOf(1), raceId: RACES[1], bib: bibOf(1, 1), name: 'Rider 2' },
    values: wayOf(11_000)
  })
  const mine = await read<Ghost>(`/courses/flat-road/ghosts/${idOf(0)}?board=${BOARD}`)
  expect(mine).toMatchObject({ raceId: RACES[0], values: wayOf(9_000) })
  const answer = await product.get(path)
  const etag = answer.headers.get('etag') ?? ''
  expect((await product.get(path, { 'if-none-match': etag })).status).toBe(304)
})

test('results are there as JSON and as a table', async () => {
  const results = await read<RaceResults>(`/races/${RACES[0]}/results/json`)
  expect(results.validity).toBe('official')
  const named = results.rows.map(({ rank, name, class: group, value }) => [
    rank,
    name,
    group,
    value
  ])
  expect(named[0]).toEqual([1, 'Rider 1', 'A', finalOf(9_000)])
  expect(named).toHaveLength(5)
  const table = await product.get(`/races/${RACES[0]}/results/csv`)
  expect(table.headers.get('content-type')).toMatch('text/csv')
  const [, first = ''] = (await table.text()).split('\r\n')
  expect(first).toMatch(/^1,no,\d+,Rider 1,,A,finished,/)
})

test('what is not there, or no value, is a problem that says so', async () => {
  const problemOf = async (path: string) => {
    const answer = await product.get(path)
    const { detail } = (await answer.json()) as Problem
    return [answer.status, detail] as const
  }
  const [status, detail] = await problemOf('/courses/flat-road/board?board=distance-7')
  expect([status, detail]).toEqual([404, expect.stringContaining(BOARD)])
  expect((await problemOf('/courses/moon/board'))[0]).toBe(404)
  for (const query of ['value=-1', 'value=9999999999', 'page=x', 'board=A%20B']) {
    expect((await problemOf(`/courses/flat-road/board?${query}`))[0]).toBe(400)
  }
  expect((await problemOf('/courses/flat-road/ghosts'))[0]).toBe(400)
  expect((await problemOf('/races/nowhere/results/json'))[0]).toBe(404)
})

test('the time is the server’s, and nothing keeps it', async () => {
  const before = Date.now()
  const answer = await product.get('/time')
  const { now } = (await answer.json()) as ServerTime
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
  expect(answer.headers.get('cache-control')).toBe('no-store')
})
