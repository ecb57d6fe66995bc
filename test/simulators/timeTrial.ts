import type { Course, Phase, RaceSummary } from '#contract'
import { replayCar } from './car.ts'
import type { Cast } from './cast.ts'
import { type DeviceLink, openMqttCar } from './mqttCar.ts'
import { pause, persist } from './pause.ts'
import { listRaces, nextRaceId } from './raceIds.ts'
import { RECORDINGS, readBoundary, readRecording, readStartLine } from './recording.ts'
import type { CarAccount } from './replay.ts'

/** The cars and who drives them: the first by MQTT, the second by HTTPS. */
const DRIVERS = [
  {
    bib: 1,
    deviceId: 'car-1',
    byMqtt: true,
    recording: 'evaluation-a.csv',
    face: { competitorId: 'driver-1', name: 'Turbo Toast 🍞', country: 'UAE', class: 'Open' }
  },
  {
    bib: 2,
    deviceId: 'car-2',
    byMqtt: false,
    recording: 'evaluation-b.csv',
    face: { competitorId: 'driver-2', name: 'Pedal Panda 🐼', country: 'FIN', class: 'Open' }
  }
]
/** From the fact that binds a car to its first reading, ms: clocks may differ by that. */
const RUN_LEAD_MS = 1_000
/** Between two runs of a car, ms: the last readings of one are folded before the next is bound. */
const RUN_PAUSE_MS = 5_000
/** How often to look whether a closed race is provisional, ms. */
const LOOK_MS = 2_000

type Driver = {
  bib: number
  deviceId: string
  /** Replays the driver's recording as the car's start of this number. */
  drive(boot: number): Promise<CarAccount>
}

/** How the cars come to the IoT Hub: the devices' connections, and the authority of its certificate. */
export type FleetLink = { caFile: string; devices: DeviceLink[] }

/** Holds one time trial after the other until the signal; races that an earlier demonstration left are closed first. */
export async function runTimeTrials(
  cast: Cast,
  options: {
    trialMs: number
    token: () => Promise<string>
    fleet: FleetLink
    known: RaceSummary[]
  }
): Promise<void> {
  const { gateway, office, now, log, signal } = cast
  const insist = <T>(what: string, action: () => Promise<T>) =>
    persist(action, { what, log, signal })
  const file = new URL('course.csv', RECORDINGS)
  const course: Course = {
    courseId: 'reinvent-2018',
    name: 're:Invent 2018',
    line: await readStartLine(file),
    boundary: await readBoundary(file)
  }
  const { token, fleet } = options
  const connect = async (deviceId: string) => {
    const device = fleet.devices.find(each => each.deviceId === deviceId)
    if (!device) throw new Error(`the IoT Hub has no device ${deviceId}`)
    return openMqttCar(device, { caFile: fleet.caFile, log, signal })
  }
  const cars = DRIVERS.map(async ({ bib, deviceId, recording, byMqtt }): Promise<Driver> => {
    const readings = await readRecording(new URL(recording, RECORDINGS))
    const car = byMqtt ? await connect(deviceId) : undefined
    return {
      bib,
      deviceId,
      drive: boot =>
        car
          ? car.drive({ boot, readings, now })
          : replayCar({ gateway, deviceId, boot, readings, token, now, signal })
    }
  })
  let known = options.known.map(race => race.raceId)
  let boot = 0

  const open = async (): Promise<string> => {
    for (;;) {
      const raceId = nextRaceId('time-trial', now(), known)
      const created = await office.openTimeTrial(timeTrial(raceId, course))
      known = [raceId]
      if (created) return raceId
    }
  }

  const drive = async (raceId: string, driver: Driver, closesAt: number) => {
    const { bib, deviceId } = driver
    for (let count = 1; now() < closesAt && !signal.aborted; count++) {
      const run = { runId: `${raceId}-${bib}-${count}`, bib, deviceId }
      await insist('start a run', () => office.startRun(raceId, run))
      await pause(RUN_LEAD_MS, signal)
      // Seconds since 1970, so that a boot number rises over restarts too.
      boot = Math.max(boot + 1, Math.floor(now() / 1_000))
      const sent = await driver.drive(boot)
      await insist('end a run', () => office.endRun(raceId, run))
      log({ event: 'run', raceId, runId: run.runId, ...sent })
      await pause(RUN_PAUSE_MS, signal)
    }
  }

  /** Closes a race and has it confirmed once its classification is provisional. */
  const finish = async (raceId: string) => {
    await insist('close a race', () => office.close(raceId))
    for (;;) {
      const listed = await insist('look at the races', () => listRaces(gateway))
      const phase = listed?.find(race => race.raceId === raceId)?.phase
      if (signal.aborted || (phase && isOver(phase))) return
      if (phase === 'provisional') break
      await pause(LOOK_MS, signal)
    }
    await insist('confirm a race', () => office.confirm(raceId))
    log({ event: 'confirmed', raceId })
  }

  const hold = async () => {
    const raceId = await insist('open a time trial', open)
    if (!raceId) return
    for (const { bib, face } of DRIVERS) {
      await insist('enter a driver', () => office.enter(raceId, bib, face))
    }
    await insist('start a time trial', () => office.start(raceId))
    log({ event: 'started', raceId })
    const closesAt = now() + options.trialMs
    await Promise.all(cars.map(async car => drive(raceId, await car, closesAt)))
    finishing.push(finish(raceId))
  }

  const finishing = options.known
    .filter(({ raceId, phase }) => raceId.startsWith('time-trial-') && !isOver(phase))
    .map(({ raceId }) => finish(raceId))
  while (!signal.aborted) await hold()
  await Promise.all(finishing)
}

const isOver = (phase: Phase): boolean => phase === 'official' || phase === 'aborted'

const timeTrial = (raceId: string, course: Course) => ({
  id: raceId,
  raceId,
  name: 'DeepRacer time trial',
  place: 'Las Vegas',
  format: { kind: 'fastestLap' as const },
  course,
  capacity: DRIVERS.length,
  minLapMs: 5_000,
  timetable: {},
  attended: true
})
