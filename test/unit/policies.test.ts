import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BATCH_MAX_BYTES, ProblemKind, SCREEN_AUDIENCE, SEAT_AUDIENCE } from '#contract'
import { API_AUDIENCE, type FrontDoor, PAGE_ORIGIN, startFrontDoor } from '../frontDoor.ts'
import { documentedResponse } from '../openapiDocument.ts'

const reading = {
  seq: 0,
  t: 1_772_000_000_000,
  cadence: 88,
  resistance: 40,
  power: 210,
  distance: 1_000,
  work: 20
}
const carBody = {
  boot: 4,
  readings: [{ seq: 0, t: 12, x: 1.5, y: 0, yaw: 0.1, speed: 1.4, wheelsOnTrack: true }]
}

/** The text of all policy files. */
const policies = () => {
  const folder = new URL('../../infra/gateway/policies/', import.meta.url)
  return readdirSync(folder, { recursive: true })
    .filter(file => String(file).endsWith('.xml'))
    .map(file => readFileSync(new URL(String(file), folder), 'utf8'))
    .join('\n')
}

let now = 0
let door: FrontDoor
let token: string
let carToken: string
beforeAll(async () => {
  now = Date.now()
  door = await startFrontDoor({ now: () => now })
  token = await door.seat('r1', 17)
  carToken = await door.sign({ roles: ['viewer', 'car'] }, API_AUDIENCE)
})
afterAll(() => door.close())
beforeEach(async () => {
  await door.reset()
  door.received.length = 0
  Object.assign(door.answer, { status: 201, headers: {}, body: '' })
})

type Send = {
  path?: string
  method?: string
  token?: string | undefined
  body?: unknown
  headers?: Record<string, string>
}

