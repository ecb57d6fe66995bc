import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type DeadLetter,
  type Fact,
  type GameReading,
  Problem,
  type Row,
  Seat,
  type SeatItem
} from '#contract'
import { screenLink } from '../../infra/local/screenLink.ts'
import { type Answer, type Door, openDoor } from '../simulators/door.ts'
import { createOutbox } from '../simulators/outbox.ts'
import { createRandom } from '../simulators/random.ts'
import { forged, unsigned } from '../smoke/forgery.ts'
import { openCalls } from './officialCalls.ts'
import { boardOf, eventually, type Product, shortRide, startProduct } from './product.ts'

const SECOND = 1_000
const GAME = { kind: 'game' } as const
/** The session that most of it happens in, one that is soon over, another one, and one that everybody wants to join. */
const ROOM = 'room'
const SHORT = 'short'
const OTHER = 'other'
const CROWDED = 'crowded'
const JOINS = 1_000
const SEATS = 100

let product: Product
let door: Door
let calls: Awaited<ReturnType<typeof openCalls>>
let shortEndsAt = 0

beforeAll(async () => {
  product = await startProduct()
  door = openDoor(product.cloud.url)
  calls = await openCalls(product)
  const hour = { startsIn: 3_600 }
  const races = [
    shortRide(OTHER, hour, GAME),
    shortRide(CROWDED, { ...hour, capacity: SEATS }, GAME),
    shortRide(ROOM, { startsIn: 4, seconds: 240 }, GAME),
    shortRide(SHORT, { startsIn: 4, seconds: 5, backlog: 15 }, GAME)
  ]
  shortEndsAt = (races[3]?.timetable.startsAt ?? 0) + 5 * SECOND
  for (const race of races) await product.office.scheduleRide({ ...race, idleMs: 600_000 })
  for (const { raceId } of races) {
    await boardOf(product, raceId, ({ phase }) => phase !== 'scheduled')
  }
})
afterAll(async () => {
  door?.close()
  await product?.close()
})

async function seatIn(raceId: string, nickname: string): Promise<Seat> {
  const answer = await door.post(`/races/${raceId}/seats`, JSON.stringify({ nickname }))
  expect(answer).toMatchObject({ status: 201 })
  return v.parse(Seat, JSON.parse(answer.body))
}
const played = (seq: number, score: number, shots: number): GameReading => ({
  ...{ seq, t: Date.now(), score, shots, level: 1, lives: 3, trial: 0 }
})
const send = (
  { raceId }: Pick<Seat, 'raceId'>,
  body: object,
  token: string | undefined
): Promise<Answer> => door.post(`/races/${raceId}/telemetry`, JSON.stringify(body), token)
const said = ({ status, body }: Answer) => [
  status,
  v.parse(Problem, JSON.parse(body)).type.split('/').at(-1)
]
/** The seat's row once it is as wanted. */
const rowWith = ({ raceId, bib }: Seat, wanted: (row: Row) => boolean): Promise<Row> =>
  eventually(`the row of ${bib}`, async () => {
    const head = await boardOf(product, raceId, () => true)
    return head.top.find(row => row.bib === bib && wanted(row))
  })
const lettersOf = ({ raceId, bib }: Seat) =>
  eventually('the dead letter', async () => {
    const { resources } = await product
      .container('deadLetters')
      .items.query<DeadLetter>('SELECT * FROM c', { partitionKey: `${raceId}.${bib}` })
      .fetchAll()
    return resources.length > 0 ? resources : undefined
  })

test('readings after the finish are kept apart, and once the token has ended nobody takes them', async () => {
  const seat = await seatIn(SHORT, 'Late')
  await boardOf(product, SHORT, ({ phase }) => phase === 'running')
  expect((await send(seat, played(0, 10, 1), seat.token)).status).toBe(202)
  await pause(shortEndsAt + SECOND - Date.now())
  expect((await send(seat, played(1, 99, 9), seat.token)).status).toBe(202)
  const letters = await lettersOf(seat)
  expect(letters.map(({ reason }) => reason)).toEqual(['after-end'])
  await boardOf(product, SHORT, ({ phase }) => phase === 'official')
  expect(await rowWith(seat, () => true)).toMatchObject({ value: 10, laps: 1 })
  const refused = await eventually('the end of the token', async () => {
    const answer = await send(seat, played(2, 99, 9), seat.token)
    return answer.status === 401 ? answer : undefined
  })
  expect(said(refused)).toEqual([401, 'session-closed'])
})

test('a token that is forged, unsigned, no seat’s or of another session is refused', async () => {
  const seat = await seatIn(ROOM, 'Honest')
  const other = await seatIn(OTHER, 'Honest')
  const tokens: [string | undefined, number, string][] = [
    [undefined, 401, 'unauthorized'],
    [await forged(seat.token), 401, 'unauthorized'],
    [unsigned(seat.token), 401, 'unauthorized'],
    [seat.pass, 401, 'unauthorized'],
    [await screenLink(product.cloud.plan, 'screen'), 401, 'unauthorized'],
    [await product.tokenOf('admin'), 401, 'unauthorized'],
    [other.token, 403, 'forbidden']
  ]
  for (const [token, status, kind] of tokens) {
    expect(said(await send(seat, played(0, 10, 1), token))).toEqual([status, kind])
  }
  expect((await send(seat, played(0, 10, 1), seat.token)).status).toBe(202)
})

