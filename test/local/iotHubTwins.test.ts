import { once } from 'node:events'
import { promisify } from 'node:util'
import { generateKeyPair } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { closeHubs } from './eventHubsNamespace.ts'
import {
  certificates,
  type DeviceClient,
  disconnected,
  type Fleet,
  heardBy,
  IOT_AUDIENCE,
  messageOf,
  startFleet,
  tokenOf,
  wireOf
} from './iotHubFleet.ts'

let fleet: Fleet
const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)

beforeAll(async () => {
  fleet = await startFleet()
})
afterEach(async () => {
  await fleet.closeClients()
  complaints.mockClear()
})
afterAll(async () => {
  await fleet.close()
  await closeHubs()
})

const report = async (client: DeviceClient, patch: object) => {
  const { properties } = await client.getTwin()
  return promisify<object, void>(properties.reported.update)(patch)
}
const readTwin = async (deviceId: string) => (await fleet.call('GET', `/twins/${deviceId}`)).body
const errorOf = ({ body, status }: { body: { Message?: string }; status: number }) => [
  status,
  JSON.parse(body.Message ?? '{}').errorCode
]
/** Answers a method as a car does; resolves once the hub can call it. */
async function serve(client: DeviceClient, name: string, answer: (payload: unknown) => object) {
  client.onDeviceMethod(name, ({ payload }, response) => {
    response.send(200, answer(payload)).catch(() => undefined)
  })
  await client.getTwin()
}

describe('A twin', () => {
  it('has what its device reported, with a version for each change and the time of it', async () => {
    const car = await fleet.device('car-1')
    await report(car, { battery: 90, link: { ackMs: 4, losses: 0 } })
    const first = await readTwin('car-1')
    expect(first.properties.reported).toMatchObject({
      battery: 90,
      link: { ackMs: 4, losses: 0 },
      $version: 2
    })
    await report(car, { battery: 89, link: { losses: null } })
    const { reported } = (await readTwin('car-1')).properties
    expect(reported).toMatchObject({ battery: 89, link: { ackMs: 4 }, $version: 3 })
    expect(reported.link).not.toHaveProperty('losses')
    const { $lastUpdated } = first.properties.reported.$metadata
    expect(reported.$metadata.battery.$lastUpdated >= $lastUpdated).toBe(true)
    expect((await car.getTwin()).properties.reported).toMatchObject({ battery: 89, $version: 3 })
  })

  it('refuses what does not fit, and stays as it was', async () => {
    const car = await fleet.device('car-1')
    const before = await readTwin('car-1')
    let deep: object = {}
    for (let depth = 0; depth < 12; depth++) deep = { deep }
    for (const patch of [[1], { 'a.b': 1 }, { $a: 1 }, { big: 'x'.repeat(33_000) }, deep])
      await expect(report(car, patch)).rejects.toThrow(/twin/)
    expect((await readTwin('car-1')).properties).toEqual(before.properties)
  })

  it('tells its device at once what is desired of it, and when it comes back', async () => {
    const car = await fleet.device('car-2')
    const twin = await car.getTwin()
    const told = once(twin, 'properties.desired.rate')
    // The listener’s subscription is granted before the next answer of the hub.
    twin.on('properties.desired', () => undefined)
    await report(car, { ready: true })
    const change = { properties: { desired: { rate: 10 } } }
    expect((await fleet.call('PATCH', '/twins/car-2', change)).status).toBe(200)
    expect(await told).toEqual([10])
    await car.close()
    await fleet.call('PATCH', '/twins/car-2', { properties: { desired: { rate: 20 } } })
    const back = await fleet.device('car-2')
    expect((await back.getTwin()).properties.desired).toMatchObject({ rate: 20, $version: 3 })
  })

  it('survives a restart, and a client that lives on reports to it again', async () => {
    const car = await fleet.device('car-1', { patient: true })
    await report(car, { firmware: '1.0' })
    const before = await readTwin('car-1')
    await fleet.stopIot()
    await fleet.startIot()
    await report(car, { firmware: '1.1' })
    const { reported } = (await readTwin('car-1')).properties
    expect(reported).toMatchObject({ battery: 89, firmware: '1.1' })
    expect(reported.$version).toBe(before.properties.reported.$version + 1)
  })

  it('says whether its device is connected and when it was last heard', async () => {
    expect(await readTwin('car-3')).toMatchObject({
      connectionState: 'Disconnected',
      lastActivityTime: '0001-01-01T00:00:00Z',
      authenticationType: 'certificateAuthority'
    })
    const before = new Date().toISOString()
    const car = await fleet.device('car-2')
    await car.sendEvent(messageOf('{}'))
    const twin = await readTwin('car-2')
    expect(twin).toMatchObject({ connectionState: 'Connected', status: 'enabled' })
    expect(twin.lastActivityTime >= before).toBe(true)
    await car.close()
    await vi.waitFor(async () =>
      expect(await readTwin('car-2')).toMatchObject({ connectionState: 'Disconnected' })
    )
  })

  it('is found with all others by a query', async () => {
    const { body } = await fleet.call('POST', '/devices/query', { query: 'SELECT * FROM devices' })
    const ids = body.map(({ deviceId }: { deviceId: string }) => deviceId)
    expect(ids).toEqual(['car-1', 'car-2', 'car-3', 'car-4', 'car-8', 'car-9'])
    expect(body[4]).toMatchObject({ status: 'disabled' })
  })
})

