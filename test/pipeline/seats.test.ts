import { createHash, randomUUID } from 'node:crypto'
import { WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Directory,
  type Frame,
  type Negotiation,
  Problem,
  type Race,
  Seat,
  type SeatItem
} from '#contract'
import topology from '#topology' with { type: 'json' }
import { signInPerson } from '../local/personSignIn.ts'
import { boardOf, eventually, type Product, shortRide, startProduct } from './product.ts'

const CODE = 'penny-farthing'
const FULL = 200

/** A race that waits for riders for so many minutes. */
const waiting = (raceId: string, minutes: number, changes: Partial<Race> = {}): Race => ({
  ...shortRide(raceId, { startsIn: minutes * 60 }),
  idleMs: 600_000,
  ...changes
})
const hash = createHash('sha256').update(`coded:${CODE}`).digest('hex')
const RACES = [
  waiting('open-ride', 50),
  waiting('restless', 50, { idleMs: 10_000 }),
  waiting('coded', 50, { registration: { kind: 'code', hash } }),
  waiting('signed-in', 50, { registration: { kind: 'account' } }),
  waiting('crowded', 60, { capacity: FULL }),
  waiting('after-crowded', 70)
]

let product: Product
/** Who has a seat in the crowded race. */
const crowd: Seat[] = []
beforeAll(async () => {
  product = await startProduct()
  for (const race of RACES) expect(await product.office.scheduleRide(race)).toBe(true)
  for (const { raceId } of RACES) {
    await boardOf(product, raceId, head => head.phase === 'open')
  }
})
afterAll(() => product?.close())

async function ask(
  method: string,
  path: string,
  { body, token, key }: { body?: object; token?: string; key?: string } = {}
): Promise<Response> {
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(key ? { 'idempotency-key': key } : {}),
    ...(body ? { 'content-type': 'application/json' } : {})
  }
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }
  return fetch(`${product.cloud.url}${path}`, init)
}
const asked = (raceId: string, body: object, caller: { token?: string; key?: string } = {}) =>
  ask('POST', `/races/${raceId}/seats`, { body, ...caller })
