import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fact, LapPage } from '#contract'
import topology from '#topology' with { type: 'json' }
import { screenLink } from '../../infra/local/screenLink.ts'
import { document, documentedResponse } from '../openapiDocument.ts'
import { boards } from './apiBoards.ts'
import {
  type ApiCaller,
  CREATED,
  ENDED,
  KEY,
  LAP,
  LAPS,
  NOW_READING,
  PERSON,
  RACE,
  TRIAL,
  trial
} from './apiCase.ts'
import { office } from './apiOffice.ts'
import { officials } from './apiOfficials.ts'
import { records } from './apiRecords.ts'
import { riders } from './apiRiders.ts'
import { sessions } from './apiSessions.ts'
import { timekeeping } from './apiTimekeeping.ts'
import { visitors } from './apiVisitors.ts'
import { boardOf, eventually, type Product, shortRide, startProduct } from './product.ts'

const cases = [visitors, riders, boards, officials, timekeeping, office, sessions, records].flat()

let product: Product
let seat: { bib: number; token: string }
let tokens: Record<ApiCaller, string>

beforeAll(async () => {
  product = await startProduct()
  await product.office.scheduleRide(shortRide(RACE, { startsIn: 3, seconds: 600, capacity: 3 }))
  await boardOf(product, RACE, head => head.phase === 'running')
  const taken = await send('POST', `/races/${RACE}/seats`, {}, { nickname: 'Åsa 🚲' })
  expect(taken.status).toBe(201)
  seat = (await taken.json()) as typeof seat
  tokens = {
    seat: seat.token,
    screen: await screenLink(product.cloud.plan, 'test'),
    car: await product.tokenOf('car'),
    admin: await product.tokenOf('admin'),
    timekeeper: await product.tokenOf('timekeeper')
  }
  await product.office.openTimeTrial(trial(TRIAL))
  const driver = { competitorId: 'driver-1', name: 'Bo', country: '', class: '' }
  await product.office.enter(TRIAL, 1, driver)
  await product.office.start(TRIAL)
  await boardOf(product, TRIAL, head => head.phase === 'running')
  // Laps by hand count in a run that the same person began.
  const run = { runId: 'run-1', bib: 1, deviceId: 'car-1', at: Date.now() }
  const begun = await send('POST', `/races/${TRIAL}/runs`, bearer(tokens.timekeeper), run)
  expect(begun.status).toBe(201)
  await boardOf(product, TRIAL, head => head.racing[0]?.runId === 'run-1')
  await product.office.openTimeTrial({ ...trial(ENDED), timetable: { backlogMs: 100 } })
  await product.office.start(ENDED)
  await boardOf(product, ENDED, head => head.phase === 'running')
  await product.office.close(ENDED)
  await boardOf(product, ENDED, head => head.phase === 'provisional')
  const face = { name: 'Ada', country: '', class: '' }
  await product.office.enter(TRIAL, 3, { competitorId: PERSON, ...face })
  const contact = { email: 'ada@example.org', ttl: 3_600 }
  await product.container('people').items.create({ id: PERSON, competitorId: PERSON, ...contact })
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
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
  })

test.each(cases)(
  '$operation $does ($status)',
  async ({ operation, path, status, as, headers, body }) => {
    const route = topology.routes.find(each => each.operationId === operation)!
    const sent = { ...(as && bearer(tokens[as])), ...headers }
    const answer = await send(route.method, path, sent, typeof body === 'function' ? body() : body)
    const text = await answer.text()
    expect(`${answer.status} ${answer.status === status ? '' : text}`).toBe(`${status} `)
    const [mediaType] = answer.headers.get('content-type')?.split(';') ?? []
    const documented = documentedResponse(route.method, path, status, mediaType)
    expect(documented).toBeDefined()
    if (documented?.mediaType) {
      expect(answer.headers.get('content-type')).toContain(documented.mediaType)
      const isTable = documented.mediaType === 'text/csv'
      expect(documented.check(isTable ? text : JSON.parse(text))).toEqual([])
    } else {
      expect(text).toBe('')
    }
  }
)

test.each(['asa', 'ÅSA', '1'])('finds the competitor by %s', async text => {
  const found = await product.get(`/races/${RACE}/competitors?q=${encodeURIComponent(text)}`)
  expect(await found.json()).toMatchObject({ entries: [{ bib: 1, name: 'Åsa 🚲' }] })
})

