import type { RideReading } from '#contract'
import { type Body, type Motion, roll } from '../../web/ride/bicycle.ts'
import { between, createRandom, normal } from './random.ts'

/** How often a rider decides anew, ms. */
const DECIDE_MS = 100
/** Time in which the legs follow the will, s. */
const LAG_S = 1.2
/** The bicycle's own mass, kg. */
const BICYCLE_KG = 8
/** No rider of this field gives more, in multiples of the power held for an hour. */
const SPRINT = 2.6
/** How far a day's form is from the usual, as a share of the power. */
const FORM = 0.025
/** Keeps the randomness of one day apart from that of the others. */
const DAYS_APART = 0x9e3779b1
/** Crank torque at a brake setting of 100 %, N m. */
const FULL_BRAKE_NM = 60

/** One virtual rider on a trainer. */
export type Rider = {
  /** Rides on for `ms`. */
  step(ms: number): void
  /** What the trainer shows now, as reading number `seq` at the instant `t`. */
  reading(seq: number, t: number): RideReading
}

/**
 * A rider of a race of `durationMs`, wholly given by seed, number and day: the same person has another day's form,
 * surges and kick.
 * Power by the critical-power model: above `hour` watts the rider draws on a reserve of joules, below it
 * the reserve comes back; surges spend some of it, the finishing kick what is left.
 */
export function createRider(options: {
  seed: number
  number: number
  durationMs: number
  day?: number
}): Rider {
  const { seed, number, day = 0 } = options
  const born = createRandom(seed, number)
  const riderKg = normal(born, 72, 10, 50, 100)
  const body: Body = {
    massKg: riderKg + BICYCLE_KG,
    dragArea: normal(born, 0.3, 0.03, 0.22, 0.4)
  }
  const fitness = riderKg * normal(born, 3.1, 0.5, 1.8, 4.8)
  const fullReserve = between(born, 9_000, 22_000)
  const random = day === 0 ? born : createRandom(seed ^ Math.imul(day, DAYS_APART), number)
  const hour = day === 0 ? fitness : fitness * normal(random, 1, FORM, 0.9, 1.1)
  const pace = between(random, 0.98, 1.1)
  const kickMs = between(random, 8_000, 25_000)
  const spin = normal(random, 90, 6, 72, 106)
  const motion: Motion = { speed: 0, distance: 0, work: 0 }
  let clock = 0
  let reserve = fullReserve
  let watts = 0
  let wobble = 0

  const planSurge = (after: number) => {
    const from = after + between(random, 15_000, 70_000)
    return { from, to: from + between(random, 4_000, 14_000), share: between(random, 1.25, 1.7) }
  }
  let surge = planSurge(0)

  const will = (): number => {
    const left = Math.max(1_000, options.durationMs - clock) / 1_000
    if (left * 1_000 <= kickMs) return Math.min(hour + reserve / left, hour * SPRINT)
    if (reserve <= 0) return hour * 0.93
    if (clock >= surge.to) surge = planSurge(surge.to)
    return hour * (clock >= surge.from ? surge.share : pace)
  }

  const decide = (ms: number) => {
    const seconds = ms / 1_000
    wobble += seconds * (between(random, -0.35, 0.35) - 0.5 * wobble)
    watts += (will() * (1 + wobble) - watts) * (1 - Math.exp(-seconds / LAG_S))
    reserve = Math.min(fullReserve, Math.max(0, reserve - (watts - hour) * seconds))
    roll(motion, body, watts, seconds)
    clock += ms
  }

  return {
    step(ms) {
      for (let left = ms; left > 0; left -= DECIDE_MS) decide(Math.min(DECIDE_MS, left))
    },
    reading(seq, t) {
      const cadence = Math.round(Math.min(130, Math.max(50, spin + 14 * (watts / hour - 1))))
      const torque = watts / ((cadence * 2 * Math.PI) / 60)
      return {
        seq,
        t,
        cadence,
        resistance: Math.min(100, Math.round((100 * torque) / FULL_BRAKE_NM)),
        power: Math.round(watts),
        distance: Math.round(motion.distance * 1_000),
        work: Math.round(motion.work)
      }
    }
  }
}
