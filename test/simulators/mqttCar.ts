import type { CarBody } from '#contract'
import type { Account } from './countedOutbox.ts'
import { type DeviceLink, type DeviceOptions, openDevice } from './device.ts'
import { type Drive, replay } from './replay.ts'

/** A full battery lasts so long on the track, in ms. */
const BATTERY_MS = 3_600_000
/** Packets between two reports of the car's state. */
const REPORT_PACKETS = 10

/** A car at the IoT Hub. */
export type MqttCar = {
  /** Replays a recorded run; a car that stands by an order drives nothing. */
  drive(run: Omit<Drive, 'signal'>): Promise<Account>
  /** Whether it stands by an official's order. */
  isStopped(): boolean
}

/**
 * Opens a car. It stands from the method `stop`, or from the moment its twin wants `stop`, until the method `release`
 * or until the twin wants it no more.
 */
export async function openMqttCar(link: DeviceLink, options: DeviceOptions): Promise<MqttCar> {
  let packets = 0
  let drivenMs = 0
  let halt = new AbortController()
  let isOrdered = false

  const stop = () => halt.abort()
  const release = () => {
    halt = new AbortController()
  }
  const device = await openDevice(link, options, {
    kind: 'car',
    state: () => ({
      battery: Math.max(0, Math.round(100 - (100 * drivenMs) / BATTERY_MS)),
      stopped: halt.signal.aborted
    }),
    methods: { stop, release },
    wanted(properties) {
      const wasOrdered = isOrdered
      isOrdered = properties.stop === true
      // A method acts at once and may be ahead of the twin: only a change there is an order.
      if (isOrdered === wasOrdered) return
      if (isOrdered) stop()
      else release()
    }
  })

  async function send(body: CarBody) {
    const answer = await device.send(body)
    if (answer.status !== 201) return answer
    drivenMs += body.readings.at(-1)!.t - body.readings[0]!.t
    if (++packets % REPORT_PACKETS === 0) device.report()
    return answer
  }

  return {
    drive({ speed = 1, ...run }) {
      // The hub takes a packet's readings for as far apart as the car's clock says: the faster that runs, the less of it.
      const packMs = 1_000 * Math.min(speed, 1 / speed)
      const { signal } = options
      return replay({ ...run, speed, signal }, { send, packMs, halt: halt.signal })
    },
    isStopped: () => halt.signal.aborted
  }
}
