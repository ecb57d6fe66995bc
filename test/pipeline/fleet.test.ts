import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import device from 'azure-iot-device'
import { Mqtt } from 'azure-iot-device-mqtt'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeviceOutcome, Fleet, FleetOutcome, Problem } from '#contract'
import { documentedResponse } from '../openapiDocument.ts'
import { eventually, type Product, startProduct } from './product.ts'

let product: Product
let token: string
const opened: { close(): Promise<unknown> }[] = []

beforeAll(async () => {
  product = await startProduct()
  token = await product.tokenOf('timekeeper')
})
afterAll(async () => {
  for (const car of opened) await car.close()
  await product?.close()
})

/** An official's request, its answer held against the API's description. */
async function ask<T>(method: string, path: string, status = 200): Promise<T> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${product.cloud.url}${path}`, { method, headers })
  const body = await answer.json()
  expect([answer.status, body]).toEqual([status, body])
  expect(documentedResponse(method, path, status)?.check(body)).toEqual([])
  return body as T
}
const deviceOf = ({ devices }: Fleet, id: string) =>
  devices.find(({ deviceId }) => deviceId === id) ?? expect.fail(`there is no ${id}`)

/** A car with the devices' own client that notes all it is told. */
async function car(deviceId: string) {
  const { devices } = product.endpoints.iotHub
  const { connectionString } = devices.find(one => one.deviceId === deviceId) ?? expect.fail()
  const client = device.Client.fromConnectionString(connectionString, Mqtt)
  await client.setOptions({ ca: product.cloud.plan.ca })
  await client.open()
  opened.push(client)
  const told: string[] = []
  for (const method of ['stop', 'release', 'identify'])
    client.onDeviceMethod(method, (_, response) => {
      told.push(method)
      response.send(200, null).catch(() => undefined)
    })
  const twin = await client.getTwin()
  twin.on('properties.desired', ({ stop }: { stop?: boolean }) => {
    if (stop !== undefined) told.push(`stop: ${stop}`)
  })
  const report = promisify<object, void>(twin.properties.reported.update)
  await report({ kind: 'car', battery: 88, stopped: false })
  return told
}

test('a car that is on is stopped for good and at once, shows itself, and is released', async () => {
  const told = await car('car-1')
  told.length = 0
  const outcomes = []
  for (const method of ['stop', 'identify', 'release'])
    outcomes.push(await ask<DeviceOutcome>('POST', `/fleet/car-1/${method}`))
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done'])
  expect(told).toEqual(['stop: true', 'stop', 'identify', 'stop: false', 'release'])
  const seen = await eventually('the car to be shown', async () => {
    const found = deviceOf(await ask<Fleet>('GET', '/fleet'), 'car-1')
    return found.connected ? found : undefined
  })
  expect(seen).toMatchObject({ enabled: true, stopOrdered: false })
  expect(seen.reported).toEqual({ kind: 'car', battery: 88, stopped: false })
})

test('a car that is off stands when it is back', async () => {
  expect(await ask<DeviceOutcome>('POST', '/fleet/car-2/stop')).toEqual({
    deviceId: 'car-2',
    outcome: 'offline',
    detail: 'It is not connected. It stands as soon as it is back.'
  })
  expect(await car('car-2')).toEqual(['stop: true'])
  await ask('POST', '/fleet/car-2/release')
})

test('an emergency stop is for every car, on or off, and tells which', async () => {
  const { devices } = await ask<FleetOutcome>('POST', '/fleet/stop')
  const outcomeOf = (id: string) => devices.find(({ deviceId }) => deviceId === id)?.outcome
  expect(['car-1', 'car-2', 'car-3'].map(outcomeOf)).toEqual(['done', 'done', 'offline'])
  const ordered = await eventually('the order to be shown', async () => {
    const fleet = await ask<Fleet>('GET', '/fleet')
    return deviceOf(fleet, 'car-1').stopOrdered ? fleet : undefined
  })
  for (const { deviceId } of devices) expect(deviceOf(ordered, deviceId).stopOrdered).toBe(true)
})

test('who ordered what is in the log, by ids', async () => {
  const { tid: tenant, oid: object } = decodeJwt(token)
  const log = await readFile(`${product.cloud.plan.dir}/logs/admin.log`, 'utf8')
  const order = { order: 'stop', device: 'car-2', actor: { kind: 'person', tenant, object } }
  expect(log).toContain(JSON.stringify(order))
  expect(log).toContain(JSON.stringify({ ...order, device: 'all' }))
})

test('without the IoT Hub all of it is unavailable', async () => {
  await product.cloud.parts.get('iotHub')?.stop()
  const refused = await ask<Problem>('POST', '/fleet/car-1/stop', 503)
  expect(refused.detail).toBe('The IoT Hub does not answer: send the same again.')
  await eventually('what was read to be old', async () => {
    const headers = { authorization: `Bearer ${token}` }
    return (await product.get('/fleet', headers)).status === 503 || undefined
  })
})
