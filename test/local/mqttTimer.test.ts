import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type Crossing, DeviceReport, SensorBody } from '#contract'
import { openMqttTimer, pulsesOf } from '../simulators/mqttTimer.ts'
import { closeHubs } from './eventHubsNamespace.ts'
import { type Fleet, HOST, keyOf, startFleet } from './iotHubFleet.ts'

const ZERO = 6_211
const passings = [1, 2, 3, 4].map(lap => ({ t: ZERO + lap * 4_000 + lap / 3, speed: lap }))
const pulses = pulsesOf(passings, ZERO)
const caFile = join(tmpdir(), `iot-hub-timer-ca-${process.pid}.pem`)
vi.spyOn(console, 'error').mockImplementation(() => undefined)

let fleet: Fleet
let stop = new AbortController()

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

const open = (deviceId: string) => {
  const secret = `SharedAccessKey=${keyOf(deviceId)};GatewayHostName=${fleet.gateway}`
  const connectionString = `HostName=${HOST};DeviceId=${deviceId};${secret}`
  const options = { caFile, log: () => undefined, signal: stop.signal }
  return openMqttTimer({ deviceId, connectionString }, options)
}
/** The crossings of bodies in order, repetitions left out. */
function felt(bodies: unknown[]): Crossing[] {
  const all = bodies.flatMap(body => v.parse(SensorBody, body).crossings)
  return [...new Map(all.map(crossing => [crossing.seq, crossing])).values()]
}

test('A lap timer sends what its strips feel, as the contract says, and reports its state', async () => {
  const timer = await open('car-1')
  const watch = { boot: 7, zero: ZERO, passings, now: Date.now, speed: 8 }
  expect(await timer.time(watch)).toEqual({ acknowledged: 16, refused: {}, unanswered: 0 })
  const bodies = await fleet.bodies('car-1', all => felt(all).length === pulses.length)
  expect(felt(bodies)).toEqual(pulses)
  for (const body of bodies) expect(v.parse(SensorBody, body).boot).toBe(7)
  // Each passing is told at once, not with the next one.
  expect(bodies.length).toBeGreaterThanOrEqual(passings.length)
  await vi.waitFor(async () => {
    const { reported } = (await fleet.call('GET', '/twins/car-1')).body.properties
    expect(v.is(DeviceReport, reported)).toBe(true)
    expect(reported).toMatchObject({ kind: 'timer', firmware: '1.0.0', link: { losses: 0 } })
  })
})

test('A lap timer keeps what it felt while its link was lost, in order', async () => {
  const timer = await open('car-2')
  const timing = timer.time({ boot: 1, zero: ZERO, passings, now: Date.now, speed: 8 })
  await fleet.events('car-2', 1)
  await fleet.stopIot()
  await fleet.startIot()
  expect(await timing).toEqual({ acknowledged: 16, refused: {}, unanswered: 0 })
  const bodies = await fleet.bodies('car-2', all => felt(all).length === pulses.length)
  expect(felt(bodies)).toEqual(pulses)
})

test('A lap timer feels nothing after its car was stopped', async () => {
  const timer = await open('car-1')
  const halt = AbortSignal.abort()
  const account = await timer.time({ boot: 8, zero: ZERO, passings, now: Date.now, halt })
  expect(account).toEqual({ acknowledged: 0, refused: {}, unanswered: 0 })
})
