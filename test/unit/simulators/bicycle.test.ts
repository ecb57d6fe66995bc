import { describe, expect, it } from 'vitest'
import {
  AIR_DENSITY,
  type Body,
  CHAIN_EFFICIENCY,
  inertialMass,
  type Motion,
  resistance,
  roll
} from '../../../web/ride/bicycle.ts'

const body: Body = { massKg: 80, dragArea: 0.3 }
const atRest = (): Motion => ({ speed: 0, distance: 0, work: 0 })

/** The speed at which the model's losses eat `watts`, by bisection over the published equation written out anew. */
function steadySpeed(watts: number): number {
  const losses = (v: number) =>
    (0.5 * AIR_DENSITY * (body.dragArea + 0.0044) * v ** 3 +
      0.0032 * body.massKg * 9.81 * v +
      v * (91 + 8.7 * v) * 1e-3) /
    0.976
  let [low, high] = [0, 40]
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (losses(middle) < watts) low = middle
    else high = middle
  }
  return low
}

describe('the bicycle', () => {
  it.each([100, 250, 400])('settles at %i W at the speed that the model demands', watts => {
    const motion = atRest()
    roll(motion, body, watts, 600)
    expect(Math.abs(motion.speed / steadySpeed(watts) - 1)).toBeLessThan(0.01)
  })

  it('goes between 36 and 40 km/h with 250 W in that position', () => {
    expect(steadySpeed(250) * 3.6).toBeGreaterThan(36)
    expect(steadySpeed(250) * 3.6).toBeLessThan(40)
  })

  it('turns the work at the crank into motion and losses, and nothing else', () => {
    const motion = atRest()
    let lost = 0
    for (let tick = 0; tick < 1_200; tick++) {
      const before = { ...motion }
      roll(motion, body, tick < 900 ? 300 + 100 * Math.sin(tick / 50) : 0, 0.1)
      const mean = (before.speed + motion.speed) / 2
      lost += resistance(mean, body) * (motion.distance - before.distance)
    }
    const kinetic = 0.5 * inertialMass(body) * motion.speed ** 2
    expect((kinetic + lost) / (motion.work * CHAIN_EFFICIENCY)).toBeCloseTo(1, 3)
  })
})
