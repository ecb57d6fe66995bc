import type { BoardAt, Explanation, Fact, LedgerPage } from '#contract'
import { boardAt } from '#race/boardAt'
import { explain } from '#race/explanation'
import { knownAt } from '#race/ledgerState'
import { Refused } from './problem.ts'
import { type LedgerPorts, readFacts, readLedger } from './readLedger.ts'

/** Facts of one page of the ledger. */
export const LEDGER_PAGE_FACTS = 100

/** Shows admins the ledger and what follows from it. Each answer throws `Refused` for what does not exist. */
export function createLedgerView(ports: LedgerPorts) {
  return {
    /** A page of facts, those that the ledger got last first; `continuation` is what the page before it gave. */
    async page(raceId: string, continuation?: string): Promise<LedgerPage> {
      const facts = (await readFacts(ports, raceId)).toSorted(newestFirst)
      const from = continuation === undefined ? 0 : after(facts, continuation)
      const page = facts.slice(from, from + LEDGER_PAGE_FACTS)
      const isLast = from + page.length === facts.length
      return { raceId, facts: page, continuation: isLast ? null : page.at(-1)!.id }
    },

    /** Why a competitor has the place that it has. */
    async explanation(raceId: string, bib: number): Promise<Explanation> {
      const explanation = explain(await readLedger(ports, raceId), bib)
      if (!explanation)
        throw new Refused('not-found', `There is no competitor ${bib} in ${raceId}.`)
      return explanation
    },

    /** The classification as it was at an instant (ms since 1970); one that is still to come is now. */
    async boardAt(raceId: string, at: number): Promise<BoardAt> {
      const past = Math.min(at, ports.now())
      return boardAt(await readLedger(ports, raceId, past), past)
    }
  }
}

/** The ledger only grows, and at its new end: what a page named last stays where it is in what follows. */
function after(facts: Fact[], id: string): number {
  const index = facts.findIndex(fact => fact.id === id)
  if (index >= 0) return index + 1
  const detail = 'is none that a page of this ledger gave'
  throw new Refused('bad-parameter', `continuation ${detail}: start again without one.`, [
    { pointer: 'continuation', detail }
  ])
}

const newestFirst = (a: Fact, b: Fact): number => knownAt(b) - knownAt(a) || (a.id < b.id ? 1 : -1)
