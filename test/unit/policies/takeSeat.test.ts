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

  it('passes the key of a request that may be sent again, and the token of who signed in', async () => {
    const headers = { 'idempotency-key': 'seat-0001', authorization: 'Bearer of-another-issuer' }
    expect((await door.send({ path, body: { nickname: 'Ada' }, headers })).status).toBe(201)
    expect(door.received[0]?.headers).toMatchObject(headers)
  })

  /** Joins, some at a time; how many got each status. */
  const join = async (calls: number) => {
    const statuses = new Map<number, number>()
    for (let sent = 0; sent < calls; sent += 50)
      for (const { status } of await Promise.all(
        Array.from({ length: 50 }, () => door.send({ path, body: { nickname: 'Ada' } }))
      ))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
    return Object.fromEntries(statuses)
  }

  it('lets a venue of a thousand sit down by one address within a minute, and no flood', async () => {
    expect(await join(1_000)).toEqual({ 201: 1_000 })
    door.clock.now += 50_000
    expect(await join(9_000)).toEqual({ 201: 4_000, 429: 5_000 })
    door.clock.now += 10_000
    expect(await join(50)).toEqual({ 201: 50 })
  })

  it('lets nobody at an address guess on after 60 wrong codes in a minute', async () => {
    door.answer.status = 403
    expect(await join(50)).toEqual({ 403: 50 })
    door.answer.status = 201
    expect(await join(100)).toEqual({ 201: 100 })
    door.answer.status = 403
    for (let call = 50; call < 60; call++)
      expect((await door.send({ path, body: { nickname: 'Ada', code: 'no code' } })).status).toBe(
        403
      )
    door.answer.status = 201
    door.received.length = 0
    expect(await door.refused({ path, body: { nickname: 'Ada' } })).toMatchObject({ status: 429 })
    door.clock.now += 60_000
    expect(await join(50)).toEqual({ 201: 50 })
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
