import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PAGE_ORIGIN } from '../../frontDoor.ts'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

describe('takeSeat', () => {
  const path = '/races/r1/seats'

  it('passes the body to the rider app', async () => {
    expect((await door.send({ path, body: { nickname: 'Ada 🚲' } })).status).toBe(201)
    expect(door.received[0]?.url).toBe(`/rider${path}`)
    expect(door.received[0]?.body.toString()).toBe('{"nickname":"Ada 🚲"}')
  })

  it.each([
    ['no name', {}, "the body must have required property 'nickname'"],
    [
      'a long name',
      { nickname: 'x'.repeat(41) },
      '/nickname must NOT have more than 40 characters'
    ],
    [
      'unknown parts',
      { nickname: 'Ada', bib: 1 },
      'the body must NOT have additional properties bib'
    ]
  ])('refuses %s', async (_what, body, detail) => {
    const refusal = await door.refused({ path, body })
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-body' })
    expect(refusal.detail).toContain(detail)
  })

  it('lets our own pages ask, and no other', async () => {
    const ask = (origin: string) =>
      fetch(door.url + path, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' }
      })
    const ours = await ask(PAGE_ORIGIN)
    expect(ours.status).toBe(200)
    expect(ours.headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
    expect(ours.headers.get('access-control-allow-headers')).toBe(
      'authorization,content-type,idempotency-key'
    )
    const other = await ask('https://other.example')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
    expect(door.received).toEqual([])
  })

  it('shows a refusal to our own pages too', async () => {
    const { status, headers } = await door.refused({
      path,
      body: {},
      headers: { origin: PAGE_ORIGIN }
    })
    expect(status).toBe(400)
    expect(headers.get('access-control-allow-origin')).toBe(PAGE_ORIGIN)
  })
})
