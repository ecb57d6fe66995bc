import device from 'azure-iot-device'
import { Mqtt } from 'azure-iot-device-mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CarReading, DeadLetter } from '#contract'
import { eventually, type Product, startProduct } from './product.ts'

const { Client, Message } = device
/** Bad messages are told apart by a sequence number of their own. */
const reading = (seq: number, change: Partial<CarReading> = {}): CarReading => {
  const here = { x: 0, y: 0, yaw: 0, speed: 1, wheelsOnTrack: true }
  return { seq, t: seq * 70, ...here, ...change }
}
const body = (...readings: object[]) => JSON.stringify({ boot: 1, readings })
/** Nine cars that pass, three seconds apart: so many that none waits for an earlier one. */
const crossings = (first: number) => {
  const pulses = Array.from({ length: 9 }, (_, i) => ({ seq: first + i, t: i * 3_000, sensor: 0 }))
  return JSON.stringify({ boot: 1, crossings: pulses })
}

let product: Product
let car: InstanceType<typeof Client>
const connectionOf = (deviceId: string): string =>
  product.endpoints.iotHub.devices.find(each => each.deviceId === deviceId)?.connectionString ??
  expect.fail(`there is no ${deviceId}`)

beforeAll(async () => {
  product = await startProduct()
  car = Client.fromConnectionString(connectionOf('car-1'), Mqtt)
  await car.setOptions({ ca: product.endpoints.caFile })
  await car.open()
})
afterAll(async () => {
  await car?.close()
  await product?.close()
})

const FLOOD = Array.from({ length: 64 }, (_, i) => reading(6_000 + i, { t: i }))

test.each<[string, string, DeadLetter['reason'], string]>([
  ['half a message', body(reading(1_000)).slice(0, 60), 'not-json', '1000'],
  ['a message without readings', '{"boot":1,"note":"2000"}', 'bad-shape', '2000'],
  ['a car off the map', body(reading(3_000, { x: 1e6 })), 'bad-shape', '3000'],
  ['a clock before time began', body(reading(4_000, { t: -1 })), 'bad-shape', '4000'],
  ['a car that drives for nobody', body(reading(5_000)), 'no-run', '5000'],
  ['a hundred times as many readings', body(...FLOOD), 'too-fast', '6000'],
  ['a car that poses as a lap timer', crossings(7_000), 'no-run', '7000']
])(
  '%s is taken by the hub, counts for nobody and is kept with the reason',
  async (_, text, reason, mark) => {
    await car.sendEvent(new Message(text))
    // What may yet be bound to a run waits for it, and is judged when the device is heard again.
    const later = text.includes('crossings') ? crossings(8_000) : body(reading(9_000))
    const again = setInterval(() => car.sendEvent(new Message(later)).catch(console.error), 2_000)
    try {
      const letter = await eventually(`a letter of ${mark}`, async () => {
        const query = 'SELECT * FROM c'
        const { resources } = await product
          .container('deadLetters')
          .items.query<DeadLetter>(query)
          .fetchAll()
        return resources.find(each => each.body.includes(mark) && each.reason === reason)
      })
      expect(letter.detail).not.toBe('')
      expect(JSON.stringify(letter)).not.toMatch(/ {4}at /)
    } finally {
      clearInterval(again)
    }
  }
)

test('a device that nobody registered and one with a wrong key are not let in', async () => {
  const stranger = connectionOf('car-1').replace('DeviceId=car-1', 'DeviceId=car-77')
  const forger = connectionOf('car-2').replace(
    /SharedAccessKey=[^;]*/,
    `SharedAccessKey=${btoa('wrong')}`
  )
  for (const connection of [stranger, forger]) {
    const client = Client.fromConnectionString(connection, Mqtt)
    client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 })
    await client.setOptions({ ca: product.endpoints.caFile })
    await expect(client.open()).rejects.toMatchObject({ name: 'UnauthorizedError' })
    await client.close()
  }
})
