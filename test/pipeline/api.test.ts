import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fact, LapPage } from '#contract'
import topology from '#topology' with { type: 'json' }
import { screenLink } from '../../infra/local/screenLink.ts'
import { document, documentedResponse } from '../openapiDocument.ts'
import { boardOf, eventually, type Product, shortRide, startProduct } from './product.ts'

const RACE = 'api-ride'
const NOW_READING = {
  seq: 0,
  cadence: 90,
  resistance: 40,
  power: 200,
  distance: 1_000,
  work: 200
}

/** A time trial whose laps are entered by hand, and races that are created through the API. */
const TRIAL = 'api-trial'
const LAP = { bib: 1, lap: 1, lapMs: 9_870 }
const LAPS = `/races/${TRIAL}/runs/run-1/laps`
const KEY = { 'idempotency-key': '0b9d3f62-6a7c-4b53-9d1e-2f8a7c5e4d10' }
const trial = (raceId: string) => ({
  id: raceId,
  raceId,
  name: 'Time trial',
  format: { kind: 'fastestLap' as const },
  course: { courseId: 'hall', name: 'Hall' },
  capacity: 4,
  timetable: {},
  attended: true
})
const CREATED = shortRide('api-created', { seconds: 600 })

/** One request and the status that the document promises for it. */
type Case = {
  does: string
  operation: string
  path: string
  status: number
  headers?: () => Record<string, string>
  body?: unknown
}