describe('A direct method', () => {
  it('reaches its device and brings its answer back', async () => {
    const car = await fleet.device('car-1')
    await serve(car, 'stop', payload => ({ stopped: true, payload }))
    const call = { methodName: 'stop', payload: { why: 'test' } }
    expect((await fleet.call('POST', '/twins/car-1/methods', call)).body).toEqual({
      status: 200,
      payload: { stopped: true, payload: { why: 'test' } }
    })
  })

  it('is refused for a device that is away, or hears no methods, or does not exist', async () => {
    const call = { methodName: 'stop' }
    const away = await fleet.call('POST', '/twins/car-3/methods', call)
    expect(errorOf(away)).toEqual([404, 404_103])
    expect(away.headers.get('iothub-errorcode')).toBe('DeviceNotOnline')
    await fleet.device('car-4', { tls: certificates['car-4'] })
    expect(errorOf(await fleet.call('POST', '/twins/car-4/methods', call))).toEqual([404, 404_103])
    expect(errorOf(await fleet.call('POST', '/twins/car-77/methods', call))).toEqual([404, 404_001])
  })

  it('waits for a device that comes in time', async () => {
    const call = { methodName: 'identify', connectTimeoutInSeconds: 60 }
    const answer = fleet.call('POST', '/twins/car-2/methods', call)
    const car = await fleet.device('car-2')
    await serve(car, 'identify', () => ({ blinks: true }))
    expect((await answer).body).toEqual({ status: 200, payload: { blinks: true } })
  })

  it('is given up when its device does not answer, even if another one does', async () => {
    const [car, other] = [await fleet.device('car-1'), await fleet.device('car-2')]
    const asked = new Promise<string>(resolve => {
      car.onDeviceMethod('silent', ({ requestId }) => resolve(requestId))
    })
    await car.getTwin()
    const call = { methodName: 'silent', responseTimeoutInSeconds: 5 }
    const answer = fleet.call('POST', '/twins/car-1/methods', call)
    const topic = `$iothub/methods/res/200/?$rid=${await asked}`
    wireOf(other).publish(topic, '{"mine":false}', { qos: 0 }, () => undefined)
    expect(errorOf(await answer)).toEqual([504, 504_101])
  })

  it('with an answer that is not JSON ends the connection', async () => {
    const car = await fleet.device('car-1')
    const ended = disconnected(car)
    wireOf(car).publish('$iothub/methods/res/200/?$rid=1', '{', { qos: 0 }, () => undefined)
    await ended
    expect(complaints.mock.calls.flat().join('\n')).toContain('JSON')
  })
})

describe('Two devices', () => {
  it('hear nothing of each other’s twins and methods', async () => {
    const [car, other] = [await fleet.device('car-1'), await fleet.device('car-2')]
    await serve(car, 'stop', () => ({ car: 1 }))
    await serve(other, 'stop', () => ({ car: 2 }))
    const heard = heardBy(other)
    await report(car, { secret: 'of car 1' })
    const answer = await fleet.call('POST', '/twins/car-1/methods', { methodName: 'stop' })
    expect(answer.body.payload).toEqual({ car: 1 })
    await other.sendEvent(messageOf('{}'))
    expect(heard).toEqual([])
    expect((await other.getTwin()).properties.reported).not.toHaveProperty('secret')
  })
})

describe('A service', () => {
  it('is let in by a token for IoT Hub and its right', async () => {
    const { privateKey: foreign } = await generateKeyPair('RS256')
    const cases: [string, number][] = [
      [await tokenOf('reader', IOT_AUDIENCE), 200],
      [await tokenOf('nobody', IOT_AUDIENCE), 403],
      [await tokenOf('admin', 'https://storage.azure.com'), 401],
      [await tokenOf('admin', IOT_AUDIENCE, foreign), 401]
    ]
    for (const [token, status] of cases)
      expect((await fleet.call('GET', '/twins/car-1', undefined, token)).status).toBe(status)
    const reader = await tokenOf('reader', IOT_AUDIENCE)
    const call = { methodName: 'stop' }
    expect((await fleet.call('POST', '/twins/car-1/methods', call, reader)).status).toBe(403)
  })

  it('is told what is not served, and what it sent wrong', async () => {
    const wrong: [string, string, unknown, number][] = [
      ['PUT', '/devices/car-1', {}, 501],
      ['POST', '/devices/query', { query: 'SELECT deviceId FROM devices' }, 501],
      ['PATCH', '/twins/car-1', { tags: { pit: 1 } }, 400],
      ['PATCH', '/twins/car-1', { properties: { desired: { 'a.b': 1 } } }, 400],
      ['POST', '/twins/car-1/methods', { methodName: 'a/b' }, 400],
      ['POST', '/twins/car-1/methods', { methodName: 'a', responseTimeoutInSeconds: 1 }, 400]
    ]
    for (const [method, path, body, status] of wrong)
      expect([path, (await fleet.call(method, path, body)).status]).toEqual([path, status])
  })
})
