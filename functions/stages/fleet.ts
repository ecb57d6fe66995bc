import type {
  Actor,
  DeviceMethod,
  DeviceOutcome,
  Fleet,
  FleetDevice,
  FleetOutcome
} from '#contract'
import { createFreshValue } from './freshValue.ts'
import { Refused } from './problem.ts'

/** Every instance asks for itself, and IoT Hub answers 20 queries a minute and unit. */
const FRESH_MS = 4_000
/** Standing orders that are written at a time: IoT Hub takes 50 a second. */
const WRITES_AT_ONCE = 16

/** What came of calling a device: its answer, with a status as of HTTP, or why there is none. */
export type CallResult =
  | { kind: 'answered'; status: number }
  | { kind: 'offline' | 'silent' | 'unknown' }

/** The IoT Hub; each rejects where the hub failed. */
export type FleetPorts = {
  /** Every device, in no order. */
  readDevices(): Promise<FleetDevice[]>
  /** Whether the device shall stand, now or as soon as it is back; false where there is no such device. */
  orderStop(deviceId: string, stop: boolean): Promise<boolean>
  callDevice(deviceId: string, method: DeviceMethod): Promise<CallResult>
  now(): number
}

/** Who asks, and where it is noted what they ordered and what failed at it. */
export type Caller = { actor: Actor; log(line: string): void }

/** Shows the devices and passes orders on to them. Throws `Refused`: 404 for an unknown device, 503 without the hub. */
export type FleetOffice = {
  list(caller: Caller): Promise<Fleet>
  call(deviceId: string, method: DeviceMethod, caller: Caller): Promise<DeviceOutcome>
  /** Stops every car: what is not known to be a timer. */
  stopAll(caller: Caller): Promise<FleetOutcome>
}

export function createFleet(ports: FleetPorts): FleetOffice {
  let last: Fleet | undefined
  const fleet = createFreshValue({ freshMs: FRESH_MS, kept: 1, now: ports.now }, async () => {
    const asOf = ports.now()
    const devices = (await ports.readDevices()).sort(byId)
    last = { asOf, devices }
    return last
  })

  const list = (caller: Caller) =>
    fleet.get('all').catch(error => away(error, 'the fleet was not read', caller))

  /** Writes down what shall hold until the next order. A failure is a value: a car may be stopped without. */
  async function write(deviceId: string, method: DeviceMethod, { log }: Caller): Promise<Written> {
    if (method === 'identify') return 'written'
    try {
      const known = await ports.orderStop(deviceId, method === 'stop')
      return known ? 'written' : 'unknown'
    } catch (error) {
      log(`${deviceId}: the order ${method} was not written: ${error}`)
      return 'failed'
    }
  }

  async function reach(
    deviceId: string,
    method: DeviceMethod,
    written: Written,
    caller: Caller
  ): Promise<DeviceOutcome> {
    if (written === 'unknown') return missing(deviceId)
    // A released car would stand again as soon as its link is lost.
    if (written === 'failed' && method === 'release') throw unavailable()
    const result = await ports
      .callDevice(deviceId, method)
      .catch(error => away(error, `${deviceId} was not called to ${method}`, caller))
    // Of a device that may not connect IoT Hub says the same, but it has a twin.
    if (result.kind === 'unknown' && method === 'identify') return missing(deviceId)
    const outcome = outcomeOf(deviceId, method, result)
    if (written === 'written') return outcome
    if (outcome.outcome !== 'done') throw unavailable()
    return { deviceId, outcome: 'failed', detail: UNWRITTEN }
  }

  return {
    list,
    async call(deviceId, method, caller) {
      note(caller, method, deviceId)
      return reach(deviceId, method, await write(deviceId, method, caller), caller)
    },
    async stopAll(caller) {
      note(caller, 'stop', 'all')
      // Who was there a while ago is stopped too where the hub cannot say who is there now.
      const { devices } = await list(caller).catch(error => {
        if (last) return last
        throw error
      })
      const cars = devices.filter(({ reported }) => reported.kind !== 'timer').values()
      const outcomes: Promise<DeviceOutcome>[] = []
      // Only writing waits for its turn, so that a silent car holds up no other.
      const writeInTurn = async () => {
        for (const { deviceId } of cars) {
          const written = await write(deviceId, 'stop', caller)
          outcomes.push(reach(deviceId, 'stop', written, caller).catch(failed(deviceId)))
        }
      }
      await Promise.all(Array.from({ length: WRITES_AT_ONCE }, writeInTurn))
      return { devices: (await Promise.all(outcomes)).sort(byId) }
    }
  }
}

type Written = 'written' | 'unknown' | 'failed'

const byId = (one: { deviceId: string }, other: { deviceId: string }) =>
  one.deviceId < other.deviceId ? -1 : 1

const note = ({ actor, log }: Caller, order: DeviceMethod, device: string) =>
  log(`fleet order ${JSON.stringify({ order, device, actor })}`)

/** What an order says that reached the car and nobody else. */
const UNWRITTEN = 'It stands, but not when it is switched off and on: order it again.'
const unavailable = () =>
  new Refused('unavailable', 'The IoT Hub does not answer: send the same again.')

function away(error: unknown, what: string, { log }: Caller): never {
  log(`${what}: ${error}`)
  throw unavailable()
}

function missing(deviceId: string): never {
  throw new Refused('not-found', `There is no device ${deviceId}.`)
}

const failed =
  (deviceId: string) =>
  (error: Error): DeviceOutcome => ({ deviceId, outcome: 'failed', detail: error.message })

/** What officials are told, by what holds for a device that the order has not reached. */
const LATER: Record<DeviceMethod, string> = {
  stop: 'It stands as soon as it is back.',
  release: 'It is released as soon as it is back.',
  identify: 'Order it again when it is back.'
}

function outcomeOf(deviceId: string, method: DeviceMethod, result: CallResult): DeviceOutcome {
  if (result.kind === 'answered') {
    const { status } = result
    return status < 300
      ? { deviceId, outcome: 'done', detail: 'The device confirms.' }
      : { deviceId, outcome: 'failed', detail: `The device refuses with ${status}.` }
  }
  return result.kind === 'silent'
    ? { deviceId, outcome: 'failed', detail: `It does not answer. ${LATER[method]}` }
    : { deviceId, outcome: 'offline', detail: `It is not connected. ${LATER[method]}` }
}