test('answers a full race with 409, one seat of which was given back', async () => {
  const take = (nickname: string) => send('POST', `/races/${RACE}/seats`, {}, { nickname })
  for (const name of ['Third', 'Fourth']) expect((await take(name)).status).toBe(201)
  const full = await take('Fifth')
  expect(full.status).toBe(409)
  expect(((await full.json()) as { type: string }).type).toMatch(/race-full$/)
})

test('lets a race live that was created, with one fact by the admin of the token', async () => {
  await boardOf(product, CREATED.id, head => head.phase !== 'scheduled')
  const facts = (await factsOf(CREATED.id)).filter(fact => fact.kind === 'schedule')
  const { tid, oid } = decodeJwt(tokens.admin)
  expect(facts.map(fact => fact.actor)).toEqual([{ kind: 'person', tenant: tid, object: oid }])
})

test.each(['public', 'rider', 'admin'] as const)(
  'is not served past the gateway: %s',
  async app => {
    const direct = `http://127.0.0.1:${product.cloud.plan.ports[app]}`
    const path = { public: '/races', rider: '/races/x/seats', admin: '/races' }[app]
    const method = app === 'public' ? 'GET' : 'POST'
    expect((await fetch(direct + path, { method })).status).toBe(403)
    // An official's token is not the gateway's.
    const headers = { ...bearer(tokens.admin), 'x-gateway-token': tokens.admin }
    expect((await fetch(direct + path, { method, headers })).status).toBe(403)
  }
)

test('names the part in which another race differs', async () => {
  const answer = await send('POST', '/races', bearer(tokens.admin), { ...CREATED, place: 'Faro' })
  expect(((await answer.json()) as { detail: string }).detail).toContain('/place')
})

test('shows a lap by hand on the board, once in the ledger, and repeats its answer', async () => {
  await boardOf(product, TRIAL, head => head.top[0]?.value === LAP.lapMs)
  const laps = (await factsOf(TRIAL)).filter(fact => fact.kind === 'lap' && fact.runId === 'run-1')
  const { tid, oid } = decodeJwt(tokens.timekeeper)
  const actor = { kind: 'person', tenant: tid, object: oid }
  expect(laps).toMatchObject([{ ...LAP, source: 'hand', runId: 'run-1', actor }])
  const again = await send('POST', LAPS, { ...bearer(tokens.timekeeper), ...KEY }, LAP)
  const { id, at, recordedAt } = laps[0]!
  const page = await product.get(`/races/${TRIAL}/standings/laps/0`)
  const line = { lap: 1, runId: 'run-1', ms: LAP.lapMs, valid: true, source: 'hand' }
  expect(((await page.json()) as LapPage).laps[0]).toMatchObject([line])
  const held = { 'if-none-match': page.headers.get('etag') ?? '' }
  expect((await product.get(`/races/${TRIAL}/standings/laps/0`, held)).status).toBe(304)
  expect(await again.json()).toEqual({
    ...{ id, at, recordedAt, key: KEY['idempotency-key'], actor, ...LAP, valid: true },
    ...{ raceId: TRIAL, runId: 'run-1', kind: 'lap', source: 'hand' }
  })
})

test('slows a rider down who sends too fast', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, seq) =>
      send('POST', `/races/${RACE}/telemetry`, bearer(tokens.seat), { ...NOW_READING, seq, t: 1 })
    )
  )
  const refused = answers.filter(answer => answer.status === 429)
  expect(refused.length).toBeGreaterThan(0)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('has a case for every operation of the document, and no other', () => {
  const documented = Object.values(document.paths).flatMap(path =>
    Object.values(path).map(operation => operation.operationId)
  )
  const covered = new Set(cases.map(each => each.operation))
  expect([...covered].sort()).toEqual(documented.filter(Boolean).sort())
})

test('turns readings that reach the hub with a wrong time into dead letters with their reason', async () => {
  const letters = await eventually('a dead letter', async () => {
    const { resources } = await product
      .container('deadLetters')
      .items.query<{ reason: string }>('SELECT * FROM c', { partitionKey: `${RACE}.${seat.bib}` })
      .fetchAll()
    return resources.length ? resources : undefined
  })
  expect(letters.map(letter => letter.reason)).toContain('before-start')
})
