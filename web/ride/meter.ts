import * as v from 'valibot'
import type { RideReading } from '#contract/telemetry'
import { outputOf } from '#race/metric'
import { type Body, roll } from './bicycle.ts'

/** Which foot, and thumb, pushes. */
export type Side = 'left' | 'right'

/**
 * The brake, in percent, and the torque at the crank of a full one, in N m. It is the same for everybody: thumbs feel no
 * brake, so a lever would only be moved to its end.
 */
const RESISTANCE = 40
const FULL_BRAKE_NM = 60
/** Everybody rides the same bicycle: a rider of 75 kg on one of 8 kg, upright enough for a trainer. */
const BODY: Body = { massKg: 83, dragArea: 0.3 }
/** Cadence is that of the last pushes, within so many ms; who has not pushed for so long stands still. */
const WINDOW_MS = 2_400
const PUSHES = 9
/** What a reading may say at most. */
const CADENCE_MAX = 250
const PUSHES_A_TURN = 2
const MS_PER_MINUTE = 60_000

const Amount = v.pipe(v.number(), v.finite(), v.minValue(0))
const RiddenText = v.object({ speed: Amount, distance: Amount, work: Amount, output: Amount })
/** What outlives a reload: speed in m/s, distance in m, work in J, output in its hundredths. */
export type Ridden = v.InferOutput<typeof RiddenText>
/** A reading before its number, and the totals as each metric counts them: mm, J and hundredths. */
export type Measured = Omit<RideReading, 'seq'>

/** Turns a minute of the crank, from the instants of the last pushes, in ms: half a turn each. */
export function cadenceOf(pushes: readonly number[], now: number): number {
  const recent = pushes.filter(at => now - at <= WINDOW_MS).slice(-PUSHES)
  const [first] = recent
  const last = recent.at(-1)
  if (first === undefined || last === undefined || recent.length < 2) return 0
  const each = (last - first) / (recent.length - 1)
  // Who has stopped is slower with every moment without a push.
  const period = Math.max(each, now - last)
  return period <= 0 ? CADENCE_MAX : Math.min(CADENCE_MAX, MS_PER_MINUTE / (PUSHES_A_TURN * period))
}

/** Watts at the crank: torque of the brake by angular speed. */
export const powerOf = (cadence: number): number =>
  ((FULL_BRAKE_NM * RESISTANCE) / 100) * ((cadence * 2 * Math.PI) / 60)

/** The bicycle under the thumbs: pushes go in, readings come out. Instants are the server's, in ms. */
export function createMeter(startedAt: number, ridden?: Ridden) {
  const total: Ridden = ridden ?? { speed: 0, distance: 0, work: 0, output: 0 }
  let pushes: number[] = []
  let due: Side = 'left'
  let at = startedAt

  /** Rolls on in steps, so that what was pushed long ago is not what is pushed now. */
  const rollTo = (now: number): void => {
    for (; at < now; ) {
      const step = Math.min(now - at, 100)
      at += step
      roll(total, BODY, powerOf(cadenceOf(pushes, at)), step / 1_000)
    }
  }

  return {
    due: (): Side => due,
    /** A push with one thumb; whether it was the one that is due. The other one turns nothing. */
    push(side: Side, now: number): boolean {
      if (side !== due) return false
      rollTo(now)
      pushes = [...pushes.slice(1 - PUSHES), now]
      due = due === 'left' ? 'right' : 'left'
      return true
    },
    rollTo,
    /** Pushes a minute. */
    pace: (now: number): number => cadenceOf(pushes, now) * PUSHES_A_TURN,
    /** What the metric counts so far: mm, J or hundredths of output. */
    value: (metric: 'distance' | 'work' | 'output'): number =>
      Math.round(metric === 'distance' ? total.distance * 1_000 : total[metric]),
    /** Measures the instant `t`: once a second, as output adds up by readings. */
    measure(t: number): Measured {
      rollTo(t)
      const cadence = Math.round(cadenceOf(pushes, t))
      total.output += outputOf(cadence, RESISTANCE)
      return {
        t,
        cadence,
        resistance: RESISTANCE,
        power: Math.round(powerOf(cadence)),
        distance: Math.round(total.distance * 1_000),
        work: Math.round(total.work)
      }
    },
    ridden: (): Ridden => ({ ...total })
  }
}
export type Meter = ReturnType<typeof createMeter>

/** What an earlier page wrote down of the same ride; undefined where there was none. */
export function readRidden(text: string | undefined): Ridden | undefined {
  try {
    return v.parse(RiddenText, JSON.parse(text ?? ''))
  } catch {
    return undefined
  }
}
