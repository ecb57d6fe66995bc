import type { Course, Format, Line, Phase, RaceSummary } from '#contract'
import type { Cast } from './cast.ts'
import { DRIVERS, type Driver } from './drivers.ts'
import { passingsOf } from './passings.ts'
import { pause, persist } from './pause.ts'
import { listRaces, nextRaceId } from './raceIds.ts'
import { RECORDINGS, readBoundary, readDrivenAttempts, readStartLine } from './recording.ts'
import { carsByHttps, type FleetLink, openCars, openTimer } from './trialFleet.ts'
import { holdRun, type Recorded } from './trialRun.ts'

/** Between two runs, ms: the next car goes to the line, and the last readings of the one before are folded. */
const RUN_PAUSE_MS = 5_000
/** How often to look whether a closed race is provisional, or whether a car may drive again, ms. */
const LOOK_MS = 2_000
/** One after the other. Cars that take turns cannot compete for most laps: of equal ones the earlier count. */
const FORMATS: Format[] = [{ kind: 'fastestLap' }, { kind: 'averageLap', laps: 2 }]

/**
 * Holds one time trial after the other until the signal: drivers queue, one car at a time is on the track. Races that
 * an earlier demonstration left are closed first.
 */
export async function runTimeTrials(
  cast: Cast,
  options: {
    trialMs: number
    /** How many times faster than recorded cars and timer go. */
    speed: number
    fleet: FleetLink
    /** With it cars come through the gateway. */
    token: (() => Promise<string>) | undefined
    known: RaceSummary[]
  }
): Promise<void> {
  const { gateway, office, now, log, signal } = cast
  const insist = <T>(what: string, action: () => Promise<T>) =>
    persist(action, { what, log, signal })
  const file = new URL('course.csv', RECORDINGS)
  const line = await readStartLine(file)
  const boundary = await readBoundary(file)
  const course: Course = { courseId: 'reinvent-2018', name: 're:Invent 2018', line, boundary }
  const drivers = await Promise.all(
    DRIVERS.map(async driver => ({ ...driver, recorded: await readDriven(driver, line) }))
  )
  const { fleet, token } = options
  const timer = await openTimer(cast, fleet)
  const cars = token ? carsByHttps(cast, token) : await openCars(cast, fleet)
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

  const race = async (raceId: string) => {
    const closesAt = now() + options.trialMs
    for (let count = 1; now() < closesAt && !signal.aborted; ) {
      const car = cars.find(car => !car.isStopped())
      if (!car) {
        await pause(LOOK_MS, signal)
        continue
      }
      cars.push(...cars.splice(cars.indexOf(car), 1))
      const { bib, recorded } = drivers[(count - 1) % drivers.length]!
      // Seconds since 1970, so that a boot number rises over restarts too.
      boot = Math.max(boot + 1, Math.floor(now() / 1_000))
      const run = { raceId, runId: `${raceId}-${count++}`, bib, boot }
      const sent = await holdRun(cast, { ...run, car, timer, recorded, speed: options.speed })
      log({ event: 'run', ...run, deviceId: car.deviceId, ...sent })
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
    await race(raceId)
    finishing.push(finish(raceId))
  }

  const finishing = options.known
    .filter(({ raceId, phase }) => raceId.startsWith('time-trial-') && !isOver(phase))
    .map(({ raceId }) => finish(raceId))
  while (!signal.aborted) await hold()
  await Promise.all(finishing)
}

const isOver = (phase: Phase): boolean => phase === 'official' || phase === 'aborted'

async function readDriven({ recording, attempts }: Driver, line: Line): Promise<Recorded> {
  const driven = await readDrivenAttempts(new URL(recording, RECORDINGS), attempts)
  return { readings: driven.flat(), passings: passingsOf(line, driven) }
}

function timeTrial(raceId: string, course: Course) {
  const number = Number(raceId.slice(raceId.lastIndexOf('-') + 1))
  return {
    id: raceId,
    raceId,
    name: `DeepRacer time trial ${number}`,
    place: 'Las Vegas',
    event: 'Grandstand Open',
    sponsor: 'Paddock Coffee',
    format: FORMATS[(number - 1) % FORMATS.length]!,
    course,
    capacity: DRIVERS.length,
    minLapMs: 5_000,
    timedBy: 'sensor' as const,
    allowedResets: 3,
    timetable: {},
    attended: true
  }
}
