import { describe, expect, it } from 'vitest'
import type { DeadLetter } from '#contract'
import { outputOf } from '#race/metric'
import { type ReadingsSignal, unpackReadings } from '../../../functions/stages/raceSignal.ts'
import type { CarEvent, SensorEvent } from '../../../functions/stages/runSignal.ts'
import { createTelemetry, type HubEvent } from '../../../functions/stages/telemetry.ts'
import { at } from '../../stories/cars.ts'
import { gameBody, hubEvent, rideBody } from '../../stories/hub.ts'
import { GUN } from '../../stories/races.ts'

async function told(events: HubEvent[]) {
  const races: [string, ReadingsSignal][] = []
  const cars: [string, CarEvent[]][] = []
  const sensors: [string, SensorEvent[]][] = []
  const letters: DeadLetter[] = []
  await createTelemetry({
    signalRace: async (raceId, readings) => void races.push([raceId, readings]),
    signalCar: async (deviceId, own) => void cars.push([deviceId, own]),
    signalSensor: async (deviceId, own) => void sensors.push([deviceId, own]),
    deadLetter: async own => void letters.push(...own)
  })(events)
  return { races, cars, sensors, letters }
}

const rider = (race: string, bib: number) => ({ race, bib: `${bib}`, session: '1000' })
/** A car at two sensors that lie side by side. */
const pulses = {
  boot: 3,
  crossings: [
    { seq: 0, t: 1_000, sensor: 0 },
    { seq: 1, t: 1_004, sensor: 1 }
  ]
}
const reasons = async (...events: HubEvent[]) =>
  (await told(events)).letters.map(({ reason }) => reason)

describe('a batch of telemetry', () => {
  it('becomes one signal for each race and each car, however many events it has', async () => {
    const events = Array.from({ length: 60 }, (_, i) =>
      hubEvent(rideBody(i), rider(`race-${i % 2}`, i + 1), i)
    )
    const car = { boot: 1, readings: [at(0, 0, 0)] }
    events.push(hubEvent(car, { deviceId: 'car-1' }, 61), hubEvent(car, { deviceId: 'car-1' }, 62))
    const { races, cars, letters } = await told(events)
    expect(races.map(([raceId, { partition, ride }]) => [raceId, partition, ride.length])).toEqual([
      ['race-0', '4', 30],
      ['race-1', '4', 30]
    ])
    expect(cars.map(([deviceId, own]) => [deviceId, own.length])).toEqual([['car-1', 2]])
    expect(letters).toEqual([])
  })

  it('keeps every figure of a ride, with output counted and the hub’s time', async () => {
    const { races } = await told([hubEvent([rideBody(3)])])
    expect(unpackReadings(races[0]![1])).toEqual([
      {
        bib: 7,
        session: 1_000,
        seq: 3,
        t: GUN + 3_000,
        enqueued: GUN + 500,
        figures: { kind: 'ride', distance: 24_000, work: 600, output: outputOf(90, 50) }
      }
    ])
  })

  it('keeps every figure of a game', async () => {
    const { races } = await told([hubEvent([gameBody(2)])])
    expect(unpackReadings(races[0]![1])[0]!.figures).toEqual({
      kind: 'game',
      score: 20,
      level: 1,
      lives: 3,
      shots: 2,
      trial: 0
    })
  })

  it('takes the trial of a game with it', async () => {
    const { races } = await told([hubEvent({ ...gameBody(2), trial: 3 })])
    expect(unpackReadings(races[0]![1])[0]!.figures).toMatchObject({ trial: 3 })
  })

  it('that is sent again counts as when the hub first got it, of riders alone', async () => {
    const first = GUN - 86_400_000
    const stamped = { ...rider('evening-race', 7), enqueuedAt: `${first}` }
    const { races } = await told([hubEvent(rideBody(), stamped)])
    expect(unpackReadings(races[0]![1])[0]!.enqueued).toBe(first)
    const body = { boot: 1, readings: [at(0, 0, 0)] }
    const car = { deviceId: 'car-1', enqueuedAt: `${first}` }
    const { cars } = await told([
      hubEvent(body, car),
      { ...hubEvent(body, stamped), device: 'car-2' }
    ])
    expect(cars.flatMap(([, own]) => own.map(({ enqueued }) => enqueued))).toEqual([
      GUN + 500,
      GUN + 500
    ])
  })

  it('takes identity from the stamp alone, never from the body', async () => {
    expect(await reasons(hubEvent({ ...rideBody(), bib: 3 }))).toEqual(['bad-shape'])
    const { races } = await told([hubEvent(rideBody(), rider('night-race', 12))])
    expect(races[0]![0]).toBe('night-race')
    expect(unpackReadings(races[0]![1])[0]!.bib).toBe(12)
  })

  it('takes a car’s identity from IoT Hub’s word, whatever its own properties say', async () => {
    const body = { boot: 1, readings: [at(0, 0, 0)] }
    const forged = { deviceId: 'car-2', ...rider('night-race', 12) }
    const { races, cars, letters } = await told([{ ...hubEvent(body, forged), device: 'car-1' }])
    expect(cars.map(([deviceId]) => deviceId)).toEqual(['car-1'])
    expect([races, letters]).toEqual([[], []])
  })

  it('brings the pulses of IoT Hub’s lap timers, as one signal for each', async () => {
    const { cars, sensors, letters } = await told([
      { ...hubEvent(pulses, {}, 1), device: 'timer-1' },
      { ...hubEvent({ boot: 1, readings: [at(0, 0, 0)] }, {}, 2), device: 'car-1' },
      { ...hubEvent({ ...pulses, boot: 4 }, {}, 3), device: 'timer-1' }
    ])
    const readings = pulses.crossings
    expect(sensors).toEqual([
      [
        'timer-1',
        [
          { boot: 3, readings, enqueued: GUN + 500 },
          { boot: 4, readings, enqueued: GUN + 500 }
        ]
      ]
    ])
    expect([cars.length, letters]).toEqual([1, []])
  })

  it('takes pulses from IoT Hub’s devices alone: by the front door come cars', async () => {
    expect(await reasons(hubEvent(pulses, { deviceId: 'timer-1' }))).toEqual(['bad-shape'])
  })

  it('of nothing calls nobody', async () => {
    expect(await told([])).toEqual({ races: [], cars: [], sensors: [], letters: [] })
  })
})

