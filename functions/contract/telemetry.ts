import * as v from 'valibot'
import { Bib, Count, DeviceId, Instant, RaceId } from './ids.ts'

/** Most readings in one request: a backlog of 20 s at three a second. */
export const BATCH_MAX_READINGS = 64
/** Largest request body, in bytes. A reading is about 120. */
export const BATCH_MAX_BYTES = 16_384

/** Counts up by one per reading within a session (seat token or device boot), from 0; one more still fits a column. */
const Sequence = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 2))

const int = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))
const real = (min: number, max: number) =>
  v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max))

/** What a rider's trainer knows, once a second. Distance and work are totals since the start, so a lost reading costs nothing. */
export const RideReading = v.strictObject({
  seq: Sequence,
  /** When it was measured, by the rider's clock set to server time. */
  t: Instant,
  /** Revolutions a minute. */
  cadence: int(0, 250),
  /** Brake setting, percent. */
  resistance: int(0, 100),
  /** Watts at the crank. */
  power: int(0, 3_000),
  /** Millimetres since the start. */
  distance: Count,
  /** Joules since the start. */
  work: Count
})
export type RideReading = v.InferOutput<typeof RideReading>

/** A player's state in the score game. */
export const GameReading = v.strictObject({
  seq: Sequence,
  t: Instant,
  score: Count,
  level: int(0, 255),
  lives: int(0, 255),
  shots: int(0, 65_535),
  /** Which game of this seat it is, the first being 0: score, level, lives and shots begin anew with each. */
  trial: v.optional(int(0, 255), 0)
})
export type GameReading = v.InferOutput<typeof GameReading>

/** What a car knows of itself, about 15 times a second. */
export const CarReading = v.strictObject({
  /** Counts up within one boot of the car. */
  seq: Sequence,
  /** The car's own clock, ms; its zero is the car's affair. Lap times are differences of this clock alone. */
  t: Instant,
  /** Metres in the course's plane. */
  x: real(-1e5, 1e5),
  y: real(-1e5, 1e5),
  /** Radians. */
  yaw: real(-100, 100),
  /** Metres a second, as commanded. */
  speed: real(0, 100),
  wheelsOnTrack: v.boolean()
})
export type CarReading = v.InferOutput<typeof CarReading>

const batchOf = <const T extends v.GenericSchema>(reading: T) =>
  v.pipe(v.array(reading), v.minLength(1), v.maxLength(BATCH_MAX_READINGS))

/** A second's readings, or a backlog, of one rider or player. */
export const RideBatch = batchOf(RideReading)
export const GameBatch = batchOf(GameReading)

/** Body of `POST /races/{raceId}/telemetry`: one reading, or an array in sequence order. */
export const RiderBody = v.union([RideReading, GameReading, RideBatch, GameBatch])
/** Body of `POST /cars/{deviceId}/telemetry`. `boot` counts the car's starts: sequences begin anew with each. */
export const CarBody = v.strictObject({ boot: Count, readings: batchOf(CarReading) })
export type CarBody = v.InferOutput<typeof CarBody>

/** One pulse of a lap sensor: a car's axle at the line makes several, and more where sensors lie side by side. */
export const Crossing = v.strictObject({
  /** Counts up within one boot of the timer, over all of its sensors. */
  seq: Sequence,
  /** The timer's own clock, ms. */
  t: Instant,
  /** Which of the timer's sensors felt it. */
  sensor: int(0, 15)
})
export type Crossing = v.InferOutput<typeof Crossing>
/** Message of a lap timer at the IoT Hub, sent at once: all sensors of one line are one device. */
export const SensorBody = v.strictObject({ boot: Count, crossings: batchOf(Crossing) })
export type SensorBody = v.InferOutput<typeof SensorBody>

const Stamped = v.pipe(v.union([v.string(), v.number()]), v.toNumber())
/** Event properties that the front door stamps from the seat token. Lower camel: the host lowers first letters anyway. */
export const RiderProperties = v.object({
  race: RaceId,
  bib: v.pipe(Stamped, Bib),
  session: v.pipe(Stamped, v.minValue(1), Count),
  /** When the hub first got it, in ms since 1970, of an event that an operator sends again; nobody at the front door can say so. */
  enqueuedAt: v.optional(v.pipe(Stamped, Instant))
})
/** The property that it stamps from a car's path. */
export const CarProperties = v.object({ deviceId: DeviceId })
