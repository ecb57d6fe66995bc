import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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

const path = '/races/r1/runs/run-1/laps'
const body = { bib: 1, lap: 1, lapMs: 9_000 }

describe('timekeeper', () => {
  it('passes a lap with its key and token to the timekeeper app', async () => {
    const headers = { 'idempotency-key': 'lap-0001', origin: PAGE_ORIGIN }
    const answer = await door.send({ path, body, token, headers })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
    expect(door.received[0]).toMatchObject({ method: 'POST', url: `/timekeeper${path}` })
    expect(door.received[0]?.headers).toMatchObject({
      'idempotency-key': 'lap-0001',
      authorization: `Bearer ${token}`
    })
  })

  it.each([
    ['nobody', async () => undefined, 401, 'unauthorized'],
    ['a seat', async () => door.token, 401, 'unauthorized'],
    ['an official without a role', () => door.official([]), 403, 'forbidden'],
    ['an admin', () => door.official(['admin']), 403, 'forbidden']
  ])('refuses %s', async (_who, given, status, kind) => {
    expect(await door.refused({ path, body, token: await given() })).toMatchObject({ status, kind })
  })

  it.each([
    ['a lap of no time', { ...body, lapMs: 0 }, '/lapMs must be >= 1'],
    ['a lap of nobody', { ...body, bib: undefined }, "must have required property 'bib'"],
    ['unknown parts', { ...body, source: 'sensor' }, 'additional properties source']
  ])('refuses %s', async (_what, wrong, detail) => {
    const refusal = await door.refused({ path, body: wrong, token })
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-body' })
    expect(refusal.detail).toContain(detail)
  })

  it('refuses a timekeeper after 100 laps in 10 s, and no other', async () => {
    for (let call = 0; call < 100; call++)
      expect((await door.send({ path, body, token })).status).toBe(201)
    door.received.length = 0
    expect(await door.refused({ path, body, token })).toMatchObject({ status: 429 })
    const other = await door.official(['timekeeper'], 'o-2')
    expect((await door.send({ path, body, token: other })).status).toBe(201)
  })
})
