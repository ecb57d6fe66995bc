import type { CarReading, Crossing } from '#contract'
import type { TimedCourse } from '#race/lapTimer'

/** One message of a device as the hub has it; `enqueued` in ms since 1970. */
export type DeviceEvent<R> = { boot: number; readings: R[]; enqueued: number }
/** A car's readings. */
export type CarEvent = DeviceEvent<CarReading>
/** A lap timer's pulses. */
export type SensorEvent = DeviceEvent<Crossing>

/** A run begins: the device is this bib's of this race from `at` on (ms since 1970, server time). */
export type RunStart = { runId: string; raceId: string; bib: number; at: number }
/** A car's run begins on a course. */
export type CarRunStart = RunStart & { course: TimedCourse }
/** A run ends. */
export type RunEnd = { runId: string; at: number }

/** What devices are told of runs; `settle` when nothing counts any more for the run that ended. */
export type RunOperation<S extends RunStart> =
  | { name: 'run'; input: S }
  | { name: 'runEnd' | 'settle'; input: RunEnd }
/** The operations of the car entity and their inputs. */
export type CarOperation = RunOperation<CarRunStart> | { name: 'readings'; input: CarEvent[] }
/** The operations of the sensor entity and their inputs. */
export type SensorOperation = RunOperation<RunStart> | { name: 'crossings'; input: SensorEvent[] }
