import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeDeviceCertificates } from '../../infra/local/certificates.ts'
import { closeHubs } from './eventHubsNamespace.ts'
import {
  certificates,
  disconnected,
  type Fleet,
  HOST,
  heardBy,
  keyOf,
  messageOf,
  signature,
  startFleet,
  wireOf
} from './iotHubFleet.ts'

let fleet: Fleet
const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
const NOT_AUTHORIZED = /Connection refused: Not authorized/

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

describe('A device is let in', () => {
  it('by a signature of its own key', async () => {
    await expect(fleet.device('car-1')).resolves.toBeDefined()
  })

  it('by a certificate of its own name, which the event says too', async () => {
    const car = await fleet.device('car-3', { tls: certificates['car-3'] })
    await car.sendEvent(messageOf('{}'))
    const [event] = await fleet.events('car-3', 1)
    expect(event?.systemProperties?.['iothub-connection-device-id']).toBe('car-3')
    const method = JSON.parse(event?.systemProperties?.['iothub-connection-auth-method'])
    expect(method).toMatchObject({ type: 'x509' })
  })
})

describe('A device is refused', () => {
  const told = () => complaints.mock.calls.flat().join('\n')

  it.each([
    ['with another device’s key', 'car-2', { key: keyOf('car-1') }, 'signature does not hold'],
    ['with a key where it is registered by certificate', 'car-3', {}, 'not by token'],
    [
      'with a certificate where it is registered by key',
      'car-1',
      { tls: certificates['car-3'] },
      'no shared access signature'
    ],
    [
      'with another device’s certificate',
      'car-4',
      { tls: certificates['car-3'] },
      'certificate is that of car-3'
    ],
    ['when it is disabled', 'car-8', {}, 'is disabled'],
    ['with a certificate that was revoked', 'car-9', { tls: certificates['car-9'] }, 'is disabled'],
    ['when nobody registered it', 'car-77', {}, 'no such device']
  ])('%s', async (_, deviceId, options, why) => {
    await expect(fleet.device(deviceId, options)).rejects.toThrow(NOT_AUTHORIZED)
    expect(told()).toContain(why)
  })

  it('with a certificate of its name by another authority', async () => {
    const foreign = await makeDeviceCertificates(['car-3'])
    const tls = foreign.devices['car-3']
    await expect(fleet.device('car-3', { tls })).rejects.toThrow(NOT_AUTHORIZED)
    expect(told()).toContain('no certificate of an authority that the hub knows')
  })

  const path = `${HOST}/devices/car-1`
  const name = `${HOST}/car-1/?api-version=2021-04-12`
  const good = signature(path, keyOf('car-1'))
  const login = async (username: string, sharedAccessSignature: string) => {
    const client = await fleet.client('car-1')
    const config = { uri: `mqtts://${fleet.gateway}`, clientId: 'car-1' }
    const wire = wireOf(client)
    return new Promise<string>(resolve => {
      wire.connect({ ...config, username, sharedAccessSignature }, error =>
        resolve(error?.message ?? 'connected')
      )
    })
  }

  it.each([
    ['an expired token', name, signature(path, keyOf('car-1'), { se: 1_700_000_000 })],
    ['another device’s token', name, signature(`${HOST}/devices/car-2`, keyOf('car-2'))],
    ['a token for another device', name, signature(`${HOST}/devices/car-2`, keyOf('car-1'))],
    ['a token of a service’s policy', name, signature(path, keyOf('car-1'), { skn: 'device' })],
    ['a password that is no token', name, 'car-1'],
    ['another device’s user name', name.replace('car-1', 'car-2'), good],
    ['another hub’s user name', name.replace('grandstand', 'other'), good],
    ['a user name without the version', name.replace(/\?.*/, ''), good]
  ])('with %s', async (_, username, token) => {
    expect(await login(username, token)).toMatch(NOT_AUTHORIZED)
  })

  it('with none of these, but with what they were made from it is not', async () => {
    expect(await login(name, good)).toBe('connected')
  })
})

