import { type Fact, type FactOf, PEOPLE, type Race } from '#contract'
import type { CarOperation, RunEnd, SensorOperation } from './runSignal.ts'

/** A run that ended, and its devices. */
export type EndedRun = RunEnd & { deviceId?: string | undefined; sensorId?: string | undefined }

/** Where the ledger's facts go. Each rejects when the service failed, so that the trigger tries the batch again. */
export type FactsPorts = {
  /** Starts the race's life; one that has started is not an error. */
  startLife(raceId: string): Promise<void>
  /** Tells the race's life of a fact that it may be waiting for. */
  tellLife(fact: Fact): Promise<void>
  signalRace(raceId: string, facts: Fact[]): Promise<void>
  signalCar(deviceId: string, operation: CarOperation): Promise<void>
  signalSensor(deviceId: string, operation: SensorOperation): Promise<void>
  /** Has the run's devices settle it when nothing can come any more; doing so already is not an error. */
  settleRun(run: EndedRun): Promise<void>
  readRace(raceId: string): Promise<Race | undefined>
  warn(message: string): void
}

/** Hands new facts of the ledger on, in the order of the feed: one signal per race. Repeating a batch is harmless. */
export function createFacts(ports: FactsPorts): (facts: Fact[]) => Promise<void> {
  return async facts => {
    for (const fact of facts) await act(ports, fact)
    const races = Map.groupBy(
      facts.filter(({ raceId }) => raceId !== PEOPLE),
      ({ raceId }) => raceId
    )
    await Promise.all([...races].map(([raceId, own]) => ports.signalRace(raceId, own)))
  }
}

async function act(ports: FactsPorts, fact: Fact): Promise<void> {
  switch (fact.kind) {
    case 'schedule':
      return ports.startLife(fact.raceId)
    case 'open':
    case 'configure':
    case 'start':
    case 'close':
    case 'abort':
    case 'extend':
    case 'confirm':
      return ports.tellLife(fact)
    case 'run':
      return bind(ports, fact)
    case 'runEnd':
      return free(ports, fact)
    case 'enter':
    case 'withdraw':
    case 'lap':
    case 'reset':
    case 'correct':
    case 'status':
    case 'judge':
    case 'propose':
    case 'protest':
    case 'settle':
    case 'pause':
    case 'resume':
    case 'submit':
    case 'retract':
    case 'restore':
    case 'order':
    case 'merge':
    case 'look':
    case 'erase':
      return
  }
}

/** Binds the run's devices to it: a car with the line and the edges of the race's course that it is timed by. */
async function bind(ports: FactsPorts, fact: FactOf<'run'>): Promise<void> {
  const { runId, raceId, bib, at, deviceId, sensorId } = fact
  const run = { runId, raceId, bib, at }
  if (sensorId) await ports.signalSensor(sensorId, { name: 'run', input: run })
  if (!deviceId) return
  const race = await ports.readRace(raceId)
  const { line, boundary } = race?.course ?? {}
  if (!line) {
    ports.warn(`run ${runId} is not timed by telemetry: its course has no line`)
    return
  }
  const course = { line, boundary, allowedResets: race?.allowedResets }
  await ports.signalCar(deviceId, { name: 'run', input: { ...run, course } })
}

async function free(ports: FactsPorts, fact: FactOf<'runEnd'>): Promise<void> {
  const { runId, at, deviceId, sensorId } = fact
  const input = { runId, at }
  if (deviceId) await ports.signalCar(deviceId, { name: 'runEnd', input })
  if (sensorId) await ports.signalSensor(sensorId, { name: 'runEnd', input })
  if (deviceId || sensorId) await ports.settleRun({ ...input, deviceId, sensorId })
}
