import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

describe('read', () => {
  it('passes pages, ETags and 304 and shows them to any site', async () => {
    Object.assign(door.answer, { status: 304, headers: { ETag: '"91"' } })
    const path = '/races/r1/standings?x=%20y'
    const headers = { 'if-none-match': '"91"', origin: 'https://any.example' }
    const answer = await door.send({ path, method: 'GET', headers })
    expect(answer.status).toBe(304)
    expect(answer.headers.get('etag')).toBe('"91"')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toContain('etag')
    expect(door.received[0]?.url).toBe('/public/races/r1/standings?x=%20y')
    expect(door.received[0]?.headers['if-none-match']).toBe('"91"')
  })
})
