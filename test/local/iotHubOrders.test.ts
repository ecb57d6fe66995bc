import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createIotHub } from '../../functions/azure/iotHub.ts'
import { closeHubs, credential } from './eventHubsNamespace.ts'
import { type Fleet, IOT_AUDIENCE, startFleet, tokenOf } from './iotHubFleet.ts'

let fleet: Fleet
beforeAll(async () => {
  fleet = await startFleet()
})
afterEach(() => fleet.closeClients())
afterAll(async () => {
  await fleet.close()
  await closeHubs()
})

/** The apps' adapter as an app of this name. */
const hubAs = (app: string, pageDevices?: number) =>
  createIotHub(
    () => fleet.serviceHost,
    credential(() => tokenOf(app, IOT_AUDIENCE)),
    pageDevices
  )

test('every device is found, in however many pages', async () => {
  const all = ['car-1', 'car-2', 'car-3', 'car-4', 'car-8', 'car-9']
  for (const pageDevices of [1, 4, 6, 1_000]) {
    const found = await hubAs('admin', pageDevices).readDevices()
    expect(found.map(({ deviceId }) => deviceId)).toEqual(all)
  }
})

test('a query is not continued by a token of nobody', async () => {
  const answer = await fetch(`https://${fleet.serviceHost}/devices/query?api-version=2021-04-12`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf('admin', IOT_AUDIENCE)}`,
      'x-ms-continuation': 'bm9uZQ=='
    },
    body: JSON.stringify({ query: 'SELECT * FROM devices' })
  })
  expect(answer.status).toBe(400)
})

test('a device is shown as it is, with what it reports', async () => {
  const before = Date.now()
  const car = await fleet.device('car-1')
  const { properties } = await car.getTwin()
  const report = { kind: 'car', battery: 90, link: { ackMs: 4, losses: 0 } }
  await promisify<object, void>(properties.reported.update)(report)
  const devices = await hubAs('reader').readDevices()
  const seen = devices.find(({ deviceId }) => deviceId === 'car-1')
  expect(seen).toMatchObject({ enabled: true, connected: true, stopOrdered: false })
  expect(seen?.reported).toEqual(report)
  expect(seen?.lastSeen).toBeGreaterThanOrEqual(before)
  const away = { connected: false, lastSeen: null, reported: {} }
  expect(devices.at(-1)).toEqual({
    ...{ deviceId: 'car-9', enabled: false, stopOrdered: false },
    ...away
  })
})

test('an order stands for a device that is away, and for one that is there', async () => {
  const hub = hubAs('admin')
  expect(await hub.orderStop('car-2', true)).toBe(true)
  const car = await fleet.device('car-2')
  const twin = await car.getTwin()
  const orders: boolean[] = []
  twin.on('properties.desired.stop', (stop: boolean) => orders.push(stop))
  // The listener’s subscription is granted before the next answer of the hub.
  await promisify<object, void>(twin.properties.reported.update)({ stopped: true })
  expect(orders).toEqual([true])
  await hub.orderStop('car-2', false)
  await vi.waitFor(() => expect(orders).toEqual([true, false]))
  expect(await hub.orderStop('car-77', true)).toBe(false)
})

test('a device answers a call, with whatever status', async () => {
  const car = await fleet.device('car-1')
  car.onDeviceMethod('stop', (_, response) => void response.send(200, { stopped: true }))
  car.onDeviceMethod('identify', (_, response) => void response.send(501, null))
  await car.getTwin()
  const hub = hubAs('admin')
  expect(await hub.callDevice('car-1', 'stop')).toEqual({ kind: 'answered', status: 200 })
  expect(await hub.callDevice('car-1', 'identify')).toEqual({ kind: 'answered', status: 501 })
})

test('a device does not answer that is silent, away, or not there', async () => {
  const car = await fleet.device('car-1')
  car.onDeviceMethod('stop', () => undefined)
  await car.getTwin()
  const hub = hubAs('admin')
  const results = ['car-1', 'car-3', 'car-77'].map(id => hub.callDevice(id, 'stop'))
  expect(await Promise.all(results)).toEqual(
    ['silent', 'offline', 'unknown'].map(kind => ({ kind }))
  )
})

test('a hub that refuses has failed, and says by what', async () => {
  await expect(hubAs('nobody').readDevices()).rejects.toThrow('IoT Hub answered 403 Forbidden')
  await expect(hubAs('reader').orderStop('car-1', true)).rejects.toThrow('403')
  await expect(hubAs('reader').callDevice('car-1', 'stop')).rejects.toThrow('403')
})

test('a hub that is away has failed', async () => {
  const hub = createIotHub(
    () => 'localhost:1',
    credential(() => tokenOf('admin', IOT_AUDIENCE))
  )
  await expect(hub.readDevices()).rejects.toThrow('ECONNREFUSED')
  await expect(hub.orderStop('car-1', true)).rejects.toThrow('ECONNREFUSED')
  await expect(hub.callDevice('car-1', 'stop')).rejects.toThrow('ECONNREFUSED')
})
