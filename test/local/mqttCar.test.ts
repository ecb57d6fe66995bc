import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { CarBody, DeviceReport } from '#contract'
import { type MqttCar, openMqttCar } from '../simulators/mqttCar.ts'
import { RECORDINGS, readRecording } from '../simulators/recording.ts'
import { closeHubs } from './eventHubsNamespace.ts'
import { type Fleet, HOST, keyOf, startFleet } from './iotHubFleet.ts'

const readings = await readRecording(new URL('evaluation-a.csv', RECORDINGS))
const caFile = join(tmpdir(), `iot-hub-ca-${process.pid}.pem`)
vi.spyOn(console, 'error').mockImplementation(() => undefined)

let fleet: Fleet
let stop = new AbortController()
const log = vi.fn<(line: object) => void>()

beforeAll(async () => {
  fleet = await startFleet()
  await writeFile(caFile, fleet.ca)
})
afterEach(() => {
  stop.abort()
  stop = new AbortController()
})
afterAll(async () => {
  await fleet.close()
  await closeHubs()
})

const open = (deviceId: string): Promise<MqttCar> => {
  const secret = `SharedAccessKey=${keyOf(deviceId)};GatewayHostName=${fleet.gateway}`
  const connectionString = `HostName=${HOST};DeviceId=${deviceId};${secret}`
  return openMqttCar({ deviceId, connectionString }, { caFile, log, signal: stop.signal })
}
/** Orders the car by its twin, which it hears when it is there. */
const order = (deviceId: string, stop: boolean | null) =>
  fleet.call('PATCH', `/twins/${deviceId}`, { properties: { desired: { stop } } })
const reported = async (deviceId: string) =>
  (await fleet.call('GET', `/twins/${deviceId}`)).body.properties.reported
const call = async (deviceId: string, methodName: string) => {
  const wanted = { methodName, connectTimeoutInSeconds: 30 }
  return (await fleet.call('POST', `/twins/${deviceId}/methods`, wanted)).body
}
/** Whether nothing is missing and nothing came before what was due earlier; repetitions may come. */
function arrivals(bodies: unknown[]): number[] {
  const seqs = bodies.flatMap(body => v.parse(CarBody, body).readings.map(({ seq }) => seq))
  return [...new Set(seqs)]
}

describe('A car at the IoT Hub', () => {
  it('replays its run in order, as the contract says, and reports its state', async () => {
    const car = await open('car-1')
    const account = await car.drive({ boot: 9, readings, now: Date.now, speed: 100 })
    expect(account).toEqual({ acknowledged: 737, refused: {}, unanswered: 0 })
    const all = await fleet.bodies('car-1', found => arrivals(found).length === readings.length)
    const bodies = all.map(body => v.parse(CarBody, body))
    expect(bodies.flatMap(body => body.readings)).toEqual(readings)
    for (const { boot } of bodies) expect(boot).toBe(9)
    await vi.waitFor(async () => {
      const state = await reported('car-1')
      expect(v.is(DeviceReport, state)).toBe(true)
      expect(state).toMatchObject({ kind: 'car', firmware: '1.0.0', stopped: false })
      expect(state.link.losses).toBe(0)
      expect(state.battery).toBeLessThan(100)
    })
  })

  it('keeps what it could not send over a lost link, in order, and loses nothing', async () => {
    const car = await open('car-2')
    const drive = car.drive({ boot: 1, readings, now: Date.now, speed: 20 })
    await fleet.events('car-2', 1)
    await fleet.stopIot()
    await fleet.startIot()
    await fleet.stopEvents()
    await fleet.startEvents()
    expect(await drive).toEqual({ acknowledged: 737, refused: {}, unanswered: 0 })
    // In how many messages is a matter of how long the hub was away.
    const bodies = await fleet.bodies('car-2', all => arrivals(all).length === readings.length)
    expect(arrivals(bodies)).toEqual(readings.map(({ seq }) => seq))
    await vi.waitFor(async () => expect((await reported('car-2')).link.losses).toBeGreaterThan(0))
  })

  it('drives nothing from being stopped until it is released, and says who it is', async () => {
    const car = await open('car-1')
    const drive = car.drive({ boot: 10, readings, now: Date.now })
    const stopped = await call('car-1', 'stop')
    expect(stopped).toMatchObject({ status: 200, payload: { deviceId: 'car-1', stopped: true } })
    const account = await drive
    expect(account.unanswered).toBe(0)
    expect(account.acknowledged).toBeLessThan(737)
    expect(await call('car-1', 'identify')).toMatchObject({ payload: { firmware: '1.0.0' } })
    expect(log).toHaveBeenCalledWith({ event: 'identify', deviceId: 'car-1' })

    expect(car.isStopped()).toBe(true)
    const run = { boot: 11, readings: readings.slice(0, 20), now: Date.now, speed: 100 }
    expect(await car.drive(run)).toEqual({ acknowledged: 0, refused: {}, unanswered: 0 })
    expect((await call('car-1', 'release')).payload).toMatchObject({ stopped: false })
    expect(await car.drive(run)).toMatchObject({ acknowledged: 20 })
  })

  it('stands by an order of its twin at once, until the order is taken back', async () => {
    const car = await open('car-1')
    for (const released of [false, null]) {
      const drive = car.drive({ boot: 13, readings, now: Date.now })
      await order('car-1', true)
      expect((await drive).acknowledged).toBeLessThan(737)
      await vi.waitFor(async () => expect((await reported('car-1')).stopped).toBe(true))
      await order('car-1', released)
      await vi.waitFor(async () => expect((await reported('car-1')).stopped).toBe(false))
      expect(car.isStopped()).toBe(false)
    }
  })

  it('stands by an order that was given before it came', async () => {
    await order('car-2', true)
    const car = await open('car-2')
    expect(car.isStopped()).toBe(true)
    await order('car-2', false)
    await vi.waitFor(() => expect(car.isStopped()).toBe(false))
  })

  it('stands by an order that was given while its link was lost, as soon as it is back', async () => {
    const car = await open('car-2')
    const drive = car.drive({ boot: 14, readings, now: Date.now })
    const mqtts = Number(fleet.gateway.split(':').at(-1))
    await fleet.stopIot()
    // The hub is back for officials, at a port that the car does not know.
    await fleet.startIot({ ports: { mqtts: 0, rest: 0 } })
    await order('car-2', true)
    expect(car.isStopped()).toBe(false)
    await fleet.stopIot()
    await fleet.startIot({ ports: { mqtts, rest: 0 } })
    expect((await drive).acknowledged).toBeLessThan(737)
    await order('car-2', null)
    await vi.waitFor(() => expect(car.isStopped()).toBe(false))
  })

  it('gives up what it has not sent when it ends', async () => {
    const car = await open('car-1')
    await fleet.stopEvents()
    const drive = car.drive({ boot: 12, readings, now: Date.now, speed: 1_000 })
    stop.abort()
    const account = await drive
    expect(account.acknowledged).toBe(0)
    await fleet.startEvents()
  })
})