test('a body that says whose it is, or is no reading, is refused', async () => {
  const seat = await seatIn(ROOM, 'Poser')
  const bodies = [
    { ...played(0, 10, 1), bib: 1 },
    { ...played(0, 10, 1), score: -1 },
    { ...played(0, 10, 1), shots: 70_000 },
    [played(0, 10, 1), { cadence: 80 }],
    Array.from({ length: 65 }, (_, seq) => played(seq, 10, 1)),
    []
  ]
  for (const body of bodies) {
    expect(said(await send(seat, body, seat.token))).toEqual([400, 'bad-body'])
  }
})

test('a batch that is replayed counts once', async () => {
  const seat = await seatIn(ROOM, 'Echo')
  await boardOf(product, ROOM, ({ phase }) => phase === 'running')
  const batch = [played(0, 10, 1), played(1, 20, 2), played(2, 40, 3)]
  for (let times = 0; times < 3; times++) {
    expect((await send(seat, batch, seat.token)).status).toBe(202)
  }
  expect((await send(seat, played(3, 50, 4), seat.token)).status).toBe(202)
  const row = await rowWith(seat, ({ value }) => value === 50)
  expect(row.laps).toBe(4)
})

test.each([
  ['more points than its shots can bring', 999_999, 10, true, 999_999],
  ['more shots than there was time for', 5_000, 60_000, false, 100]
])(
  'a score of %s is held, does not count, and is judged by an admin',
  async (what, score, shots, accepted, value) => {
    const seat = await seatIn(ROOM, what.slice(0, 20))
    await boardOf(product, ROOM, ({ phase }) => phase === 'running')
    expect((await send(seat, played(0, 100, 5), seat.token)).status).toBe(202)
    expect((await send(seat, played(1, score, shots), seat.token)).status).toBe(202)
    const held = await rowWith(seat, row => row.held !== undefined && row.value !== null)
    expect(held).toMatchObject({ value: 100, held: score, laps: 1 })

    const { bib } = seat
    const ruling = { kind: 'judge', bib, value: score, accepted, revision: 0, reason: 'watched' }
    const key = randomUUID()
    const path = `/races/${ROOM}/corrections`
    const fact = await calls.ask<Fact>('POST', path, 201, { body: ruling, key })
    expect(fact).toMatchObject({ kind: 'judge', bib, value: score, accepted })
    const judged = await rowWith(seat, row => row.held === undefined)
    expect(judged.value).toBe(value)
  }
)

test('ten times the rate is refused with Retry-After, and nothing is lost once that is obeyed', async () => {
  const seat = await seatIn(ROOM, 'Rusher')
  await boardOf(product, ROOM, ({ phase }) => phase === 'running')
  const refused: Answer[] = []
  const outcome = { acknowledged: 0, refused: 0 }
  const outbox = createOutbox<GameReading>({
    async send(batch) {
      const answer = await send(seat, batch, seat.token)
      if (answer.status === 429) refused.push(answer)
      return answer
    },
    acknowledged: batch => {
      outcome.acknowledged += batch.length
    },
    refused: batch => {
      outcome.refused += batch.length
    },
    random: createRandom(1),
    signal: new AbortController().signal
  })
  // Players send three or four a second; each of these is a request of its own.
  let seq = 0
  while (refused.length === 0 && seq < 400) {
    outbox.put(played(seq, seq, 2))
    seq++
    if (seq % 10 === 0) await outbox.settle()
    else await pause(25)
  }
  for (let more = 0; more < 30; more++, seq++) outbox.put(played(seq, seq, 2))
  expect(await outbox.settle()).toEqual([])
  expect(refused.length).toBeGreaterThan(0)
  for (const answer of refused) {
    expect(said(answer)).toEqual([429, 'too-many-requests'])
    expect(answer.retryAfterMs).toBeGreaterThan(0)
  }
  expect(outcome).toEqual({ acknowledged: seq, refused: 0 })
  const row = await rowWith(seat, ({ value }) => value === seq - 1)
  expect(row.laps).toBe(seq)
})

test('of a thousand who join from one address all are answered, and no seat is given too many', async () => {
  const join = async (number: number): Promise<Answer> => {
    const key = `join-number-${number}`
    const body = JSON.stringify({ nickname: `Player ${number}` })
    for (;;) {
      const answer = await door.post(`/races/${CROWDED}/seats`, body, undefined, key)
      // A busy machine may not answer in time: the same again is the same request.
      if (answer.status > 0 && answer.status < 500) return answer
    }
  }
  const answers = await Promise.all(Array.from({ length: JOINS }, (_, number) => join(number)))
  const given = answers.filter(({ status }) => status === 201)
  const bibs = given.map(({ body }) => v.parse(Seat, JSON.parse(body)).bib)
  expect(new Set(bibs).size).toBe(SEATS)
  expect(given).toHaveLength(SEATS)
  const refusals = answers.filter(({ status }) => status !== 201).map(said)
  expect(refusals).toEqual(Array.from({ length: JOINS - SEATS }, () => [409, 'race-full']))
  const query = `SELECT * FROM c WHERE c.kind = 'seat'`
  const { resources } = await product
    .container('seats')
    .items.query<SeatItem>(query, { partitionKey: CROWDED })
    .fetchAll()
  expect(resources).toHaveLength(SEATS)
})