describe('what cannot be read', () => {
  it('is a dead letter with its reason, and the rest of the batch goes on', async () => {
    const { races, letters } = await told([
      hubEvent('{"seq":', undefined, 10),
      hubEvent({ seq: -1 }, undefined, 11),
      hubEvent(rideBody(), {}, 12),
      hubEvent({ boot: 1, readings: [] }, { deviceId: 'car-1' }, 13),
      hubEvent([], undefined, 14),
      hubEvent(null, undefined, 15),
      hubEvent([rideBody(), gameBody()], undefined, 16),
      hubEvent(rideBody(), undefined, 17)
    ])
    expect(letters.map(({ id }) => id)).toEqual([
      'partition-4-10-not-json',
      'partition-4-11-bad-shape',
      'partition-4-12-no-identity',
      'partition-4-13-bad-shape',
      'partition-4-14-bad-shape',
      'partition-4-15-bad-shape',
      'partition-4-16-bad-shape'
    ])
    expect(races).toHaveLength(1)
  })

  it('is a dead letter when IoT Hub’s device is none of ours, or sends what a rider sends', async () => {
    const body = { boot: 1, readings: [at(0, 0, 0)] }
    const stamped = { deviceId: 'car-1' }
    expect(await reasons({ ...hubEvent(body, stamped), device: 'Not A Car' })).toEqual([
      'no-identity'
    ])
    expect(await reasons({ ...hubEvent(rideBody()), device: 'car-1' })).toEqual(['bad-shape'])
  })

  it('is a dead letter when a lap timer says more than its pulses, or no pulse', async () => {
    const sent = (body: object) => ({ ...hubEvent(body), device: 'timer-1' })
    expect(
      await reasons(
        sent({ ...pulses, readings: [] }),
        sent({ ...pulses, crossings: [] }),
        sent({ ...pulses, crossings: [{ seq: 0, t: 1, sensor: 16 }] })
      )
    ).toEqual(['bad-shape', 'bad-shape', 'bad-shape'])
  })

  it('is a whole request of a car whose readings lie less than 5 ms apart', async () => {
    const request = (stepMs: number) => {
      const readings = Array.from({ length: 64 }, (_, i) => at(i / 100, i, 1_000 + i * stepMs))
      return hubEvent({ boot: 1, readings }, { deviceId: 'car-1' })
    }
    const { cars, letters } = await told([request(0), request(4), request(5), request(66)])
    expect(letters.map(({ reason }) => reason)).toEqual(['too-fast', 'too-fast'])
    expect(cars.map(([, own]) => own.length)).toEqual([2])
    // A reading that is in a request twice is one.
    const twice = [at(0, 0, 1_000), at(0, 0, 1_000), at(0.1, 1, 1_066)]
    expect(await reasons(hubEvent({ boot: 1, readings: twice }, { deviceId: 'car-1' }))).toEqual([])
  })

  it('overwrites its own letter when the batch comes again, and keeps 4,096 characters of the body', async () => {
    const long = hubEvent('x'.repeat(9_000))
    const [first, second] = [await told([long]), await told([long])]
    expect(second.letters).toEqual(first.letters)
    expect(first.letters[0]!.body).toHaveLength(4_096)
  })

  it('is a dead letter even when the event has no body at all', async () => {
    expect(await reasons(hubEvent(undefined))).toEqual(['bad-shape'])
  })

  it('is a dead letter when the bib is beyond any race, or one event would fill the memory', async () => {
    expect(await reasons(hubEvent(rideBody(), rider('evening-race', 2 ** 31)))).toEqual([
      'no-identity'
    ])
  })
})

describe('a service that fails', () => {
  it.each(['signalRace', 'signalCar', 'signalSensor', 'deadLetter'] as const)(
    'at %s rejects the batch, so that the hub brings it again',
    async name => {
      const fine = async () => undefined
      const ports = { signalRace: fine, signalCar: fine, signalSensor: fine, deadLetter: fine }
      const failing = createTelemetry({
        ...ports,
        [name]: async () => {
          throw new Error('away')
        }
      })
      const car = { boot: 1, readings: [at(0, 0, 0)] }
      const events = [
        hubEvent(rideBody()),
        hubEvent(car, { deviceId: 'car-1' }),
        { ...hubEvent(pulses), device: 'timer-1' },
        hubEvent('?')
      ]
      await expect(failing(events)).rejects.toThrow('away')
    }
  )
})
