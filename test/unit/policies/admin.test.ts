import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPolicyDoor, type PolicyDoor, raceBody } from './policyDoor.ts'

let door: PolicyDoor
let token: string
beforeAll(async () => {
  door = await openPolicyDoor()
  token = await door.official(['viewer', 'admin'])
})
afterAll(() => door.close())
beforeEach(() => door.reset())

const ROUTES = [
  { path: '/races', body: raceBody },
  { path: '/screens', body: { name: 'hall-4' } }
]

describe.each(ROUTES)('the policy of POST $path', ({ path, body }) => {
  it('passes an admin with body and token to the admin app', async () => {
    expect((await door.send({ path, body, token })).status).toBe(201)
    const [passed] = door.received
    expect(passed).toMatchObject({ method: 'POST', url: `/admin${path}` })
    expect(passed?.headers.authorization).toBe(`Bearer ${token}`)
    expect(JSON.parse(passed?.body.toString() ?? '')).toEqual(body)
  })

  it.each([
    ['nobody', async () => undefined, 401, 'unauthorized'],
    ['a seat', async () => door.token, 401, 'unauthorized'],
    ['an official without a role', () => door.official([]), 403, 'forbidden'],
    ['a timekeeper', () => door.official(['timekeeper']), 403, 'forbidden']
  ])('refuses %s', async (_who, given, status, kind) => {
    expect(await door.refused({ path, body, token: await given() })).toMatchObject({ status, kind })
  })

  it('refuses unknown parts and bodies that are no JSON', async () => {
    const refusal = await door.refused({ path, body: { ...body, nickname: 'x' }, token })
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-body' })
    expect(refusal.detail).toContain('must NOT have additional properties nickname')
    const headers = { 'content-type': 'text/plain' }
    expect(await door.refused({ path, body, token, headers })).toMatchObject({ status: 415 })
  })

  it('refuses an admin after 120 calls in a minute, and no other admin', async () => {
    for (let call = 0; call < 120; call++)
      expect((await door.send({ path, body, token })).status).toBe(201)
    door.received.length = 0
    expect(await door.refused({ path, body, token })).toMatchObject({ status: 429 })
    const other = await door.official(['admin'], 'o-2')
    expect((await door.send({ path, body, token: other })).status).toBe(201)
  })
})

describe('createRace', () => {
  it.each([
    ['no format', { ...raceBody, format: undefined }, "must have required property 'format'"],
    ['a name for an id', { ...raceBody, id: 'The Race' }, '/id must match pattern'],
    ['a race for nobody', { ...raceBody, capacity: 0 }, '/capacity must be >= 1'],
    ['another kind of format', { ...raceBody, format: { kind: 'sprint' } }, '/format/kind must be']
  ])('refuses %s', async (_what, body, detail) => {
    const refusal = await door.refused({ path: '/races', body, token })
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-body' })
    expect(refusal.detail).toContain(detail)
  })
})
