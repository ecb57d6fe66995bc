import type { Fact, Race } from '#contract'
import type { CarOperation } from './carSignal.ts'

/** Where the ledger's facts go. Each rejects when the service failed, so that the trigger tries the batch again. */
export type FactsPorts = {
  /** Starts the race's life; one that has started is not an error. */
  startLife(raceId: string): Promise<void>
  /** Tells the race's life of a fact that it may be waiting for. */
  tellLife(fact: Fact): Promise<void>
  signalRace(raceId: string, facts: Fact[]): Promise<void>
  signalCar(deviceId: string, operation: CarOperation): Promise<void>
  readRace(raceId: string): Promise<Race | undefined>
  warn(message: string): void
}

/** Hands new facts of the ledger on, in the order of the feed: one signal per race. Repeating a batch is harmless. */
export function createFacts(ports: FactsPorts): (facts: Fact[]) => Promise<void> {
  return async facts => {
    for (const fact of facts) await act(ports, fact)
    const races = Map.groupBy(facts, fact => fact.raceId)
    await Promise.all([...races].map(([raceId, own]) => ports.signalRace(raceId, own)))
  }
}

async function act(ports: FactsPorts, fact: Fact): Promise<void> {
  switch (fact.kind) {
    case 'schedule':
      return ports.startLife(fact.raceId)
    case 'open':
    case 'start':
    case 'close':
    case 'abort':
    case 'confirm':
      return ports.tellLife(fact)
    case 'run':
      return bind(ports, fact)
    case 'runEnd': {
      const { runId, at } = fact
      return ports.signalCar(fact.deviceId, { name: 'runEnd', input: { runId, at } })
    }
    case 'enter':
    case 'lap':
    case 'correct':
    case 'status':
      return
  }
}

/** Binds the device to the run, with the line and the edges of the race's course that it is timed by. */
async function bind(ports: FactsPorts, fact: Extract<Fact, { kind: 'run' }>): Promise<void> {
  const race = await ports.readRace(fact.raceId)
  const { line, boundary } = race?.course ?? {}
  if (!line) {
    ports.warn(`run ${fact.runId} is not timed by telemetry: its course has no line`)
    return
  }
  const { runId, raceId, bib, at } = fact
  const input = { runId, raceId, bib, at, course: { line, boundary } }
  await ports.signalCar(fact.deviceId, { name: 'run', input })
}
