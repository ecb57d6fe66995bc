import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { PAGE_ORIGIN } from '../../frontDoor.ts'
import { DESKS, WITH_BODY } from './desks.ts'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

test.each(DESKS)('$operation passes who has the role to its app, as sent', async desk => {
  const token = await door.official(['viewer', desk.role])
  const headers = { 'idempotency-key': 'key-0001', origin: PAGE_ORIGIN }
  const answer = await door.send({ ...desk, path: `${desk.path}?at=7`, token, headers })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
  const [passed] = door.received
  const { method, role, path, body } = desk
  expect(passed).toMatchObject({ method, url: `/${role}${path}?at=7` })
  expect(passed?.headers).toMatchObject({
    authorization: `Bearer ${token}`,
    'idempotency-key': 'key-0001'
  })
  expect(passed?.body.toString()).toBe(body === undefined ? '' : JSON.stringify(body))
})

test.each(DESKS)('$operation refuses everyone else', async ({ role, ...desk }) => {
  const other = role === 'admin' ? 'timekeeper' : 'admin'
  const tokens: [string | undefined, number, string][] = [
    [undefined, 401, 'unauthorized'],
    [door.token, 401, 'unauthorized'],
    [await door.official([]), 403, 'forbidden'],
    [await door.official(['car', 'commentator', other]), 403, 'forbidden']
  ]
  for (const [token, status, kind] of tokens)
    expect(await door.refused({ ...desk, token })).toMatchObject({ status, kind })
})

test.each(DESKS)('$operation may be asked for by our pages alone', async ({ method, path }) => {
  const preflight = (origin: string) =>
    door.send({
      method: 'OPTIONS',
      path,
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,idempotency-key'
      }
    })
  const { headers } = await preflight(PAGE_ORIGIN)
  expect(headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
  expect(headers.get('access-control-allow-methods')?.split(',')).toContain(method)
  for (const name of ['authorization', 'content-type', 'idempotency-key'])
    expect(headers.get('access-control-allow-headers')?.split(',')).toContain(name)
  const foreign = await preflight('https://other.example')
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
})

test.each(WITH_BODY)('$operation refuses what is no such body', async ({ role, ...desk }) => {
  const token = await door.official([role])
  const refused = (request: object) => door.refused({ ...desk, token, ...request })
  const unknown = await refused({ body: { ...Object(desk.body), nickname: 'x' } })
  expect(unknown).toMatchObject({ status: 400, kind: 'bad-body' })
  expect(await refused({ body: '{' })).toMatchObject({ status: 400, kind: 'bad-body' })
  expect(await refused({ body: '[]' })).toMatchObject({ status: 400, kind: 'bad-body' })
  const headers = { 'content-type': 'text/plain' }
  expect(await refused({ headers })).toMatchObject({ status: 415, kind: 'unsupported-media-type' })
  const padded = JSON.stringify(desk.body).padEnd(16_385)
  expect(await refused({ body: padded })).toMatchObject({ status: 413, kind: 'too-large' })
})

test.each([
  ['getQueue', { path: '/races/R1/queue' }, 'raceId'],
  ['startRun', { path: `/races/${'x'.repeat(65)}/runs` }, 'raceId'],
  ['recordRunEvent', { path: '/races/r1/runs/a--b/events' }, 'runId'],
  ['recordLap', { path: '/races/r1/runs/..%2F..%2Fpeople/laps' }, 'runId'],
  ['takeBack', { path: '/races/r1%00/retractions' }, 'raceId'],
  ['enterCompetitor', { path: '/races/-r1/entries' }, 'raceId'],
  ['proposeResult', { path: '/races/r1-/proposal' }, 'raceId'],
  ['changeRace', { path: '/races/r_1' }, 'raceId'],
  ['correctRace', { path: '/races/r.1/corrections' }, 'raceId'],
  ['stepRace', { path: '/races/r1/steps/undo' }, 'step'],
  ['stepRace', { path: '/races/r1/steps/opened' }, 'step'],
  ['stepRace', { path: '/races/r1/steps/open%0A' }, 'step'],
  ['getLedger', { path: '/races/%20/ledger' }, 'raceId'],
  ['explainRank', { path: '/races/r1/explanations/0' }, 'bib'],
  ['explainRank', { path: '/races/r1/explanations/1e3' }, 'bib'],
  ['explainRank', { path: '/races/r1/explanations/100000' }, 'bib'],
  ['getBoardAt', { path: "/races/r1'/board" }, 'raceId'],
  ['exportRace', { path: '/races/r1/exports/people' }, 'what'],
  ['getPerson', { path: '/people/K3V9X2' }, 'competitorId'],
  ['erasePerson', { path: '/people/*' }, 'competitorId'],
  ['extendRace', { path: '/races/R1/extension' }, 'raceId']
])('%s refuses %o: %s', async (operation, { path }, name) => {
  const { role, ...desk } = DESKS.find(each => each.operation === operation)!
  const refusal = await door.refused({ ...desk, path, token: await door.official([role]) })
  expect(refusal).toMatchObject({ status: 400, kind: 'bad-parameter' })
  expect(refusal.detail).toContain(`${name} must be`)
})

/** By role: what reads, and orders of two addresses, which have one counter; calls in a period, and its length in ms. */
const LIMITS = [
  {
    ...{ role: 'timekeeper', calls: 100, periodMs: 10_000 },
    ...{ read: 'getQueue', first: 'recordLap', second: 'startRun' }
  },
  {
    ...{ role: 'admin', calls: 120, periodMs: 60_000 },
    ...{ read: 'getLedger', first: 'stepRace', second: 'correctRace' }
  }
]
test.each(LIMITS)(
  'a $role has $calls reads and as many orders in $periodMs ms over all addresses',
  async ({ role, calls, periodMs, ...names }) => {
    const token = await door.official([role])
    const send = (operation: string, by = token) => {
      const { role: _, ...desk } = DESKS.find(each => each.operation === operation)!
      return door.send({ ...desk, token: by })
    }
    for (let call = 0; call < calls; call++) expect((await send(names.read)).status).toBe(201)
    expect((await send(names.read)).status).toBe(429)
    for (let call = 1; call < calls; call++) expect((await send(names.first)).status).toBe(201)
    expect((await send(names.second)).status).toBe(201)
    expect((await send(names.first)).status).toBe(429)
    expect((await send(names.second)).status).toBe(429)
    expect((await send(names.first, await door.official([role], 'o-2'))).status).toBe(201)
    door.clock.now += periodMs
    expect((await send(names.second)).status).toBe(201)
  }
)
