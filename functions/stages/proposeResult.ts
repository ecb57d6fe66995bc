import type { Actor, Fact, FactOf, Head, Race } from '#contract'
import { factsOf } from '#race/ledgerState'
import { factsBelow } from '#race/signature'
import { Refused } from './problem.ts'

/** What proposing needs; each rejects when the service failed. */
export type ProposeResultPorts = {
  readRace(raceId: string): Promise<Race | undefined>
  readHead(raceId: string): Promise<Head | undefined>
  readLedger(raceId: string): Promise<Fact[]>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** Signs a provisional classification first: once a person, and anew when it has changed since. */
export function createProposeResult(ports: ProposeResultPorts) {
  return async (raceId: string, actor: Actor): Promise<FactOf<'propose'>> => {
    const facts = await ports.readLedger(raceId)
    const below = factsBelow(facts)
    const id = `propose.${actor.kind === 'person' ? actor.object : actor.app}.${below}`
    const signed = (among: Fact[]) => factsOf(among, 'propose').find(fact => fact.id === id)
    const known = signed(facts)
    if (known) return known
    await refuseEarly(ports, raceId)
    const at = ports.now()
    const fact = { id, raceId, kind: 'propose', at, recordedAt: at, actor, below } as const
    if (await ports.appendFact(fact)) return fact
    const other = signed(await ports.readLedger(raceId))
    if (other) return other
    throw new Error(`the ledger of ${raceId} has something else under ${id}`)
  }
}

async function refuseEarly(ports: ProposeResultPorts, raceId: string): Promise<void> {
  const head = await ports.readHead(raceId)
  if (!head && !(await ports.readRace(raceId))) {
    throw new Refused('not-found', `There is no race ${raceId}.`)
  }
  const phase = head?.phase ?? 'scheduled'
  if (phase === 'provisional') return
  const detail = `Race ${raceId} is ${phase}: only a provisional classification can be proposed.`
  throw new Refused('conflict', detail)
}
