import { expect, test } from 'vitest'
import type { DeviceMethod, FleetDevice } from '#contract'
import { type CallResult, createFleet, type FleetPorts } from '../../../functions/stages/fleet.ts'
import { Refused } from '../../../functions/stages/problem.ts'

const deviceOf = (deviceId: string, reported: FleetDevice['reported'] = {}): FleetDevice => ({
  deviceId,
  enabled: true,
  connected: true,
  lastSeen: null,
  stopOrdered: false,
  reported
})
const DONE: CallResult = { kind: 'answered', status: 200 }
const actor = { kind: 'person' as const, tenant: 'a-tenant', object: 'a-person' }

/** A fleet whose hub does what is given, and everything it was asked and noted. */
function fleetOf(changed: Partial<FleetPorts> = {}, devices = ['car-2', 'car-1']) {
  const asked: string[] = []
  const lines: string[] = []
  const clock = { now: 1_000 }
  const ports: FleetPorts = {
    readDevices: async () => devices.map(id => deviceOf(id)),
    orderStop: async id => devices.includes(id),
    callDevice: async () => DONE,
    now: () => clock.now,
    ...changed
  }
  const fleet = createFleet({
    ...ports,
    readDevices() {
      asked.push('read')
      return ports.readDevices()
    },
    orderStop(deviceId, stop) {
      asked.push(`${deviceId} stop ${stop}`)
      return ports.orderStop(deviceId, stop)
    },
    callDevice(deviceId, method) {
      asked.push(`${deviceId} ${method}`)
      return ports.callDevice(deviceId, method)
    }
  })
  const caller = { actor, log: (line: string) => void lines.push(line) }
  return { fleet, caller, asked, lines, clock }
}

/** The kind of the problem that a promise is refused with. */
const refusal = async (work: Promise<unknown>): Promise<string | undefined> => {
  const error = await work.then(
    () => undefined,
    error => error
  )
  expect(error).toBeInstanceOf(Refused)
  return (error as Refused).problem.type.split('/').at(-1)
}
const offline = async (): Promise<CallResult> => ({ kind: 'offline' })
const away = async () => {
  throw new Error('no hub')
}

test('the fleet is shown by id, with the time of reading', async () => {
  const { fleet, caller } = fleetOf()
  expect(await fleet.list(caller)).toEqual({
    asOf: 1_000,
    devices: [deviceOf('car-1'), deviceOf('car-2')]
  })
})

test('the hub is asked once in 4 s, however many look', async () => {
  const { fleet, caller, asked, clock } = fleetOf()
  await Promise.all(Array.from({ length: 50 }, () => fleet.list(caller)))
  clock.now += 3_999
  await fleet.list(caller)
  expect(asked).toEqual(['read'])
  clock.now += 1
  expect((await fleet.list(caller)).asOf).toBe(5_000)
  expect(asked).toEqual(['read', 'read'])
})

test('without the hub the fleet is unavailable, and why is noted', async () => {
  const { fleet, caller, lines } = fleetOf({ readDevices: away })
  expect(await refusal(fleet.list(caller))).toBe('unavailable')
  expect(lines).toEqual(['the fleet was not read: Error: no hub'])
})

test('a stop is ordered for good before the car is called', async () => {
  const { fleet, caller, asked } = fleetOf()
  const outcome = await fleet.call('car-1', 'stop', caller)
  expect(outcome).toMatchObject({ deviceId: 'car-1', outcome: 'done' })
  expect(asked).toEqual(['car-1 stop true', 'car-1 stop'])
})

test('a release takes the standing order back, and showing itself has none', async () => {
  const { fleet, caller, asked } = fleetOf()
  await fleet.call('car-1', 'release', caller)
  await fleet.call('car-1', 'identify', caller)
  expect(asked).toEqual(['car-1 stop false', 'car-1 release', 'car-1 identify'])
})

test('who ordered what is noted before it is done, by ids alone', async () => {
  const noted: string[] = []
  const { fleet, caller, lines } = fleetOf({
    async orderStop() {
      noted.push(...lines)
      return true
    }
  })
  await fleet.call('car-1', 'release', caller)
  expect(noted.map(line => JSON.parse(line.replace('fleet order ', '')))).toEqual([
    { order: 'release', device: 'car-1', actor }
  ])
})

test.each<[CallResult, DeviceMethod, string, string]>([
  [{ kind: 'offline' }, 'stop', 'offline', 'It is not connected. It stands as soon as it is back.'],
  [{ kind: 'offline' }, 'release', 'offline', 'It is not connected. It is released as soon'],
  [{ kind: 'offline' }, 'identify', 'offline', 'It is not connected. Order it again'],
  [{ kind: 'unknown' }, 'stop', 'offline', 'It is not connected. It stands'],
  [{ kind: 'silent' }, 'stop', 'failed', 'It does not answer. It stands'],
  [{ kind: 'answered', status: 204 }, 'identify', 'done', 'The device confirms.'],
  [{ kind: 'answered', status: 501 }, 'identify', 'failed', 'The device refuses with 501.']
])('a device that is %o when told to %s is %s', async (result, method, outcome, detail) => {
  const { fleet, caller } = fleetOf({ callDevice: async () => result })
  const told = await fleet.call('car-1', method, caller)
  expect(told).toEqual({ deviceId: 'car-1', outcome, detail: expect.stringContaining(detail) })
})