describe('A connection ends', () => {
  it('when its token expires', async () => {
    const client = await fleet.client('car-1')
    const se = Math.floor(Date.now() / 1_000) + 2
    const wire = wireOf(client)
    const ended = once(wire as unknown as EventTarget, 'error')
    const config = { uri: `mqtts://${fleet.gateway}`, clientId: 'car-1' }
    const sharedAccessSignature = signature(`${HOST}/devices/car-1`, keyOf('car-1'), { se })
    const username = `${HOST}/car-1/?api-version=2021-04-12`
    wire.connect({ ...config, username, sharedAccessSignature }, () => undefined)
    expect(String(await ended)).toContain('closed')
  })

  it('when its device comes a second time; the second one stays', async () => {
    const first = await fleet.device('car-1')
    const ended = disconnected(first)
    const second = await fleet.device('car-1')
    await ended
    await second.sendEvent(messageOf('{"from":"the second"}'))
    const bodies = await fleet.bodiesUpTo('car-1', { from: 'the second' })
    expect(bodies.at(-1)).toEqual({ from: 'the second' })
  })

  const big = Buffer.alloc(262_144)
  it.each([
    ['QoS 2', 'devices/car-1/messages/events/', '{"never":"stored"}', { qos: 2 }],
    [
      'a retained message',
      'devices/car-1/messages/events/',
      '{"never":"stored"}',
      { qos: 1, retain: true }
    ],
    ['more than 256 KB', 'devices/car-1/messages/events/', big, { qos: 1 }],
    [
      'a system property that is not served',
      'devices/car-1/messages/events/%24.to=a',
      '{"never":"stored"}',
      {}
    ],
    ['a broken property', 'devices/car-1/messages/events/a=%zz', '{"never":"stored"}', {}],
    ['another device’s topic', 'devices/car-2/messages/events/', '{"never":"stored"}', { qos: 1 }],
    ['a method call of its own', '$iothub/methods/POST/stop/?$rid=1', '{"never":"stored"}', {}],
    [
      'a twin of its own making',
      '$iothub/twin/PATCH/properties/desired/?$version=9',
      '{"never":"stored"}',
      {}
    ],
    ['any other topic', 'cars/all', '{"never":"stored"}', { qos: 1 }]
  ])('by %s, and nobody gets it', async (_, topic, payload, options) => {
    const [car, other] = [await fleet.device('car-1'), await fleet.device('car-2')]
    other.onDeviceMethod('stop', () => undefined)
    await other.getTwin()
    const heard = heardBy(other)
    const ended = disconnected(car)
    wireOf(car).publish(topic, payload, options, () => undefined)
    await ended
    const back = await fleet.device('car-1')
    for (const [deviceId, client] of Object.entries({ 'car-1': back, 'car-2': other })) {
      const last = { after: topic, options }
      await client.sendEvent(messageOf(JSON.stringify(last)))
      for (const body of await fleet.bodiesUpTo(deviceId, last))
        expect(body).not.toEqual(Buffer.isBuffer(payload) ? payload : JSON.parse(payload))
    }
    expect(heard).toEqual([])
  })

  it('by nothing just below 256 KB', async () => {
    const car = await fleet.device('car-3', { tls: certificates['car-3'] })
    await car.sendEvent(messageOf(Buffer.alloc(262_144 - 40, 'x')))
    const events = await fleet.events('car-3', 2)
    expect(events.at(-1)?.body).toHaveLength(262_144 - 40)
  })
})

describe('A device hears', () => {
  it.each(['#', '$iothub/#', 'devices/car-2/#', 'devices/car-1/messages/devicebound/#'])(
    'nothing of %s',
    async filter => {
      const car = await fleet.device('car-1')
      const granted = await new Promise((resolve, reject) => {
        wireOf(car).subscribe(filter, { qos: 0 }, (error, result) =>
          error ? reject(error) : resolve(result)
        )
      })
      expect(granted).toMatchObject([{ topic: filter, qos: 128 }])
    }
  )
})
