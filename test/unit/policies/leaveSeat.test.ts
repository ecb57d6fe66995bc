import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

describe.each([
  { operation: 'leaveSeat', method: 'DELETE', below: '' },
  { operation: 'renewSeat', method: 'POST', below: '/renewal' }
])('$operation', ({ method, below }) => {
  const ask = (path: string, token = door.token) => ({ path: path + below, method, token })

  it('passes who has the seat', async () => {
    expect((await door.send(ask('/races/r1/seats/17'))).status).toBe(201)
    expect(door.received[0]).toMatchObject({ method, url: `/rider/races/r1/seats/17${below}` })
    expect(door.received[0]?.headers.authorization).toBe(`Bearer ${door.token}`)
  })

  it.each([
    ['another seat', '/races/r1/seats/18', 'another seat of this race'],
    ['a seat of another race', '/races/r2/seats/17', 'another race']
  ])('refuses %s', async (_what, path, detail) => {
    const refusal = await door.refused(ask(path))
    expect(refusal).toMatchObject({ status: 403, kind: 'forbidden' })
    expect(refusal.detail).toContain(detail)
  })

  it('refuses nobody, and who signed in, for want of a seat', async () => {
    const { token: _, ...unsigned } = ask('/races/r1/seats/17')
    expect(await door.refused(unsigned)).toMatchObject({ status: 401, kind: 'unauthorized' })
    const admin = await door.official(['admin'])
    const refusal = await door.refused(ask('/races/r1/seats/17', admin))
    expect(refusal).toMatchObject({ status: 401, kind: 'unauthorized' })
  })

  it('says that the session is closed from the second in which the token ends', async () => {
    const exp = decodeJwt(door.token).exp ?? 0
    door.clock.now = exp * 1_000 - 1
    expect((await door.send(ask('/races/r1/seats/17'))).status).toBe(201)
    door.received.length = 0
    door.clock.now = exp * 1_000
    const refusal = await door.refused(ask('/races/r1/seats/17'))
    expect(refusal).toMatchObject({ status: 401, kind: 'session-closed' })
  })
})

describe('renewSeat', () => {
  it('refuses a seat after 30 calls in a minute and no other seat', async () => {
    const renew = (bib: number, token = door.token) =>
      door.send({ path: `/races/r1/seats/${bib}/renewal`, token })
    for (let call = 0; call < 30; call++) expect((await renew(17)).status).toBe(201)
    expect((await renew(17)).status).toBe(429)
    expect((await renew(18, await door.seat('r1', 18))).status).toBe(201)
    door.clock.now += 60_000
    expect((await renew(17)).status).toBe(201)
  })
})