test('a device that the hub does not know is not found', async () => {
  const { fleet, caller, asked } = fleetOf({ callDevice: async () => ({ kind: 'unknown' }) })
  for (const method of ['stop', 'release', 'identify'] as const)
    expect(await refusal(fleet.call('car-7', method, caller))).toBe('not-found')
  expect(asked).toEqual(['car-7 stop true', 'car-7 stop false', 'car-7 identify'])
})

test('a car is stopped even where the order cannot be written, and that is no success', async () => {
  const { fleet, caller, lines } = fleetOf({ orderStop: away })
  const outcome = await fleet.call('car-1', 'stop', caller)
  expect(outcome).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('It stands') })
  expect(lines).toContain('car-1: the order stop was not written: Error: no hub')
})

test.each<[string, Partial<FleetPorts>, DeviceMethod]>([
  ['no order is written and the car is not connected', { callDevice: offline }, 'stop'],
  ['nothing answers', { callDevice: away }, 'stop'],
  ['a release cannot be written', {}, 'release']
])('the hub is unavailable where %s', async (_, ports, method) => {
  const { fleet, caller, asked } = fleetOf({ orderStop: away, ...ports })
  expect(await refusal(fleet.call('car-1', method, caller))).toBe('unavailable')
  expect(asked).not.toContain('car-1 release')
})

test('every car is stopped, and what is not known to be a timer is a car', async () => {
  const devices = [deviceOf('line', { kind: 'timer' }), deviceOf('car-2', { kind: 'car' })]
  const { fleet, caller, asked } = fleetOf({
    readDevices: async () => [...devices, deviceOf('car-1')],
    orderStop: async () => true
  })
  const { devices: outcomes } = await fleet.stopAll(caller)
  expect(outcomes.map(({ deviceId, outcome }) => [deviceId, outcome])).toEqual([
    ['car-1', 'done'],
    ['car-2', 'done']
  ])
  expect(asked.join()).not.toContain('line')
})

test('cars that do not answer hold up no order for another', async () => {
  const ids = Array.from({ length: 60 }, (_, number) => `car-${number}`)
  const { promise: answer, resolve } = Promise.withResolvers<CallResult>()
  const called = new Set<string>()
  const all = Promise.withResolvers<void>()
  const { fleet, caller } = fleetOf(
    {
      callDevice: deviceId => {
        if (called.add(deviceId).size === ids.length) all.resolve()
        return answer
      }
    },
    ids
  )
  const outcome = fleet.stopAll(caller)
  await all.promise
  resolve({ kind: 'silent' })
  expect((await outcome).devices.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'failed'))
})

test('orders are written 16 at a time', async () => {
  const ids = Array.from({ length: 40 }, (_, number) => `car-${number}`)
  let writing = 0
  let most = 0
  const { fleet, caller } = fleetOf(
    {
      async orderStop() {
        most = Math.max(most, ++writing)
        await new Promise(setImmediate)
        writing--
        return true
      }
    },
    ids
  )
  expect((await fleet.stopAll(caller)).devices).toHaveLength(40)
  expect(most).toBe(16)
})

test('one car at fault leaves the others their orders', async () => {
  const { fleet, caller } = fleetOf({
    callDevice: deviceId => (deviceId === 'car-1' ? away() : Promise.resolve(DONE))
  })
  expect((await fleet.stopAll(caller)).devices).toEqual([
    {
      deviceId: 'car-1',
      outcome: 'failed',
      detail: 'The IoT Hub does not answer: send the same again.'
    },
    { deviceId: 'car-2', outcome: 'done', detail: 'The device confirms.' }
  ])
})

test('where the fleet cannot be read, those last seen are stopped', async () => {
  let works = true
  const { fleet, caller, clock } = fleetOf({
    readDevices: async () => (works ? [deviceOf('car-1')] : away())
  })
  await fleet.list(caller)
  works = false
  clock.now += 60_000
  expect(await refusal(fleet.list(caller))).toBe('unavailable')
  expect(await fleet.stopAll(caller)).toMatchObject({ devices: [{ outcome: 'done' }] })
})

test('where no car was ever seen, stopping them all is unavailable', async () => {
  const { fleet, caller } = fleetOf({ readDevices: away })
  expect(await refusal(fleet.stopAll(caller))).toBe('unavailable')
})
