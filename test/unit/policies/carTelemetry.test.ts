import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { API_AUDIENCE } from '../../frontDoor.ts'
import { carBody, openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

describe('carTelemetry', () => {
  it('sends the bytes to the hub under the device of the address', async () => {
    expect((await door.send(door.car({}))).status).toBe(202)
    const [event] = door.received
    expect(event?.url).toBe('/telemetry/messages?api-version=2014-01')
    expect(event?.names).toContain('deviceId')
    expect(event?.headers).toMatchObject({
      deviceid: 'car-16',
      brokerproperties: '{"PartitionKey":"car-16"}'
    })
    expect(JSON.parse(event?.body.toString() ?? '')).toEqual(carBody)
  })

  it.each([
    ['no roles', {}],
    ['other roles', { roles: ['timekeeper'] }]
  ])('refuses a token with %s', async (_what, claims) => {
    const refusal = await door.refused(door.car({ token: await door.sign(claims, API_AUDIENCE) }))
    expect(refusal).toMatchObject({ status: 403, kind: 'forbidden' })
  })

  it('refuses a seat token', async () => {
    expect(await door.refused(door.car({ token: door.token }))).toMatchObject({ status: 401 })
  })

  it.each(['Car', 'a%22b', 'a-', 'x'.repeat(65)])('refuses the device %s', async deviceId => {
    const refusal = await door.refused(door.car({ path: `/cars/${deviceId}/telemetry` }))
    expect(refusal).toMatchObject({ status: 400, kind: 'bad-parameter' })
  })

  it('refuses a body without boot and one that is no JSON', async () => {
    const refusal = await door.refused(door.car({ body: { readings: carBody.readings } }))
    expect(refusal.detail).toContain("must have required property 'boot'")
    expect(
      await door.refused(door.car({ headers: { 'content-type': 'text/plain' } }))
    ).toMatchObject({
      status: 415
    })
  })

  it('refuses a device after 20 calls in 10 s', async () => {
    for (let call = 0; call < 20; call++) expect((await door.send(door.car({}))).status).toBe(202)
    door.received.length = 0
    expect(await door.refused(door.car({}))).toMatchObject({ status: 429 })
  })
})
