import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { PAGE_ORIGIN } from '../../frontDoor.ts'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
let token: string
beforeAll(async () => {
  door = await openPolicyDoor()
  token = await door.official(['timekeeper'])
})
afterAll(() => door.close())
beforeEach(() => door.reset())

const ROUTES: [method: string, path: string][] = [
  ['GET', '/fleet'],
  ['POST', '/fleet/stop'],
  ['POST', '/fleet/car-16/stop'],
  ['POST', '/fleet/car-16/release'],
  ['POST', '/fleet/car-16/identify']
]

test.each(ROUTES)('%s %s passes either role to the admin app, without a body', async (...route) => {
  const [method, path] = route
  door.answer.status = 200
  for (const role of ['admin', 'timekeeper']) {
    const sent = await door.official(['viewer', role])
    const answer = await door.send({ method, path, token: sent, headers: { origin: PAGE_ORIGIN } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
    const passed = door.received.at(-1)
    expect(passed).toMatchObject({ method, url: `/admin${path}` })
    expect(passed?.headers.authorization).toBe(`Bearer ${sent}`)
    expect(passed?.body.length).toBe(0)
  }
})

test.each(ROUTES)('%s %s refuses everyone else', async (method, path) => {
  const tokens: [string | undefined, number, string][] = [
    [undefined, 401, 'unauthorized'],
    [door.token, 401, 'unauthorized'],
    [await door.official([]), 403, 'forbidden'],
    [await door.official(['car']), 403, 'forbidden']
  ]
  for (const [given, status, kind] of tokens)
    expect(await door.refused({ method, path, token: given })).toMatchObject({ status, kind })
})

test.each(['Car', 'a%22b', 'a-', 'x'.repeat(65)])('the device %s is refused', async deviceId => {
  const refusal = await door.refused({ path: `/fleet/${deviceId}/stop`, token })
  expect(refusal).toMatchObject({ status: 400, kind: 'bad-parameter' })
  expect(refusal.detail).toContain('deviceId')
})

test.each(['go', 'STOP', 'stopp', 'stop%0A'])('the method %s is refused', async method => {
  const refusal = await door.refused({ path: `/fleet/car-16/${method}`, token })
  expect(refusal).toMatchObject({ status: 400, kind: 'bad-parameter' })
  expect(refusal.detail).toContain('method')
})

test('a page may be opened on the fleet by its own origin', async () => {
  const headers = {
    origin: PAGE_ORIGIN,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization'
  }
  const answer = await door.send({ method: 'OPTIONS', path: '/fleet', headers })
  expect(answer.headers.get('access-control-allow-methods')?.split(',')).toContain('GET')
  expect(answer.headers.get('access-control-allow-headers')?.split(',')).toContain('authorization')
})

test('who looks too often may still stop the cars, and others may look', async () => {
  const look = { method: 'GET', path: '/fleet', token }
  for (let call = 0; call < 120; call++) expect((await door.send(look)).status).toBe(201)
  door.received.length = 0
  expect(await door.refused(look)).toMatchObject({ status: 429 })
  const stop = { path: '/fleet/stop', token }
  for (let call = 0; call < 120; call++) expect((await door.send(stop)).status).toBe(201)
  door.received.length = 0
  expect(await door.refused(stop)).toMatchObject({ status: 429 })
  const other = await door.official(['timekeeper'], 'o-2')
  expect((await door.send({ ...look, token: other })).status).toBe(201)
})