const seatIn = async (answer: Promise<Response>): Promise<Seat> => {
  const response = await answer
  const body = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${body}`)
  return v.parse(Seat, JSON.parse(body))
}
const taken = (...request: Parameters<typeof asked>) => seatIn(asked(...request))
const refused = async (answer: Promise<Response>) => {
  const response = await answer
  const problem = v.parse(Problem, await response.json())
  return [response.status, problem.type.split('/').at(-1), problem.next]
}
const renewed = ({ raceId, bib, token }: Seat) =>
  ask('POST', `/races/${raceId}/seats/${bib}/renewal`, { token })
const left = ({ raceId, bib, token }: Seat) =>
  ask('DELETE', `/races/${raceId}/seats/${bib}`, { token })

async function seatsOf(raceId: string): Promise<SeatItem[]> {
  const query = `SELECT * FROM c WHERE c.kind = 'seat'`
  const items = product.container('seats').items
  return (await items.query<SeatItem>(query, { partitionKey: raceId }).fetchAll()).resources
}

/** Asks again under the same key where a busy machine did not answer in time. */
async function askedAtLast(raceId: string, nickname: string, attempts = 5): Promise<Response> {
  const key = `key-of-${nickname.replace(' ', '-')}`
  const answer = await asked(raceId, { nickname }, { key })
  return answer.status < 500 || attempts === 1
    ? answer
    : askedAtLast(raceId, nickname, attempts - 1)
}

test('500 who ask at once for 200 seats get exactly 200, each bib once; the others hear of the next race', async () => {
  const begun = performance.now()
  const asking = Array.from({ length: 500 }, (_, i) => askedAtLast('crowded', `Rider ${i}`))
  const answers = await Promise.all(asking)
  console.info(`500 requests for 200 seats took ${Math.round(performance.now() - begun)} ms`)
  const given = answers.filter(({ status }) => status === 201)
  crowd.push(...(await Promise.all(given.map(answer => seatIn(Promise.resolve(answer))))))
  const bibs = crowd.map(({ bib }) => bib)
  const upTo = Array.from({ length: FULL }, (_, i) => i + 1)
  expect(bibs.toSorted((a, b) => a - b)).toEqual(upTo)
  const full = answers.filter(({ status }) => status === 409)
  expect(full).toHaveLength(300)
  for (const answer of full) {
    const { type, detail, next } = v.parse(Problem, await answer.json())
    expect([type.split('/').at(-1), next]).toEqual(['race-full', 'after-crowded'])
    expect(detail).toContain('after-crowded')
  }
  const seats = await seatsOf('crowded')
  expect(seats.map(({ bib }) => bib).toSorted((a, b) => a - b)).toEqual(upTo)
  await eventually('all names', async () => {
    const answer = await product.get('/races/crowded/competitors')
    if (!answer.ok) return undefined
    return ((await answer.json()) as Directory).entries.length === FULL || undefined
  })
})

test('a seat given back makes place for one, under a new bib', async () => {
  expect(await refused(asked('crowded', { nickname: 'Late' }))).toContain('race-full')
  const [leaver] = crowd as [Seat]
  expect((await left(leaver)).status).toBe(204)
  expect((await left(leaver)).status).toBe(204)
  expect(await refused(renewed(leaver))).toContain('session-closed')
  expect((await taken('crowded', { nickname: 'Late' })).bib).toBe(FULL + 1)
  expect(await refused(asked('crowded', { nickname: 'Later' }))).toContain('race-full')
})

test('a renewed seat has a new token of the same session, and the name as it stands', async () => {
  const seat = await taken('open-ride', { nickname: '  Mina\u200b   Ní Bhriain ', country: 'IRL' })
  const { bib, competitorId } = seat
  expect(seat).toMatchObject({ nickname: 'Mina Ní Bhriain', idleMs: 600_000 })
  await eventually('the name', async () => {
    const answer = await product.get('/races/open-ride/competitors')
    return answer.ok && ((await answer.json()) as Directory).entries.length > 0 ? true : undefined
  })
  const [before] = await seatsOf('open-ride')
  const next = await eventually('the name in the seat', async () => {
    const again = await seatIn(renewed(seat))
    return again.nickname ? again : undefined
  })
  expect(next).toMatchObject({ raceId: 'open-ride', bib, competitorId, nickname: seat.nickname })
  const [old, fresh] = [decodeJwt(seat.token), decodeJwt(next.token)]
  expect(fresh).toMatchObject({ session: old.session, sub: old.sub, lane: old.lane })
  expect(next.expiresAt).toBeGreaterThan(seat.expiresAt)
  expect(Number(fresh.exp) - Number(fresh.iat)).toBeLessThanOrEqual(901)
  const [after] = await seatsOf('open-ride')
  expect(after!.heldUntil).toBeGreaterThan(before!.heldUntil)
})

test('a pass is no seat token, and a seat token no pass', async () => {
  const { pass, token, ...seat } = await taken('open-ride', { nickname: 'Strict' })
  expect(await refused(renewed({ ...seat, pass, token: pass }))).toContain('unauthorized')
  expect(await refused(asked('open-ride', { nickname: 'Other', pass: token }))).toContain(
    'bad-body'
  )
})

test('the same key is the same seat, and with another name a mistake', async () => {
  const key = randomUUID()
  const body = { nickname: 'ليلى المنصوري 🚲' }
  const seat = await taken('open-ride', body, { key })
  const { bib, competitorId, nickname } = seat
  expect(await taken('open-ride', body, { key })).toMatchObject({ bib, competitorId, nickname })
  expect(await refused(asked('open-ride', { nickname: 'Bo' }, { key }))).toContain('key-reused')
  expect(await refused(asked('open-ride', body))).toContain('name-taken')
  await left(seat)
  const { bib: next } = await taken('open-ride', body, { key })
  expect(next).toBeGreaterThan(bib)
})

test('a pass is the same competitor in the next race, and has one seat in each', async () => {
  const seat = await taken('open-ride', { nickname: 'Olive' })
  const again = await taken('open-ride', { nickname: 'Olive', pass: seat.pass })
  expect(again).toMatchObject({ bib: seat.bib, competitorId: seat.competitorId })
  const next = await taken('restless', { nickname: 'Olive', pass: seat.pass })
  expect(next.competitorId).toBe(seat.competitorId)
  const { resources } = await product
    .container('competitors')
    .items.query<{ id: string }>('SELECT * FROM c', { partitionKey: seat.competitorId })
    .fetchAll()
  expect(resources.map(({ id }) => id)).toEqual([`open-ride.${seat.bib}`, `restless.${next.bib}`])
})

test('a seat that is not renewed is freed after a while, which its rider hears on the socket', async () => {
  const seat = await taken('restless', { nickname: 'Sleepy' })
  const held = await taken('restless', { nickname: 'Wakeful' })
  const frames: Frame[] = []
  const getClientAccessUrl = async () =>
    (
      (await (
        await ask('POST', '/races/restless/negotiate', { token: seat.token })
      ).json()) as Negotiation
    ).url
  const client = new WebPubSubClient({ getClientAccessUrl }, { protocol: WebPubSubJsonProtocol() })
  client.on('group-message', ({ message }) => frames.push(message.data as unknown as Frame))
  await client.start()
  const told = await eventually(
    'the frame',
    async () => {
      await renewed(held)
      return frames.find(
        frame => frame.type === 'seats' && frame.freed.some(({ bib }) => bib === seat.bib)
      )
    },
    { everyMs: 3_000 }
  )
  client.stop()
  expect(told).toMatchObject({ raceId: 'restless' })
  expect(told.type === 'seats' && told.freed).toContainEqual({ bib: seat.bib, why: 'idle' })
  expect(await refused(renewed(seat))).toContain('session-closed')
  expect((await renewed(held)).status).toBe(200)
  expect((await taken('restless', { nickname: 'Sleepy' })).bib).toBeGreaterThan(seat.bib)
})

test('a race with a code takes who knows it', async () => {
  const nickname = 'Ada'
  expect(await refused(asked('coded', { nickname }))).toContain('code-wrong')
  expect(await refused(asked('coded', { nickname, code: 'velocipede' }))).toContain('code-wrong')
  expect((await taken('coded', { nickname, code: ` ${CODE.toUpperCase()} ` })).bib).toBe(1)
})

test('a race of accounts takes each person once, whatever browser they come by, and nobody else', async () => {
  const nickname = 'Ada'
  expect(await refused(asked('signed-in', { nickname }))).toContain('unauthorized')
  const token = await product.tokenOf('car')
  expect(await refused(asked('signed-in', { nickname }, { token }))).toContain('unauthorized')
  const visitor = await personToken()
  const seat = await taken('signed-in', { nickname }, { token: visitor, key: randomUUID() })
  const again = await taken(
    'signed-in',
    { nickname },
    { token: await personToken(), key: randomUUID() }
  )
  expect(again).toMatchObject({ bib: seat.bib, competitorId: seat.competitorId })
  expect(await seatsOf('signed-in')).toHaveLength(1)
})

test('names that nobody should read are refused without being repeated', async () => {
  const answer = await asked('open-ride', { nickname: 'sh1t rider' })
  const text = await answer.text()
  expect([answer.status, JSON.parse(text).type.split('/').at(-1)]).toEqual([422, 'name-refused'])
  expect(text).not.toContain('sh1t')
})

/** Somebody signs in who has no role. */
async function personToken(): Promise<string> {
  const { ports, tenantId, apiAudience, pages, people } = product.cloud.plan
  const visitor = people.find(({ roles }) => roles.length === 0)
  if (!visitor) throw new Error('everybody has a role')
  const place = {
    authority: `http://127.0.0.1:${ports.issuer}/${tenantId}`,
    clientId: pages.clientId,
    redirectUri: pages.redirectUris[0] ?? '',
    scope: `${apiAudience}/${topology.entra.scope}`
  }
  return (await signInPerson(place, visitor)).access_token
}
