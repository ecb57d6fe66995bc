import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { RideReading, SeatRequest } from '#contract'
import { createCard } from '../../simulators/names.ts'
import { createRider } from '../../simulators/rider.ts'

const RACE_MS = 300_000

function ride(seed: number, number: number): RideReading[] {
  const rider = createRider({ seed, number, durationMs: RACE_MS })
  return Array.from({ length: RACE_MS / 1_000 }, (_, second) => {
    rider.step(1_000)
    return rider.reading(second, (second + 1) * 1_000)
  })
}
const field = Array.from({ length: 50 }, (_, number) => ride(7, number))
const distances = field.map(readings => readings.at(-1)!.distance)

describe('a virtual rider', () => {
  it('sends what the contract allows, with totals that never fall', () => {
    for (const readings of field) {
      for (const [second, reading] of readings.entries()) {
        expect(v.safeParse(RideReading, reading).issues).toBeUndefined()
        const before = readings[second - 1]
        if (!before) continue
        expect(reading.distance).toBeGreaterThan(before.distance)
        expect(reading.work).toBeGreaterThan(before.work)
      }
    }
  })

  it('rides the same race again for the same seed, and another for another', () => {
    expect(ride(7, 3)).toEqual(field[3])
    expect(ride(8, 3)).not.toEqual(field[3])
    expect(new Set(distances).size).toBe(field.length)
  })

  it('is the same person on another day, in another form', () => {
    const rode = [1, 2, 3].map(day => {
      const rider = createRider({ seed: 7, number: 3, durationMs: RACE_MS, day })
      rider.step(RACE_MS)
      return rider.reading(0, 0).distance
    })
    expect(new Set(rode).size).toBe(3)
    for (const distance of rode) expect(Math.abs(distance / distances[3]! - 1)).toBeLessThan(0.1)
  })

  it('covers in five minutes what people cover', () => {
    expect(Math.min(...distances)).toBeGreaterThan(1_900_000)
    expect(Math.max(...distances)).toBeLessThan(4_200_000)
  })

  it('reports a power that adds up to its work', () => {
    for (const readings of field) {
      const sum = readings.reduce((joules, { power }) => joules + power, 0)
      expect(Math.abs(sum / readings.at(-1)!.work - 1)).toBeLessThan(0.02)
    }
  })

  it('brakes as hard as power and cadence say', () => {
    for (const { power, cadence, resistance } of field.flat()) {
      const torque = power / ((cadence * 2 * Math.PI) / 60)
      expect(Math.abs(resistance - Math.min(100, (100 * torque) / 60))).toBeLessThan(1)
    }
  })

  it('mostly finishes harder than it rode', () => {
    const mean = (readings: RideReading[]) =>
      readings.reduce((sum, { power }) => sum + power, 0) / readings.length
    const kicks = field.filter(readings => mean(readings.slice(-5)) > mean(readings))
    expect(kicks.length).toBeGreaterThan(field.length / 2)
  })

  it('overtakes: the order half-way is not the order at the end', () => {
    const order = (at: number) =>
      field
        .map((_, number) => number)
        .sort((a, b) => field[b]![at]!.distance - field[a]![at]!.distance)
    expect(order(150)).not.toEqual(order(299))
  })
})

describe('the names of a field', () => {
  const cards = Array.from({ length: 2_000 }, (_, number) => createCard(1, number))

  it('may all be registered', () => {
    for (const card of cards) expect(v.safeParse(SeatRequest, card).issues).toBeUndefined()
  })

  it('come in many scripts, with emoji among them', () => {
    const all = cards.map(card => card.nickname).join('\n')
    for (const script of ['Arabic', 'Han', 'Hangul', 'Hebrew', 'Greek', 'Cyrillic', 'Thai']) {
      expect(all).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'))
    }
    expect(all).toMatch(/\p{Extended_Pictographic}/u)
    expect(new Set(cards.map(card => card.country)).size).toBe(20)
  })
})
