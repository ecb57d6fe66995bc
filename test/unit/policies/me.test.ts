import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

const me = (token: string | undefined) => ({ method: 'GET', path: '/me', token })

test.each(['admin', 'timekeeper', 'commentator'])(
  'a %s is told of by the admin app',
  async role => {
    const token = await door.official(['viewer', role])
    expect((await door.send(me(token))).status).toBe(201)
    expect(door.received[0]).toMatchObject({ method: 'GET', url: '/admin/me' })
    expect(door.received[0]?.headers.authorization).toBe(`Bearer ${token}`)
  }
)

test('whoever has no role of an official is refused', async () => {
  const tokens: [string | undefined, number][] = [
    [undefined, 401],
    [door.token, 401],
    [await door.official([]), 403],
    [await door.official(['car', 'gateway']), 403]
  ]
  for (const [token, status] of tokens)
    expect(await door.refused(me(token))).toMatchObject({ status })
})

test('who asks too often may still give orders', async () => {
  const token = await door.official(['admin'])
  for (let call = 0; call < 120; call++) expect((await door.send(me(token))).status).toBe(201)
  expect((await door.send(me(token))).status).toBe(429)
  expect((await door.send({ path: '/races/r1/steps/start', token })).status).toBe(201)
  expect((await door.send(me(await door.official(['admin'], 'o-2')))).status).toBe(201)
})
