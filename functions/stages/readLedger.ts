import type { Directory, Fact, Race } from '#contract'
import { type Ledger, latest, stateOf } from '#race/ledgerState'
import { Refused } from './problem.ts'

/** What officials' views are made from; each rejects when the service failed. */
export type LedgerPorts = {
  /** All facts of a race, in any order. */
  readFacts(raceId: string): Promise<Fact[]>
  readDirectory(raceId: string): Promise<Directory | undefined>
  readRace(raceId: string): Promise<Race | undefined>
  now(): number
}

/** All facts of a race; throws `Refused` where there is neither a race of that name nor a trace of one. */
export async function readFacts(ports: LedgerPorts, raceId: string): Promise<Fact[]> {
  const facts = await ports.readFacts(raceId)
  if (facts.length || (await ports.readRace(raceId))) return facts
  throw new Refused('not-found', `There is no race ${raceId}.`)
}

/**
 * A race of laps as its ledger has it at `at` (ms since 1970); absent, now, with all that it holds: a device may be ahead
 * of our clock. Throws `Refused` for races that had not opened and for those that are counted by readings.
 */
export async function readLedger(ports: LedgerPorts, raceId: string, at?: number): Promise<Ledger> {
  const facts = await readFacts(ports, raceId)
  const ledger = stateOf(facts, at ?? latest(facts, ports.now()))
  if (ledger === 'not-open') {
    const detail = `Race ${raceId} was not open${at === undefined ? ' yet' : ` at ${new Date(at).toISOString()}`}.`
    throw new Refused('race-not-open', `${detail} There is something to see once it is.`)
  }
  if (ledger === 'by-readings') {
    const detail = `Race ${raceId} is counted by readings, which its ledger does not hold: see its standings.`
    throw new Refused('not-found', detail)
  }
  return ledger
}
