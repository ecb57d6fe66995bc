import type { CarReading } from '#contract'
import type { Cast } from './cast.ts'
import { type Account, totalOf } from './countedOutbox.ts'
import type { MqttCar } from './mqttCar.ts'
import type { MqttTimer } from './mqttTimer.ts'
import type { Passing } from './passings.ts'
import { pause, persist } from './pause.ts'

/** From the fact that binds car and timer to their first readings, ms: clocks may differ by that. */
const RUN_LEAD_MS = 1_000

/** What is driven in a run: readings as the car knows them, and where they pass the line. */
export type Recorded = { readings: CarReading[]; passings: Passing[] }
/** A car of the trial. */
export type TrackCar = MqttCar & { deviceId: string }
/** The lap timer at the line. */
export type LineTimer = MqttTimer & { deviceId: string }

/** What the devices of a run have sent. */
export type RunAccount = { car: Account; timer: Account }

/** One run from its beginning to its end, by the officials' facts; a car that is stopped on its way ends it. */
export async function holdRun(
  { office, now, log, signal }: Omit<Cast, 'gateway'>,
  run: {
    raceId: string
    runId: string
    bib: number
    /** The start of car and timer: higher than ever before. */
    boot: number
    car: TrackCar
    timer: LineTimer
    recorded: Recorded
    speed: number
  }
): Promise<RunAccount> {
  const { raceId, runId, bib, boot, car, timer, speed } = run
  const { readings, passings } = run.recorded
  const bound = { runId, bib, deviceId: car.deviceId, sensorId: timer.deviceId }
  const insist = (what: string, action: () => Promise<void>) =>
    persist(action, { what, log, signal })
  await insist('start a run', () => office.startRun(raceId, bound))
  await pause(RUN_LEAD_MS, signal)
  const stopped = new AbortController()
  const zero = readings[0]?.t ?? 0
  const timing = timer.time({ boot, zero, passings, now, speed, halt: stopped.signal })
  const driven = await car.drive({ boot, readings, now, speed })
  if (totalOf(driven) < readings.length) stopped.abort()
  const timed = await timing
  await insist('end a run', () => office.endRun(raceId, bound))
  return { car: driven, timer: timed }
}
