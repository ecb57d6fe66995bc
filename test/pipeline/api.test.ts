import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { screenLink } from '../../infra/local/screenLink.ts'
import { document, documentedResponse } from '../openapiDocument.ts'
import { createAppToken } from '../simulators/appToken.ts'
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
  let carToken: string

  beforeAll(async () => {
    product = await startProduct()
    await product.office.scheduleRide(shortRide(RACE, { startsIn: 3, seconds: 600, capacity: 3 }))
    await boardOf(product, RACE, head => head.phase === 'running')
    const taken = await send('POST', `/races/${RACE}/seats`, {}, { nickname: 'Åsa 🚲' })
    expect(taken.status).toBe(201)
    seat = (await taken.json()) as typeof seat
    screen = await screenLink(product.cloud.plan, 'test')
    const { tokenEndpoint, apiAudience, accounts } = product.endpoints
    const { clientId, secret } = accounts[0]!
    carToken = await createAppToken({ tokenEndpoint, apiAudience, clientId, secret }, Date.now)()
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
      does: 'shows the names',
      operation: 'getDirectory',
      path: `/races/${RACE}/competitors`,
      status: 200
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
      headers: () => bearer(carToken),
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

  it('answers a full race with 409', async () => {
    const answer = await send('POST', `/races/${RACE}/seats`, {}, { nickname: 'Third' })
    expect(answer.status).toBe(201)
    const full = await send('POST', `/races/${RACE}/seats`, {}, { nickname: 'Fourth' })
    expect(full.status).toBe(409)
    expect(((await full.json()) as { type: string }).type).toMatch(/race-full$/)
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
