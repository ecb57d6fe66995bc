import type { DirectoryEntry, Fact, FactOf, Race } from '#contract'
import { type Ledger, stateOf } from '#race/ledgerState'
import type { LedgerPorts } from '../../functions/stages/readLedger.ts'
import { lapFact, officialFact } from './facts.ts'
import { GUN } from './races.ts'

/** The race opens, a minute before the gun. */
export const openFact = (race: Race, ms = -60_000): FactOf<'open'> => ({
  ...officialFact('start', ms),
  id: 'open',
  kind: 'open',
  race
})

/** What a race's ledger makes of facts after its opening, by default at the latest of them. */
export function ledgerOf(race: Race, facts: Fact[], until?: number): Ledger {
  const ledger = stateOf([openFact(race), ...facts], until)
  if (typeof ledger === 'string') throw new Error(`no ledger: ${ledger}`)
  return ledger
}

/** A lap of the bib's run timed by a person; its end is `ms` after the gun. */
export const handLap = (
  bib: number,
  lap: number,
  lapMs: number,
  ms: number,
  by = 'ada'
): FactOf<'lap'> =>
  lapFact(bib, lap, lapMs, ms, { id: `run-${bib}-${by}-${lap}`, source: 'hand', by })

/** A store of one race's facts and names behind the officials' views, at a minute after the gun. */
export const aLedgerStore = (
  facts: Fact[],
  { race, names = [] }: { race?: Race; names?: DirectoryEntry[] } = {}
): LedgerPorts => ({
  readFacts: async raceId => facts.filter(fact => fact.raceId === raceId),
  readDirectory: async raceId =>
    names.length ? { raceId, version: 1, entries: names } : undefined,
  readRace: async raceId => (race?.raceId === raceId ? race : undefined),
  now: () => GUN + 60_000
})
