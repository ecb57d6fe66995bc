import * as v from 'valibot'
import { DeviceId, DeviceReport, type FleetDevice } from '#contract'

const Time = v.optional(v.string(), '')

/** A twin as IoT Hub answers it, as far as the fleet is shown by it. */
const Twin = v.object({
  deviceId: DeviceId,
  status: v.picklist(['enabled', 'disabled']),
  connectionState: v.picklist(['Connected', 'Disconnected']),
  /** In the year 1 for a device that never came. */
  lastActivityTime: Time,
  properties: v.object({
    desired: v.looseObject({ stop: v.optional(v.unknown()) }),
    reported: v.looseObject({ $metadata: v.optional(v.object({ $lastUpdated: Time }), {}) })
  })
})

/** A device by its twin; undefined for one whose id no run could name: it drives elsewhere. Throws where it is no twin. */
export function deviceOf(twin: unknown): FleetDevice | undefined {
  if (!v.is(v.object({ deviceId: DeviceId }), twin)) return undefined
  const { deviceId, status, connectionState, lastActivityTime, properties } = v.parse(Twin, twin)
  const { desired, reported } = properties
  return {
    deviceId,
    enabled: status === 'enabled',
    connected: connectionState === 'Connected',
    lastSeen: latest(lastActivityTime, reported.$metadata.$lastUpdated),
    stopOrdered: desired.stop === true,
    reported: reportOf(reported)
  }
}

/** The latest of some times, which IoT Hub may write without their zone, in ms since 1970; null where none is after that. */
function latest(...times: string[]): number | null {
  const known = times
    .map(time => Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}Z`))
    .filter(time => time > 0)
  return known.length ? Math.max(...known) : null
}

/** A device is believed part by part: one that reports nonsense in one is shown with the others. */
function reportOf(reported: Record<string, unknown>): DeviceReport {
  const report = v.safeParse(DeviceReport, reported)
  if (report.success) return report.output
  const wrong = report.issues.map(issue => v.getDotPath(issue)?.split('.')[0])
  const right = Object.entries(reported).filter(([name]) => !wrong.includes(name))
  return v.parse(DeviceReport, Object.fromEntries(right))
}
