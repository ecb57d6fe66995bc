import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

const MAX_BYTES = 1_000_000
const CSV = { 'content-type': 'text/csv' }

let door: PolicyDoor
let token: string
beforeAll(async () => {
  door = await openPolicyDoor()
  token = await door.official(['admin'])
})
afterAll(() => door.close())
beforeEach(() => door.reset())

const path = '/races/r1/startlist'
const list = 'bib,name\r\n1,"Åsa, 🚲"\r\n'

test.each(['text/csv', 'Text/CSV; charset=utf-8'])(
  'a list as %s comes to the admin app byte by byte, with its query',
  async type => {
    const request = { path: `${path}?apply=true`, token, headers: { 'content-type': type } }
    expect((await door.send({ ...request, body: list })).status).toBe(201)
    const [passed] = door.received
    expect(passed).toMatchObject({ method: 'POST', url: `/admin${path}?apply=true` })
    expect(passed?.body.toString()).toBe(list)
  }
)

test('a list is taken from admins alone', async () => {
  const tokens: [string | undefined, number][] = [
    [undefined, 401],
    [door.token, 401],
    [await door.official([]), 403],
    [await door.official(['timekeeper']), 403]
  ]
  for (const [given, status] of tokens)
    expect(await door.refused({ path, body: list, headers: CSV, token: given })).toMatchObject({
      status
    })
})

test.each(['application/json', 'text/plain', 'text/csvx', 'application/x-text/csv'])(
  'what comes as %s is no list',
  async type => {
    const headers = { 'content-type': type }
    const refusal = await door.refused({ path, body: list, token, headers })
    expect(refusal).toMatchObject({ status: 415, kind: 'unsupported-media-type' })
    expect(refusal.detail).toContain('text/csv')
  }
)

test(`a list has at most ${MAX_BYTES} bytes`, async () => {
  const body = list.padEnd(MAX_BYTES - Buffer.byteLength(list) + list.length)
  expect(Buffer.byteLength(body)).toBe(MAX_BYTES)
  expect((await door.send({ path, body, token, headers: CSV })).status).toBe(201)
  expect(door.received[0]?.body.length).toBe(MAX_BYTES)
  door.received.length = 0
  const refusal = await door.refused({ path, body: `${body} `, token, headers: CSV })
  expect(refusal).toMatchObject({ status: 413, kind: 'too-large' })
  expect(refusal.detail).toContain(String(MAX_BYTES))
})

test('a list of unknown length is refused', async () => {
  const answer = await fetch(`${door.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...CSV },
    body: new Blob([list]).stream(),
    duplex: 'half'
  } as RequestInit)
  expect(answer.status).toBe(413)
  expect(door.received).toEqual([])
})

test('a list for what is no race is refused', async () => {
  const request = { path: '/races/R1/startlist', body: list, token, headers: CSV }
  expect(await door.refused(request)).toMatchObject({ status: 400, kind: 'bad-parameter' })
})
