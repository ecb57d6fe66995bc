import * as v from 'valibot'
import { expect, test } from 'vitest'
import { RideReading } from '#contract'
import { ghostTime, ghostValue, placeAmong } from '../../../web/ride/ghosts.ts'
import { cadenceOf, createMeter, readRidden } from '../../../web/ride/meter.ts'

/** Pushes in turn, every so many ms, until the instant. */
function ride(meter: ReturnType<typeof createMeter>, every: number, from: number, until: number) {
  for (let at = from; at < until; at += every) meter.push(meter.due(), at)
}

test('two pushes are a turn, and who stops is slower with every moment', () => {
  const pushes = [0, 250, 500, 750, 1_000]
  expect(cadenceOf(pushes, 1_000)).toBe(120)
  expect(cadenceOf(pushes, 1_500)).toBe(60)
  expect(cadenceOf(pushes, 9_000)).toBe(0)
  expect(cadenceOf([5], 5)).toBe(0)
})

test('only the pad that is due turns the crank', () => {
  const meter = createMeter(0)
  expect([meter.push('right', 10), meter.push('left', 20), meter.push('left', 30)]).toEqual([
    false,
    true,
    false
  ])
  expect(meter.due()).toBe('right')
})

test('faster thumbs ride further, and no thumbs can ride what the contract does not take', () => {
  const distances = [400, 200, 100, 1].map(every => {
    const meter = createMeter(0)
    let last = 0
    for (let second = 1; second <= 20; second++) {
      ride(meter, every, last, second * 1_000)
      last = second * 1_000
      expect(v.is(RideReading, { ...meter.measure(last), seq: second })).toBe(true)
    }
    return meter.value('distance')
  })
  expect(distances).toEqual(distances.toSorted((a, b) => a - b))
  expect(distances[0]).toBeGreaterThan(0)
})

test('a ride goes on after a reload where it was, and what was kept wrongly counts for nothing', () => {
  const meter = createMeter(0)
  ride(meter, 200, 0, 5_000)
  meter.measure(5_000)
  const again = createMeter(6_000, readRidden(JSON.stringify(meter.ridden())))
  for (const metric of ['distance', 'work', 'output'] as const) {
    expect(again.value(metric)).toBe(meter.value(metric))
  }
  expect(readRidden('{"speed":-1,"distance":1,"work":1,"output":1}')).toBeUndefined()
  expect(readRidden(undefined)).toBeUndefined()
})

const ghosts = { width: 1_000, seconds: [{ first: 2, counts: [3, 0, 2] }] }

test('the place among all is exact between the bins, and about inside one', () => {
  expect(placeAmong(ghosts, 0, 5_500)).toEqual({ place: 1, of: 6, about: false })
  expect(placeAmong(ghosts, 0, 4_100)).toEqual({ place: 1, of: 6, about: true })
  expect(placeAmong(ghosts, 0, 3_100)).toEqual({ place: 3, of: 6, about: false })
  expect(placeAmong(ghosts, 0, 0)).toEqual({ place: 6, of: 6, about: false })
  expect(placeAmong(ghosts, 1, 0)).toBeUndefined()
})

test('a ghost is between its seconds, and was at each value at one moment', () => {
  const ghost = { values: [1_000, 3_000, 3_000] }
  expect([0, 500, 1_000, 1_500, 9_000].map(at => ghostValue(ghost, at))).toEqual([
    0, 500, 1_000, 2_000, 3_000
  ])
  expect([500, 2_000, 3_000, 3_001].map(value => ghostTime(ghost, value))).toEqual([
    500,
    1_500,
    2_000,
    undefined
  ])
})
