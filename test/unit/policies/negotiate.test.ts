import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SCREEN_AUDIENCE, SEAT_AUDIENCE } from '#contract'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

describe('negotiate', () => {
  const path = '/races/r1/negotiate'

  it.each([SEAT_AUDIENCE, SCREEN_AUDIENCE])('passes a %s token on', async audience => {
    door.answer.status = 200
    const given = await door.sign({ race: 'r1' }, audience)
    expect((await door.send({ path, token: given })).status).toBe(200)
    expect(door.received[0]).toMatchObject({ url: `/publish${path}`, method: 'POST' })
    expect(door.received[0]?.headers.authorization).toBe(`Bearer ${given}`)
  })

  it('refuses who has no token', async () => {
    expect(await door.refused({ path })).toMatchObject({ status: 401, kind: 'unauthorized' })
  })

  it('tells a seat that its session is closed, and a screen to bring another token', async () => {
    const screen = await door.sign({ race: 'r1' }, SCREEN_AUDIENCE, '1s ago')
    expect(await door.refused({ path, token: screen })).toMatchObject({ kind: 'unauthorized' })
    const refusal = await door.refused({ path, token: await door.seat('r1', 17, '1s ago') })
    expect(refusal).toMatchObject({ status: 401, kind: 'session-closed' })
  })

  it('refuses a token after 60 calls in a minute', async () => {
    for (let call = 0; call < 60; call++)
      expect((await door.send({ path, token: door.token })).status).toBe(201)
    expect((await door.send({ path, token: door.token })).status).toBe(429)
    door.clock.now += 60_000
    expect((await door.send({ path, token: door.token })).status).toBe(201)
  })
})
