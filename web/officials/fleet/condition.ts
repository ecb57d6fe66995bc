import type { FleetDevice } from '#contract'

/** Below this a battery may not last a run, in percent. */
const LOW_BATTERY = 20
/** From here on a car's laps and stops come noticeably late, in ms. */
const SLOW_MS = 500

/** How a device does, the most urgent first. */
const CONDITIONS = ['runaway', 'lost', 'away', 'weak', 'well', 'barred'] as const
export type Condition = (typeof CONDITIONS)[number]

/** Whether a device is low on battery, or slow to be heard. */
export const isLow = ({ reported }: FleetDevice): boolean =>
  reported.battery !== undefined && reported.battery < LOW_BATTERY
export const isSlow = ({ reported }: FleetDevice): boolean =>
  reported.link !== undefined && reported.link.ackMs >= SLOW_MS

/**
 * `runaway` was told to stop and is not known to stand; `lost` drives for somebody and is not connected; `away` is not
 * connected; `weak` is low or slow; `barred` may not connect at all.
 */
export function conditionOf(device: FleetDevice, drives: boolean): Condition {
  const { enabled, connected, stopOrdered, reported } = device
  if (!enabled) return 'barred'
  if (stopOrdered && reported.stopped !== true) return 'runaway'
  if (!connected) return drives ? 'lost' : 'away'
  return isLow(device) || isSlow(device) ? 'weak' : 'well'
}

/** Whether somebody should look after a device in this condition. */
export const isTrouble = (condition: Condition): boolean =>
  condition !== 'well' && condition !== 'barred'

/** The most urgent first; the rest by id, as numbers go. */
export const byUrgency = (
  devices: readonly FleetDevice[],
  drives: (deviceId: string) => boolean
): FleetDevice[] => {
  const place = (device: FleetDevice): number =>
    CONDITIONS.indexOf(conditionOf(device, drives(device.deviceId)))
  return devices.toSorted(
    (a, b) => place(a) - place(b) || a.deviceId.localeCompare(b.deviceId, 'en', { numeric: true })
  )
}
