import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

describe('leaveSeat', () => {
  const leave = (path: string) => ({ path, method: 'DELETE', token: door.token })

  it('passes who leaves their own seat', async () => {
    door.answer.status = 204
    expect((await door.send(leave('/races/r1/seats/17'))).status).toBe(204)
    expect(door.received[0]).toMatchObject({ method: 'DELETE', url: '/rider/races/r1/seats/17' })
    expect(door.received[0]?.headers.authorization).toBe(`Bearer ${door.token}`)
  })

  it.each([
    ['another seat', '/races/r1/seats/18', 'another seat of this race'],
    ['a seat of another race', '/races/r2/seats/17', 'another race']
  ])('refuses %s', async (_what, path, detail) => {
    const refusal = await door.refused(leave(path))
    expect(refusal).toMatchObject({ status: 403, kind: 'forbidden' })
    expect(refusal.detail).toContain(detail)
  })
})
