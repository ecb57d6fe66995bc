import type { CarBody } from '#contract'
import type { TimedCourse } from '#race/lapTimer'

/** One request of a car as the hub has it; `enqueued` in ms since 1970. */
export type CarEvent = CarBody & { enqueued: number }

/** A run begins: the device drives for this bib of this race from `at` on (ms since 1970, server time). */
export type RunStart = {
  runId: string
  raceId: string
  bib: number
  at: number
  course: TimedCourse
}
/** A run ends. */
export type RunEnd = { runId: string; at: number }

/** The operations of the car entity and their inputs. */
export type CarOperation =
  | { name: 'readings'; input: CarEvent[] }
  | { name: 'run'; input: RunStart }
  | { name: 'runEnd'; input: RunEnd }
