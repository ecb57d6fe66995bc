import type { Fact } from '#contract'
import { foldFacts } from './facts.ts'
import { type JudgedLaps, judgedLaps } from './judgedLaps.ts'
import { phaseAt } from './ledgerLife.ts'
import { isTimedByLaps } from './metric.ts'
import { enterPhase } from './phase.ts'
import { openState, type RaceState } from './state.ts'

/** A race of laps as its ledger alone has it: the state that its entity comes to, its laps judged, and the facts, oldest first. */
export type Ledger = { state: RaceState; laps: JudgedLaps; facts: Fact[] }
/** Why a ledger makes no state: the race had not opened, or is counted by readings, which are not in the ledger. */
export type NoState = 'not-open' | 'by-readings'

/**
 * The race as it stood at `until` (ms since 1970), from what had happened by then and was known; by default when its
 * latest fact was. Facts may be listed in any order.
 */
export function stateOf(facts: Fact[], until = latest(facts)): Ledger | NoState {
  const told = facts.filter(fact => knownAt(fact) <= until).sort(oldestFirst)
  const opening = told.find(({ kind }) => kind === 'open')
  if (opening?.kind !== 'open') return 'not-open'
  const { race, at } = opening
  if (!isTimedByLaps(race.format)) return 'by-readings'
  const state = openState(race)
  foldFacts(state, told)
  enterPhase(state, phaseAt(race, told, at, until))
  return { state, laps: judgedLaps(state), facts: told }
}

/** When the ledger got a fact, in ms since 1970: laps that were captured offline or added by hand come long after they were driven. */
export const knownAt = ({ at, recordedAt = at }: Fact): number => Math.max(at, recordedAt)

/** When the latest fact was known, in ms since 1970; no earlier than `since`. */
export const latest = (facts: Fact[], since = 0): number =>
  facts.reduce((max, fact) => Math.max(max, knownAt(fact)), since)

/** The facts of some kinds, in the order given. */
export const factsOf = <K extends Fact['kind']>(
  facts: Fact[],
  ...kinds: K[]
): Extract<Fact, { kind: K }>[] =>
  facts.filter((fact): fact is Extract<Fact, { kind: K }> => kinds.some(kind => kind === fact.kind))

const oldestFirst = (a: Fact, b: Fact): number =>
  a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
