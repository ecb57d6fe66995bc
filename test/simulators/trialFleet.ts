import { replayCar } from './car.ts'
import type { Cast } from './cast.ts'
import type { DeviceLink } from './device.ts'
import { openMqttCar } from './mqttCar.ts'
import { openMqttTimer } from './mqttTimer.ts'
import type { LineTimer, TrackCar } from './trialRun.ts'

/** The cars in the order of their runs: by key and by certificate in turn. */
const CARS = ['car-1', 'car-3', 'car-2', 'car-4']
const TIMER = 'timer-1'

/** How devices come to the IoT Hub: their connections, and the authority of its certificate. */
export type FleetLink = { caFile: string; devices: DeviceLink[] }

/** The trial's cars at the IoT Hub. */
export const openCars = (cast: Cast, fleet: FleetLink): Promise<TrackCar[]> =>
  Promise.all(
    CARS.map(async deviceId => ({
      deviceId,
      ...(await openMqttCar(linkOf(fleet, deviceId), { ...cast, caFile: fleet.caFile }))
    }))
  )

/** The same cars through the gateway, which brings them no orders. */
export const carsByHttps = ({ gateway, signal }: Cast, token: () => Promise<string>): TrackCar[] =>
  CARS.map(deviceId => ({
    deviceId,
    drive: run => replayCar({ ...run, gateway, deviceId, token, signal }),
    isStopped: () => false
  }))

/** The trial's lap timer at the IoT Hub. */
export const openTimer = async (cast: Cast, fleet: FleetLink): Promise<LineTimer> => ({
  deviceId: TIMER,
  ...(await openMqttTimer(linkOf(fleet, TIMER), { ...cast, caFile: fleet.caFile }))
})

function linkOf({ devices }: FleetLink, deviceId: string): DeviceLink {
  const device = devices.find(each => each.deviceId === deviceId)
  if (!device) throw new Error(`the IoT Hub has no device ${deviceId}`)
  return device
}
