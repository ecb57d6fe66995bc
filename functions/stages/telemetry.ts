import * as v from 'valibot'
import {
  CarBody,
  CarProperties,
  type DeadLetter,
  type DeadLetterReason,
  GameBatch,
  type GameReading,
  RideBatch,
  type RideReading,
  RiderProperties,
  SensorBody
} from '#contract'
import { type Figures, outputOf } from '#race/metric'
import { areTooFast } from '#race/readingRate'
import type { Reading } from '#race/readings'
import { deadLetterOf } from './deadLetterOf.ts'
import { packReadings, type ReadingsSignal } from './raceSignal.ts'
import type { CarEvent, SensorEvent } from './runSignal.ts'

/** One event of the hub. `body` is parsed JSON, or the text where it is none; `enqueued` in ms since 1970. */
export type HubEvent = {
  body: unknown
  /** What the front door stamped, or whatever a device calls its own. */
  properties: Record<string, unknown>
  /** The device that IoT Hub let in, where the event came that way: then its properties prove nothing. */
  device?: unknown
  partition: string
  sequence: number
  enqueued: number
}

/** Where the telemetry stage hands things on. Each rejects when the service failed, so that the trigger tries the batch again. */
export type TelemetryPorts = {
  signalRace(raceId: string, readings: ReadingsSignal): Promise<void>
  signalCar(deviceId: string, events: CarEvent[]): Promise<void>
  signalSensor(deviceId: string, events: SensorEvent[]): Promise<void>
  deadLetter(letters: DeadLetter[]): Promise<void>
}

/**
 * Hands a batch of one partition's events to the entities: one signal per race and per device, never one per event.
 * What cannot be read is a dead letter with its reason. Repeating a batch is harmless.
 */
export function createTelemetry(ports: TelemetryPorts): (events: HubEvent[]) => Promise<void> {
  return async events => {
    const races = new Map<string, Reading[]>()
    const cars = new Map<string, CarEvent[]>()
    const sensors = new Map<string, SensorEvent[]>()
    const letters: DeadLetter[] = []
    for (const event of events) {
      const sorted = sort(event)
      if ('reason' in sorted) {
        const source = `partition-${event.partition}`
        letters.push(deadLetterOf(source, `${event.sequence}`, sorted, event.body, event.enqueued))
      } else if ('car' in sorted) {
        append(cars, sorted.car, [sorted.event])
      } else if ('sensor' in sorted) {
        append(sensors, sorted.sensor, [sorted.event])
      } else {
        append(races, sorted.raceId, sorted.readings)
      }
    }
    const partition = events[0]?.partition ?? ''
    await Promise.all([
      ...[...races].map(([raceId, readings]) =>
        ports.signalRace(raceId, packReadings(partition, readings))
      ),
      ...[...cars].map(([deviceId, own]) => ports.signalCar(deviceId, own)),
      ...[...sensors].map(([deviceId, own]) => ports.signalSensor(deviceId, own)),
      ...(letters.length ? [ports.deadLetter(letters)] : [])
    ])
  }
}

type Sorted =
  | { raceId: string; readings: Reading[] }
  | { car: string; event: CarEvent }
  | { sensor: string; event: SensorEvent }
  | { reason: DeadLetterReason; detail: string }

function sort({ body, properties, device, enqueued }: HubEvent): Sorted {
  if (typeof body === 'string') return { reason: 'not-json', detail: 'the body is not JSON' }
  const stamped = device === undefined ? properties : { deviceId: device }
  const ours = v.safeParse(CarProperties, stamped)
  if (ours.success) {
    const { deviceId } = ours.output
    // Cars alone may send without a connection of their own.
    const isPulses = device !== undefined && has(body, 'crossings')
    return isPulses ? sortPulses(deviceId, body, enqueued) : sortReadings(deviceId, body, enqueued)
  }
  const rider = v.safeParse(RiderProperties, stamped)
  if (!rider.success) {
    return {
      reason: 'no-identity',
      detail: 'neither race, bib and session nor deviceId is stamped'
    }
  }
  const list: unknown[] = Array.isArray(body) ? body : [body]
  const parsed = isGame(list) ? v.safeParse(GameBatch, list) : v.safeParse(RideBatch, list)
  if (!parsed.success) return badShape(parsed.issues)
  const { race, bib, session, enqueuedAt = enqueued } = rider.output
  const readings = parsed.output.map(reading => ({
    bib,
    session,
    seq: reading.seq,
    t: reading.t,
    // Sent again, it counts as when the hub first got it.
    enqueued: enqueuedAt,
    figures: figuresOf(reading)
  }))
  return { raceId: race, readings }
}

function sortReadings(car: string, body: unknown, enqueued: number): Sorted {
  const parsed = v.safeParse(CarBody, body)
  if (!parsed.success) return badShape(parsed.issues)
  if (areTooFast(parsed.output.readings)) {
    return { reason: 'too-fast', detail: `${car} sent more readings than a car can take` }
  }
  return { car, event: { ...parsed.output, enqueued } }
}

function sortPulses(sensor: string, body: unknown, enqueued: number): Sorted {
  const parsed = v.safeParse(SensorBody, body)
  if (!parsed.success) return badShape(parsed.issues)
  const { boot, crossings } = parsed.output
  return { sensor, event: { boot, readings: crossings, enqueued } }
}

const isGame = ([first]: unknown[]) => has(first, 'score')

const has = (body: unknown, key: string): boolean =>
  typeof body === 'object' && body !== null && key in body

const figuresOf = (reading: RideReading | GameReading): Figures =>
  'score' in reading
    ? {
        kind: 'game',
        score: reading.score,
        level: reading.level,
        lives: reading.lives,
        shots: reading.shots,
        trial: reading.trial
      }
    : {
        kind: 'ride',
        distance: reading.distance,
        work: reading.work,
        output: outputOf(reading.cadence, reading.resistance)
      }

const badShape = (issues: v.BaseIssue<unknown>[]): Sorted => ({
  reason: 'bad-shape',
  detail: issues
    .slice(0, 3)
    .map(issue => `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`)
    .join('; ')
})

function append<T>(lists: Map<string, T[]>, key: string, items: T[]): void {
  const known = lists.get(key)
  if (known) known.push(...items)
  else lists.set(key, [...items])
}
