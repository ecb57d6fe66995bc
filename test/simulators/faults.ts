import type { Random } from './random.ts'

/** Faults made on purpose, each as a share (0 to 1) of the readings. */
export type Faults = {
  /** Sent twice. */
  duplicates: number
  /** Held back for several readings. */
  late: number
  /** Sent after its successor. */
  outOfOrder: number
}
/** A late reading lets between so many others pass. */
const LATE_READINGS = { from: 3, to: 9 }

/** One device's readings on their way out: `pass` gives what to send now, `rest` what is still held back. */
export type Disturbance<T> = { pass(reading: T): T[]; rest(): T[] }

/** Disturbs a stream of readings; nothing is lost. */
export function createDisturbance<T>(faults: Faults, random: Random): Disturbance<T> {
  let held: Array<{ reading: T; passes: number }> = []
  const holdFor = (): number => {
    const chance = random()
    if (chance < faults.outOfOrder) return 1
    if (chance >= faults.outOfOrder + faults.late) return 0
    return LATE_READINGS.from + Math.floor(random() * (LATE_READINGS.to - LATE_READINGS.from))
  }
  return {
    pass(reading) {
      const now: T[] = []
      const passes = holdFor()
      if (passes === 0) now.push(reading)
      for (const other of held) if (--other.passes <= 0) now.push(other.reading)
      held = held.filter(other => other.passes > 0)
      if (passes > 0) held.push({ reading, passes })
      if (random() < faults.duplicates) now.push(reading)
      return now
    },
    rest: () => held.splice(0).map(({ reading }) => reading)
  }
}
