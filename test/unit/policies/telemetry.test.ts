import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BATCH_MAX_BYTES, SCREEN_AUDIENCE } from '#contract'
import { GATEWAY_CLIENT_ID } from '../../frontDoor.ts'
import { openPolicyDoor, type PolicyDoor, reading } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

const misspelt = (token: string) => `${token.slice(0, -8)}AAAAAAAA`

describe('telemetry', () => {
  it("sends the caller's bytes to the hub as this gateway, with the seat's identity", async () => {
    const body = ` [ ${JSON.stringify(reading)}\n]`
    const answer = await door.send(door.rider({ path: '/races/r1/telemetry?api-version=1', body }))
    expect(answer).toMatchObject({ status: 202, text: '' })
    const [event] = door.received
    expect(event).toMatchObject({ method: 'POST', url: '/telemetry/messages?api-version=2014-01' })
    expect(event?.body.toString()).toBe(body)
    expect(event?.headers).toMatchObject({
      race: 'r1',
      bib: '17',
      competitor: 'c-17',
      lane: '3',
      session: '77',
      brokerproperties: '{"PartitionKey":"r1.3"}'
    })
    const sentAs = event?.headers.authorization?.split('.')[1] ?? ''
    expect(JSON.parse(Buffer.from(sentAs, 'base64url').toString())).toMatchObject({
      aud: 'https://eventhubs.azure.net',
      appid: GATEWAY_CLIENT_ID
    })
  })

  it.each([
    ['no token', async () => undefined],
    ['what is no token', async () => 'abc'],
    ['a screen token', () => door.sign({ race: 'r1', bib: 17 }, SCREEN_AUDIENCE)],
    ['an expired one', () => door.sign({ race: 'r1', bib: 17 }, SCREEN_AUDIENCE, '1s ago')],
    ['a token with a wrong signature', async () => misspelt(door.token)],
    ['an expired one', async () => misspelt(await door.seat('r1', 17, '1s ago'))]
  ])('refuses %s', async (_what, given) => {
    const refusal = await door.refused(door.rider({ token: await given() }))
    expect(refusal).toMatchObject({ status: 401, kind: 'unauthorized' })
    expect(refusal.headers.get('www-authenticate')).toBe('Bearer')
  })

  it.each([
    ['never seen before', false],
    ['that it once took', true]
  ])('ends with a token %s, to the second, and says what to do', async (_which, isKnown) => {
    const short = await door.seat('r1', 17, '2h')
    const endsAt = (decodeJwt(short).exp ?? 0) * 1_000
    door.clock.now = endsAt - 1
    if (isKnown) expect((await door.send(door.rider({ token: short }))).status).toBe(202)
    door.received.length = 0
    door.clock.now = endsAt
    const refusal = await door.refused(door.rider({ token: short }))
    expect(refusal).toMatchObject({ status: 401, kind: 'session-closed' })
    expect(refusal.detail).toContain('renew the seat while its race runs, else join the next race')
    expect(refusal.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('refuses a seat of another race', async () => {
    const refusal = await door.refused(door.rider({ path: '/races/r2/telemetry' }))
    expect(refusal).toMatchObject({ status: 403, kind: 'forbidden' })
  })

  it('refuses a seat after 40 calls in 10 s and no other seat', async () => {
    for (let call = 0; call < 40; call++) expect((await door.send(door.rider({}))).status).toBe(202)
    door.received.length = 0
    door.clock.now += 3_500
    const refusal = await door.refused(door.rider({}))
    expect(refusal).toMatchObject({ status: 429, kind: 'too-many-requests' })
    expect(refusal.headers.get('retry-after')).toBe('7')
    expect((await door.send(door.rider({ token: await door.seat('r1', 18) }))).status).toBe(202)
    door.clock.now += 6_500
    expect((await door.send(door.rider({}))).status).toBe(202)
  })

  it.each([
    ['text', { 'content-type': 'text/plain' }],
    ["Event Hubs' own batch", { 'content-type': 'application/vnd.microsoft.servicebus.json' }]
  ])('refuses %s', async (_what, headers) => {
    expect(await door.refused(door.rider({ headers }))).toMatchObject({
      status: 415,
      kind: 'unsupported-media-type'
    })
  })

  it('takes JSON with its charset named', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect((await door.send(door.rider({ headers }))).status).toBe(202)
  })

  it(`takes ${BATCH_MAX_BYTES} bytes and refuses one more`, async () => {
    const body = JSON.stringify(reading).padEnd(BATCH_MAX_BYTES)
    expect((await door.send(door.rider({ body }))).status).toBe(202)
    door.received.length = 0
    const refusal = await door.refused(door.rider({ body: `${body} ` }))
    expect(refusal).toMatchObject({ status: 413, kind: 'too-large' })
    expect(refusal.detail).toContain(String(BATCH_MAX_BYTES))
  })

  it('refuses a body of unknown length', async () => {
    const response = await fetch(`${door.url}/races/r1/telemetry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
      body: new Blob([JSON.stringify(reading)]).stream(),
      duplex: 'half'
    } as RequestInit)
    expect(response.status).toBe(413)
  })

  it.each([
    ['no JSON', '{', 'not JSON'],
    ['a cadence of 251', { ...reading, cadence: 251 }, '/cadence must be <= 250'],
    [
      'a reading without work',
      { ...reading, work: undefined },
      "must have required property 'work'"
    ],
    ['a bib in the body', { ...reading, bib: 1 }, 'must NOT have additional properties bib'],
    ['an empty batch', [], 'must NOT have fewer than 1 items'],
    ['65 readings', Array(65).fill(reading), 'must NOT have more than 64 items'],
    ['one bad reading', [reading, { ...reading, seq: -1 }], '/1/seq must be >= 0']
  ])('refuses %s', async (_what, body, detail) => {
    const refusal = await door.refused(door.rider({ body }))
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-body' })
    expect(refusal.detail).toContain(detail)
  })

  it('says that nothing was stored when the hub refuses', async () => {
    door.answer.status = 401
    const { status, headers, text } = await door.send(door.rider({}))
    expect(status).toBe(503)
    expect(headers.get('retry-after')).toBe('1')
    expect(JSON.parse(text).type).toMatch(/unavailable$/)
  })
})