/** Sends and returns the answer, which the API's description must hold. */
async function send({ path = '/races/r1/telemetry', method = 'POST', ...rest }: Send) {
  const body = typeof rest.body === 'object' ? JSON.stringify(rest.body) : rest.body
  const response = await fetch(door.url + path, {
    method,
    headers: {
      ...(rest.token ? { authorization: `Bearer ${rest.token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...rest.headers
    },
    ...(body === undefined ? {} : { body: body as string })
  })
  const text = await response.text()
  const problem = response.headers.get('content-type') === 'application/problem+json'
  if (problem) {
    const documented = documentedResponse(method, path, response.status)
    expect(documented?.mediaType).toBe('application/problem+json')
    expect(documented?.check(JSON.parse(text))).toEqual([])
  }
  return { status: response.status, headers: response.headers, text }
}

/** Sends what must be refused at the door. */
async function refused(request: Send) {
  const { status, headers, text } = await send(request)
  expect(door.received).toEqual([])
  const { type, detail, ...rest } = JSON.parse(text)
  expect(rest.status).toBe(status)
  return { status, headers, kind: type.split('/').at(-1), detail }
}

const car = (request: Send): Send => ({
  path: '/cars/car-16/telemetry',
  token: carToken,
  body: carBody,
  ...request
})
const rider = (request: Send): Send => ({ token, body: reading, ...request })

describe('Every policy', () => {
  it('drops identity that the caller wrote into headers', async () => {
    const names = [
      'race',
      'bib',
      'competitor',
      'lane',
      'session',
      'deviceId',
      'iothub-connection-device-id'
    ]
    const headers = Object.fromEntries(names.map(name => [name, 'forged']))
    await send({ path: '/races', method: 'GET', headers: { ...headers, other: 'kept' } })
    expect(door.received[0]?.headers).toMatchObject({ other: 'kept' })
    for (const name of names) expect(door.received[0]?.headers).not.toHaveProperty([name])
    await send(car({ headers }))
    await send(rider({ headers }))
    expect(JSON.stringify(door.received)).not.toContain('forged')
  })

  it('counts by keys of its own: one key has one counter in all policies', () => {
    const keys = [...policies().matchAll(/counter-key="[^"]+"/g)].map(String)
    expect(keys).toHaveLength(5)
    expect(new Set(keys).size).toBe(5)
  })

  it('refuses by the kinds of problem that the contract knows', () => {
    for (const [, kind] of policies().matchAll(/grandstand\.example\/problems\/([\w-]+)/g))
      expect(ProblemKind.options).toContain(kind)
  })
})

describe('read', () => {
  it('passes pages, ETags and 304 and shows them to any site', async () => {
    Object.assign(door.answer, { status: 304, headers: { ETag: '"91"' } })
    const path = '/races/r1/standings?x=%20y'
    const headers = { 'if-none-match': '"91"', origin: 'https://any.example' }
    const answer = await send({ path, method: 'GET', headers })
    expect(answer.status).toBe(304)
    expect(answer.headers.get('etag')).toBe('"91"')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toContain('etag')
    expect(door.received[0]?.url).toBe('/public/races/r1/standings?x=%20y')
    expect(door.received[0]?.headers['if-none-match']).toBe('"91"')
  })
})

describe('negotiate', () => {
  const path = '/races/r1/negotiate'

  it.each([SEAT_AUDIENCE, SCREEN_AUDIENCE])('passes a %s token on', async audience => {
    door.answer.status = 200
    const given = await door.sign({ race: 'r1' }, audience)
    expect((await send({ path, token: given })).status).toBe(200)
    expect(door.received[0]).toMatchObject({ url: `/publish${path}`, method: 'POST' })
    expect(door.received[0]?.headers.authorization).toBe(`Bearer ${given}`)
  })

  it('refuses who has no token', async () => {
    expect(await refused({ path })).toMatchObject({ status: 401, kind: 'unauthorized' })
  })

  it('refuses a token after 60 calls in a minute', async () => {
    for (let call = 0; call < 60; call++) expect((await send({ path, token })).status).toBe(201)
    expect((await send({ path, token })).status).toBe(429)
    now += 60_000
    expect((await send({ path, token })).status).toBe(201)
  })
})

describe('takeSeat', () => {
  const path = '/races/r1/seats'

  it('passes the body to the rider app', async () => {
    expect((await send({ path, body: { nickname: 'Ada 🚲' } })).status).toBe(201)
    expect(door.received[0]?.url).toBe(`/rider${path}`)
    expect(door.received[0]?.body.toString()).toBe('{"nickname":"Ada 🚲"}')
  })

  it.each([
    ['no name', {}, "the body must have required property 'nickname'"],
    [
      'a long name',
      { nickname: 'x'.repeat(41) },
      '/nickname must NOT have more than 40 characters'
    ],
    [
      'unknown parts',
      { nickname: 'Ada', bib: 1 },
      'the body must NOT have additional properties bib'
    ]
  ])('refuses %s', async (_what, body, detail) => {
    const refusal = await refused({ path, body })
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-body' })
    expect(refusal.detail).toContain(detail)
  })

  it('lets our own pages ask, and no other', async () => {
    const ask = (origin: string) =>
      fetch(door.url + path, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' }
      })
    const ours = await ask(PAGE_ORIGIN)
    expect(ours.status).toBe(200)
    expect(ours.headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
    expect(ours.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
    const other = await ask('https://other.example')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
    expect(door.received).toEqual([])
  })

  it('shows a refusal to our own pages too', async () => {
    const { status, headers } = await refused({ path, body: {}, headers: { origin: PAGE_ORIGIN } })
    expect(status).toBe(400)
    expect(headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
  })
})

describe('leaveSeat', () => {
  const leave = (path: string) => ({ path, method: 'DELETE', token })

  it('passes who leaves their own seat', async () => {
    door.answer.status = 204
    expect((await send(leave('/races/r1/seats/17'))).status).toBe(204)
    expect(door.received[0]).toMatchObject({ method: 'DELETE', url: '/rider/races/r1/seats/17' })
    expect(door.received[0]?.headers.authorization).toBe(`Bearer ${token}`)
  })

  it.each([
    ['another seat', '/races/r1/seats/18', 'another seat of this race'],
    ['a seat of another race', '/races/r2/seats/17', 'another race']
  ])('refuses %s', async (_what, path, detail) => {
    const refusal = await refused(leave(path))
    expect(refusal).toMatchObject({ status: 403, kind: 'forbidden' })
    expect(refusal.detail).toContain(detail)
  })
})

describe('telemetry', () => {
  it("sends the caller's bytes to the hub as this gateway, with the seat's identity", async () => {
    const body = ` [ ${JSON.stringify(reading)}\n]`
    const answer = await send(rider({ path: '/races/r1/telemetry?api-version=1', body }))
    expect(answer).toMatchObject({ status: 202, text: '' })
    const [event] = door.received
    expect(event).toMatchObject({ method: 'POST', url: '/telemetry/messages?api-version=2014-01' })
    expect(event?.body.toString()).toBe(body)
    expect(event?.headers).toMatchObject({
      race: 'r1',
      bib: '17',
      competitor: 'c-17',
      lane: '3',
      session: '77',
      brokerproperties: '{"PartitionKey":"r1.3"}'
    })
    const sentAs = event?.headers.authorization?.split('.')[1] ?? ''
    expect(JSON.parse(Buffer.from(sentAs, 'base64url').toString())).toMatchObject({
      aud: 'https://eventhubs.azure.net'
    })
  })

  it.each([
    ['no token', async () => undefined],
    ['what is no token', async () => 'abc'],
    ['an expired token', () => door.seat('r1', 17, '2m ago')],
    ['a screen token', () => door.sign({ race: 'r1', bib: 17 }, SCREEN_AUDIENCE)],
    ['a token with a wrong signature', async () => `${token.slice(0, -8)}AAAAAAAA`]
  ])('refuses %s', async (_what, given) => {
    const refusal = await refused(rider({ token: await given() }))
    expect(refusal).toMatchObject({ status: 401, kind: 'unauthorized' })
    expect(refusal.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('refuses a token that it once took, when that has expired', async () => {
    const short = await door.seat('r1', 17, '2h')
    expect((await send(rider({ token: short }))).status).toBe(202)
    const before = now
    now += 7_200_000 + 61_000
    door.received.length = 0
    expect((await refused(rider({ token: short }))).status).toBe(401)
    now = before
  })

  it('refuses a seat of another race', async () => {
    const refusal = await refused(rider({ path: '/races/r2/telemetry' }))
    expect(refusal).toMatchObject({ status: 403, kind: 'forbidden' })
  })

  it('refuses a seat after 40 calls in 10 s and no other seat', async () => {
    for (let call = 0; call < 40; call++) expect((await send(rider({}))).status).toBe(202)
    door.received.length = 0
    now += 3_500
    const refusal = await refused(rider({}))
    expect(refusal).toMatchObject({ status: 429, kind: 'too-many-requests' })
    expect(refusal.headers.get('retry-after')).toBe('7')
    expect((await send(rider({ token: await door.seat('r1', 18) }))).status).toBe(202)
    now += 6_500
    expect((await send(rider({}))).status).toBe(202)
  })

  it.each([
    ['text', { 'content-type': 'text/plain' }],
    ["Event Hubs' own batch", { 'content-type': 'application/vnd.microsoft.servicebus.json' }]
  ])('refuses %s', async (_what, headers) => {
    expect(await refused(rider({ headers }))).toMatchObject({
      status: 415,
      kind: 'unsupported-media-type'
    })
  })

  it('takes JSON with its charset named', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect((await send(rider({ headers }))).status).toBe(202)
  })

  it(`takes ${BATCH_MAX_BYTES} bytes and refuses one more`, async () => {
    const body = JSON.stringify(reading).padEnd(BATCH_MAX_BYTES)
    expect((await send(rider({ body }))).status).toBe(202)
    door.received.length = 0
    const refusal = await refused(rider({ body: `${body} ` }))
    expect(refusal).toMatchObject({ status: 413, kind: 'too-large' })
    expect(refusal.detail).toContain(String(BATCH_MAX_BYTES))
  })

  it('refuses a body of unknown length', async () => {
    const response = await fetch(`${door.url}/races/r1/telemetry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: new Blob([JSON.stringify(reading)]).stream(),
      duplex: 'half'
    } as RequestInit)
    expect(response.status).toBe(413)
  })

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['a cadence of 251', { ...reading, cadence: 251 }, '/cadence must be <= 250'],
    [
      'a reading without work',
      { ...reading, work: undefined },
      "must have required property 'work'"
    ],
    ['a bib in the body', { ...reading, bib: 1 }, 'must NOT have additional properties bib'],
    ['an empty batch', [], 'must NOT have fewer than 1 items'],
    ['65 readings', Array(65).fill(reading), 'must NOT have more than 64 items'],
    ['one bad reading', [reading, { ...reading, seq: -1 }], '/1/seq must be >= 0']
  ])('refuses %s', async (_what, body, detail) => {
    const refusal = await refused(rider({ body }))
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-body' })
    expect(refusal.detail).toContain(detail)
  })

  it('says that nothing was stored when the hub refuses', async () => {
    door.answer.status = 401
    const { status, headers, text } = await send(rider({}))
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('1')
    expect(JSON.parse(text).type).toMatch(/unavailable$/)
  })
})

