import * as v from 'valibot'
import { Count, DeviceId, Instant } from './ids.ts'

/** What a device of the fleet reports of itself to its twin; absent what it does not know. */
export const DeviceReport = v.object({
  kind: v.optional(v.picklist(['car', 'timer'])),
  firmware: v.optional(v.string()),
  /** Percent. */
  battery: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  /** How long the hub's last acknowledgement took, in ms, and how often the link was lost since the device's start. */
  link: v.optional(v.object({ ackMs: Count, losses: Count })),
  /** Whether it stands by an official's order. */
  stopped: v.optional(v.boolean())
})
export type DeviceReport = v.InferOutput<typeof DeviceReport>

/** A car or lap timer as the IoT Hub knows it. */
export const FleetDevice = v.object({
  deviceId: DeviceId,
  /** False for one that may not connect any more: lost, or its certificate was revoked. */
  enabled: v.boolean(),
  connected: v.boolean(),
  /** When the hub last heard of it; null if never. */
  lastSeen: v.nullable(Instant),
  /** What officials have ordered, whether or not the device has heard of it yet. */
  stopOrdered: v.boolean(),
  reported: DeviceReport
})
export type FleetDevice = v.InferOutput<typeof FleetDevice>

/** `GET /fleet`: every device, by id. */
export const Fleet = v.object({ asOf: Instant, devices: v.array(FleetDevice) })
export type Fleet = v.InferOutput<typeof Fleet>

/** What officials may ask of a device: stand still until released, or show which one it is. */
export const DeviceMethod = v.picklist(['stop', 'release', 'identify'])
export type DeviceMethod = v.InferOutput<typeof DeviceMethod>

/** How one device took an order. A stop holds for one that is offline too: it stands as soon as it is back. */
export const DeviceOutcome = v.object({
  deviceId: DeviceId,
  outcome: v.picklist(['done', 'offline', 'failed']),
  detail: v.string()
})
export type DeviceOutcome = v.InferOutput<typeof DeviceOutcome>

/** Answer of `POST /fleet/stop`: every car's outcome. */
export const FleetOutcome = v.object({ devices: v.array(DeviceOutcome) })
export type FleetOutcome = v.InferOutput<typeof FleetOutcome>
