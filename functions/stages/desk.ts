import type { Fact, FactOf, Phase, Row } from '#contract'
import { classify } from '#race/classification'
import { type JudgedLap, judgedLaps } from '#race/judgedLaps'
import { factsOf, type Ledger, latest, stateOf } from '#race/ledgerState'
import { latestOf } from './decision.ts'
import { Refused } from './problem.ts'
import { type LedgerPorts, readFacts } from './readLedger.ts'

/** What lies before an admin who corrects a race. */
export type Desk = {
  facts: Fact[]
  opening: FactOf<'open'>
  phase: Phase
  /** ms since 1970. */
  now: number
  /** A race of laps; undefined where readings are counted, which the ledger does not hold. */
  laps: { ledger: Ledger; rows: Row[]; judged: Map<string, JudgedLap> } | undefined
  /** Bibs that are in the race. */
  bibs: Set<number>
}

/** What deciding needs to know; each rejects when the service failed. */
export type DeskPorts = LedgerPorts & {
  readHead(raceId: string): Promise<{ phase: Phase } | undefined>
}

/** Lays a race before an admin; throws `Refused` where there is none, or none that has opened. */
export async function deskOf(ports: DeskPorts, raceId: string): Promise<Desk> {
  const [facts, head] = await Promise.all([readFacts(ports, raceId), ports.readHead(raceId)])
  const now = ports.now()
  const [opening] = factsOf(facts, 'open')
  if (!opening) {
    const detail = `Race ${raceId} was not open yet: there is nothing to correct.`
    throw new Refused('race-not-open', detail)
  }
  const desk = { facts, opening, phase: head?.phase ?? ('scheduled' as const), now }
  const ledger = stateOf(facts, latest(facts, now))
  if (typeof ledger === 'string') {
    return { ...desk, laps: undefined, bibs: await listed(ports, raceId, facts) }
  }
  const rows = classify(ledger.state)
  const judged = new Map(judgedLaps(ledger.state).all.map(lap => [lap.id, lap]))
  return { ...desk, laps: { ledger, rows, judged }, bibs: new Set(rows.map(({ bib }) => bib)) }
}

/** Who has a name in a race and was not taken off it. */
async function listed(ports: DeskPorts, raceId: string, facts: Fact[]): Promise<Set<number>> {
  const entries = (await ports.readDirectory(raceId))?.entries ?? []
  const bibs = entries.map(({ bib }) => bib)
  return new Set(bibs.filter(bib => latestOf(entriesOf(facts, bib))?.kind !== 'withdraw'))
}

/** When a bib was put on the race and taken off it. */
export const entriesOf = (facts: Fact[], bib: number) =>
  factsOf(facts, 'enter', 'withdraw').filter(fact => fact.bib === bib)