describe('the API as its document describes it', () => {
  let product: Product
  let seat: { bib: number; token: string }
  let screen: string
  let car: Record<string, string>
  let admin: Record<string, string>
  let timekeeper: Record<string, string>

  beforeAll(async () => {
    product = await startProduct()
    await product.office.scheduleRide(shortRide(RACE, { startsIn: 3, seconds: 600, capacity: 3 }))
    await boardOf(product, RACE, head => head.phase === 'running')
    const taken = await send('POST', `/races/${RACE}/seats`, {}, { nickname: 'Åsa 🚲' })
    expect(taken.status).toBe(201)
    seat = (await taken.json()) as typeof seat
    screen = await screenLink(product.cloud.plan, 'test')
    car = bearer(await product.tokenOf('car'))
    admin = bearer(await product.tokenOf('admin'))
    timekeeper = bearer(await product.tokenOf('timekeeper'))
    await product.office.openTimeTrial(trial(TRIAL))
    await product.office.start(TRIAL)
    await product.office.startRun(TRIAL, { runId: 'run-1', bib: 1, deviceId: 'car-1' })
    await boardOf(product, TRIAL, head => head.racing[0]?.runId === 'run-1')
    await eventually('the directory', async () => {
      const answer = await product.get(`/races/${RACE}/competitors`)
      return answer.ok || undefined
    })
    const reading = { ...NOW_READING, t: Date.now() }
    const sent = await send('POST', `/races/${RACE}/telemetry`, bearer(seat.token), reading)
    expect(sent.status).toBe(202)
    await boardOf(product, RACE, head => head.competitors === 1)
  })
  afterAll(() => product?.close())

  const factsOf = async (raceId: string) => {
    const query = product.container('ledger').items.query<Fact>('SELECT * FROM c', {
      partitionKey: raceId
    })
    return (await query.fetchAll()).resources
  }
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const send = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
    fetch(`${product.cloud.url}${path}`, {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) })
    })

  const cases: Case[] = [
    { does: 'lists races', operation: 'listRaces', path: '/races', status: 200 },
    { does: 'names a bad state', operation: 'listRaces', path: '/races?state=asleep', status: 400 },
    { does: 'names a bad limit', operation: 'listRaces', path: '/races?limit=0', status: 400 },
    { does: 'shows a race', operation: 'getRace', path: `/races/${RACE}`, status: 200 },
    { does: 'knows no other race', operation: 'getRace', path: '/races/nowhere', status: 404 },
    { does: 'names a bad id', operation: 'getRace', path: '/races/Not_A_Slug', status: 400 },
    {
      does: 'shows the head',
      operation: 'getStandings',
      path: `/races/${RACE}/standings`,
      status: 200
    },
    {
      does: 'has no head of no race',
      operation: 'getStandings',
      path: '/races/nowhere/standings',
      status: 404
    },
    {
      does: 'shows a rank page',
      operation: 'getRankPage',
      path: `/races/${RACE}/standings/ranks/0`,
      status: 200
    },
    {
      does: 'has no further page',
      operation: 'getRankPage',
      path: `/races/${RACE}/standings/ranks/7`,
      status: 404
    },
    {
      does: 'names a bad page',
      operation: 'getRankPage',
      path: `/races/${RACE}/standings/ranks/x`,
      status: 400
    },
    {
      does: 'shows a bib page',
      operation: 'getBibPage',
      path: `/races/${RACE}/standings/bibs/0`,
      status: 200
    },
    {
      does: 'has no further bibs',
      operation: 'getBibPage',
      path: `/races/${RACE}/standings/bibs/7`,
      status: 404
    },
    {
      does: 'shows a lap page',
      operation: 'getLapPage',
      path: `/races/${TRIAL}/standings/laps/0`,
      status: 200
    },
    {
      does: 'has no laps of a ride',
      operation: 'getLapPage',
      path: `/races/${RACE}/standings/laps/0`,
      status: 404
    },
    {
      does: 'names a bad page of laps',
      operation: 'getLapPage',
      path: `/races/${TRIAL}/standings/laps/-1`,
      status: 400
    },
    {
      does: 'shows the names',
      operation: 'getDirectory',
      path: `/races/${RACE}/competitors`,
      status: 200
    },
    {
      does: 'searches them',
      operation: 'getDirectory',
      path: `/races/${RACE}/competitors?q=nobody`,
      status: 200
    },
    {
      does: 'searches for something alone',
      operation: 'getDirectory',
      path: `/races/${RACE}/competitors?q=`,
      status: 400
    },
    {
      does: 'shows one',
      operation: 'getCompetitor',
      path: `/races/${RACE}/competitors/1`,
      status: 200
    },
    {
      does: 'knows no other',
      operation: 'getCompetitor',
      path: `/races/${RACE}/competitors/999`,
      status: 404
    },
    {
      does: 'names a bad bib',
      operation: 'getCompetitor',
      path: `/races/${RACE}/competitors/10001`,
      status: 400
    },
    {
      does: 'opens a socket to a screen',
      operation: 'negotiate',
      path: `/races/${RACE}/negotiate`,
      status: 200,
      headers: () => bearer(screen)
    },
    {
      does: 'opens a socket to a rider',
      operation: 'negotiate',
      path: `/races/${RACE}/negotiate`,
      status: 200,
      headers: () => bearer(seat.token)
    },
    {
      does: 'opens none to a rider of another race',
      operation: 'negotiate',
      path: '/races/other/negotiate',
      status: 403,
      headers: () => bearer(seat.token)
    },
    {
      does: 'opens none to nobody',
      operation: 'negotiate',
      path: `/races/${RACE}/negotiate`,
      status: 401
    },
    {
      does: 'gives a seat',
      operation: 'takeSeat',
      path: `/races/${RACE}/seats`,
      status: 201,
      body: { nickname: 'ليلى', country: 'UAE' }
    },
    {
      does: 'refuses a nameless rider',
      operation: 'takeSeat',
      path: `/races/${RACE}/seats`,
      status: 400,
      body: { nickname: ' ' }
    },
    {
      does: 'has no seats in no race',
      operation: 'takeSeat',
      path: '/races/nowhere/seats',
      status: 404,
      body: { nickname: 'A' }
    },
    {
      does: 'keeps others from a seat',
      operation: 'leaveSeat',
      path: `/races/${RACE}/seats/2`,
      status: 403,
      headers: () => bearer(seat.token)
    },
    {
      does: 'takes a reading',
      operation: 'sendTelemetry',
      path: `/races/${RACE}/telemetry`,
      status: 202,
      headers: () => bearer(seat.token),
      body: { ...NOW_READING, seq: 1, t: 1 }
    },
    {
      does: 'refuses what is no JSON',
      operation: 'sendTelemetry',
      path: `/races/${RACE}/telemetry`,
      status: 400,
      headers: () => bearer(seat.token),
      body: 'ride on'
    },
    {
      does: 'refuses an unknown field',
      operation: 'sendTelemetry',
      path: `/races/${RACE}/telemetry`,
      status: 400,
      headers: () => bearer(seat.token),
      body: { ...NOW_READING, t: 1, bib: 7 }
    },
    {
      does: 'refuses an unsigned reading',
      operation: 'sendTelemetry',
      path: `/races/${RACE}/telemetry`,
      status: 401,
      body: { ...NOW_READING, t: 1 }
    },
    {
      does: 'refuses a reading for another race',
      operation: 'sendTelemetry',
      path: '/races/other/telemetry',
      status: 403,
      headers: () => bearer(seat.token),
      body: { ...NOW_READING, t: 1 }
    },
    {
      does: 'refuses a huge body',
      operation: 'sendTelemetry',
      path: `/races/${RACE}/telemetry`,
      status: 413,
      headers: () => bearer(seat.token),
      body: 'x'.repeat(20_000)
    },
    {
      does: 'takes a car',
      operation: 'sendCarTelemetry',
      path: '/cars/car-9/telemetry',
      status: 202,
      headers: () => car,
      body: {
        boot: 1,
        readings: [{ seq: 0, t: 0, x: 1, y: 1, yaw: 0, speed: 1, wheelsOnTrack: true }]
      }
    },
    {
      does: 'refuses a rider as a car',
      operation: 'sendCarTelemetry',
      path: '/cars/car-9/telemetry',
      status: 401,
      headers: () => bearer(seat.token),
      body: { boot: 1, readings: [] }
    },
    {
      does: 'creates a race',
      operation: 'createRace',
      path: '/races',
      status: 201,
      headers: () => admin,
      body: CREATED
    },
    {
      does: 'knows the same race again',
      operation: 'createRace',
      path: '/races',
      status: 200,
      headers: () => admin,
      body: CREATED
    },
    {
      does: 'keeps another race from its id',
      operation: 'createRace',
      path: '/races',
      status: 409,
      headers: () => admin,
      body: { ...CREATED, capacity: 7 }
    },
    {
      does: 'creates a race that an official opens',
      operation: 'createRace',
      path: '/races',
      status: 201,
      headers: () => admin,
      body: trial('api-closed')
    },
    {
      does: 'refuses a race of two ids',
      operation: 'createRace',
      path: '/races',
      status: 400,
      headers: () => admin,
      body: { ...CREATED, id: 'other' }
    },
    {
      does: 'refuses a race by nobody',
      operation: 'createRace',
      path: '/races',
      status: 401,
      body: CREATED
    },
    {
      does: 'refuses a race by a timekeeper',
      operation: 'createRace',
      path: '/races',
      status: 403,
      headers: () => timekeeper,
      body: CREATED
    },
    {
      does: 'enters a lap',
      operation: 'recordLap',
      path: LAPS,
      status: 201,
      headers: () => ({ ...timekeeper, ...KEY }),
      body: LAP
    },
    {
      does: 'enters the same lap once',
      operation: 'recordLap',
      path: LAPS,
      status: 201,
      headers: () => ({ ...timekeeper, ...KEY }),
      body: { ...LAP, valid: true }
    },
    {
      does: 'keeps another lap from its key',
      operation: 'recordLap',
      path: LAPS,
      status: 422,
      headers: () => ({ ...timekeeper, ...KEY }),
      body: { ...LAP, lap: 2 }
    },
    {
      does: 'refuses a lap without a key',
      operation: 'recordLap',
      path: LAPS,
      status: 400,
      headers: () => timekeeper,
      body: LAP
    },
    {
      does: 'refuses a malformed key',
      operation: 'recordLap',
      path: LAPS,
      status: 400,
      headers: () => ({ ...timekeeper, 'idempotency-key': 'a/b/c/d/e' }),
      body: LAP
    },
    {
      does: 'has no laps in no race',
      operation: 'recordLap',
      path: '/races/nowhere/runs/run-1/laps',
      status: 404,
      headers: () => ({ ...timekeeper, ...KEY }),
      body: LAP
    },
    {
      does: 'takes no laps before the opening',
      operation: 'recordLap',
      path: '/races/api-closed/runs/run-1/laps',
      status: 409,
      headers: () => ({ ...timekeeper, ...KEY }),
      body: LAP
    },
    {
      does: 'refuses a lap by an admin',
      operation: 'recordLap',
      path: LAPS,
      status: 403,
      headers: () => ({ ...admin, ...KEY }),
      body: LAP
    },
    {
      does: 'makes a link',
      operation: 'createScreenLink',
      path: '/screens',
      status: 201,
      headers: () => admin,
      body: { name: 'hall-4' }
    },
    {
      does: 'refuses a name that is none',
      operation: 'createScreenLink',
      path: '/screens',
      status: 400,
      headers: () => admin,
      body: { name: 'Hall 4' }
    },
    {
      does: 'makes none for a screen',
      operation: 'createScreenLink',
      path: '/screens',
      status: 401,
      headers: () => bearer(screen),
      body: { name: 'hall-4' }
    },
    {
      does: 'gives a seat back',
      operation: 'leaveSeat',
      path: `/races/${RACE}/seats/1`,
      status: 204,
      headers: () => bearer(seat.token)
    }
  ]

  it.each(cases)(
    '$operation $does ($status)',
    async ({ operation, path, status, headers, body }) => {
      const route = topology.routes.find(each => each.operationId === operation)!
      const answer = await send(route.method, path, headers?.() ?? {}, body)
      const text = await answer.text()
      expect(`${answer.status} ${answer.status === status ? '' : text}`).toBe(`${status} `)
      const documented = documentedResponse(route.method, path, status)
      expect(documented).toBeDefined()
      if (documented?.mediaType) {
        expect(answer.headers.get('content-type')).toContain(documented.mediaType)
        expect(documented.check(JSON.parse(text))).toEqual([])
      } else {
        expect(text).toBe('')
      }
    }
  )

  it.each(['asa', 'ÅSA', '1'])('finds the competitor by %s', async text => {
    const found = await product.get(`/races/${RACE}/competitors?q=${encodeURIComponent(text)}`)
    expect(await found.json()).toMatchObject({ entries: [{ bib: 1, name: 'Åsa 🚲' }] })
  })

  it('answers a full race with 409', async () => {
    const answer = await send('POST', `/races/${RACE}/seats`, {}, { nickname: 'Third' })
    expect(answer.status).toBe(201)
    const full = await send('POST', `/races/${RACE}/seats`, {}, { nickname: 'Fourth' })
    expect(full.status).toBe(409)
    expect(((await full.json()) as { type: string }).type).toMatch(/race-full$/)
  })

  it('lets a race live that was created, with one fact by the admin of the token', async () => {
    await boardOf(product, CREATED.id, head => head.phase !== 'scheduled')
    const facts = (await factsOf(CREATED.id)).filter(fact => fact.kind === 'schedule')
    const { tid, oid } = decodeJwt(await product.tokenOf('admin'))
    expect(facts.map(fact => fact.actor)).toEqual([{ kind: 'person', tenant: tid, object: oid }])
  })

  it.each(['public', 'rider', 'admin'] as const)(
    'is not served past the gateway: %s',
    async app => {
      const direct = `http://127.0.0.1:${product.cloud.plan.ports[app]}`
      const path = { public: '/races', rider: '/races/x/seats', admin: '/races' }[app]
      const method = app === 'public' ? 'GET' : 'POST'
      expect((await fetch(direct + path, { method })).status).toBe(403)
      // An official's token is not the gateway's.
      const headers = { ...admin, 'x-gateway-token': admin.authorization?.split(' ')[1] ?? '' }
      expect((await fetch(direct + path, { method, headers })).status).toBe(403)
    }
  )

  it('names the part in which another race differs', async () => {
    const answer = await send('POST', '/races', admin, { ...CREATED, place: 'Faro' })
    expect(((await answer.json()) as { detail: string }).detail).toContain('/place')
  })

  it('shows a lap by hand on the board, once in the ledger, and repeats its answer', async () => {
    await boardOf(product, TRIAL, head => head.top[0]?.value === LAP.lapMs)
    const laps = (await factsOf(TRIAL)).filter(fact => fact.kind === 'lap')
    const { tid, oid } = decodeJwt(await product.tokenOf('timekeeper'))
    const actor = { kind: 'person', tenant: tid, object: oid }
    expect(laps).toMatchObject([{ ...LAP, source: 'hand', runId: 'run-1', actor }])
    const again = await send('POST', LAPS, { ...timekeeper, ...KEY }, LAP)
    const { id, at } = laps[0]!
    const page = await product.get(`/races/${TRIAL}/standings/laps/0`)
    const line = { lap: 1, runId: 'run-1', ms: LAP.lapMs, valid: true, source: 'hand' }
    expect(((await page.json()) as LapPage).laps).toMatchObject([[line]])
    const held = { 'if-none-match': page.headers.get('etag') ?? '' }
    expect((await product.get(`/races/${TRIAL}/standings/laps/0`, held)).status).toBe(304)
    expect(await again.json()).toEqual({
      ...{ id, at, actor, ...LAP, valid: true },
      ...{ raceId: TRIAL, runId: 'run-1', kind: 'lap', source: 'hand' }
    })
  })

  it('slows a rider down who sends too fast', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, seq) =>
        send('POST', `/races/${RACE}/telemetry`, bearer(seat.token), { ...NOW_READING, seq, t: 1 })
      )
    )
    const refused = answers.filter(answer => answer.status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('has a case for every operation of the document, and no other', () => {
    const documented = Object.values(document.paths).flatMap(path =>
      Object.values(path).map(operation => operation.operationId)
    )
    const covered = new Set(cases.map(each => each.operation))
    expect([...covered].sort()).toEqual(documented.filter(Boolean).sort())
  })

  it('turns readings that reach the hub with a wrong time into dead letters with their reason', async () => {
    const letters = await eventually('a dead letter', async () => {
      const { resources } = await product
        .container('deadLetters')
        .items.query<{ reason: string }>('SELECT * FROM c', { partitionKey: `${RACE}.${seat.bib}` })
        .fetchAll()
      return resources.length ? resources : undefined
    })
    expect(letters.map(letter => letter.reason)).toContain('before-start')
  })
})