describe('carTelemetry', () => {
  it('sends the bytes to the hub under the device of the address', async () => {
    expect((await send(car({}))).status).toBe(202)
    const [event] = door.received
    expect(event?.url).toBe('/telemetry/messages?api-version=2014-01')
    expect(event?.names).toContain('deviceId')
    expect(event?.headers).toMatchObject({
      deviceid: 'car-16',
      brokerproperties: '{"PartitionKey":"car-16"}'
    })
    expect(JSON.parse(event?.body.toString() ?? '')).toEqual(carBody)
  })

  it.each([
    ['no roles', {}],
    ['other roles', { roles: ['timekeeper'] }]
  ])('refuses a token with %s', async (_what, claims) => {
    const refusal = await refused(car({ token: await door.sign(claims, API_AUDIENCE) }))
    expect(refusal).toMatchObject({ status: 403, kind: 'forbidden' })
  })

  it('refuses a seat token', async () => {
    expect(await refused(car({ token }))).toMatchObject({ status: 401 })
  })

  it.each(['Car', 'a%22b', 'a-', 'x'.repeat(65)])('refuses the device %s', async deviceId => {
    const refusal = await refused(car({ path: `/cars/${deviceId}/telemetry` }))
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-parameter' })
  })

  it('refuses a body without boot and one that is no JSON', async () => {
    const refusal = await refused(car({ body: { readings: carBody.readings } }))
    expect(refusal.detail).toContain("must have required property 'boot'")
    expect(await refused(car({ headers: { 'content-type': 'text/plain' } }))).toMatchObject({
      status: 415
    })
  })

  it('refuses a device after 20 calls in 10 s', async () => {
    for (let call = 0; call < 20; call++) expect((await send(car({}))).status).toBe(202)
    door.received.length = 0
    expect(await refused(car({}))).toMatchObject({ status: 429 })
  })
})
