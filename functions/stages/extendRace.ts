import type { Actor, Extension, Fact, FactOf, Head } from '#contract'
import { factsOf } from '#race/ledgerState'
import { NOTICE_MS } from '#race/phase'
import { Refused } from './problem.ts'

/** How far ahead a new end may be, in ms: riders have to hear of it, and nobody means a race of days. */
const LEAST_MS = 5_000
const MOST_MS = 86_400_000

/** What moving a race's end needs; each rejects when the service failed. */
export type ExtendRacePorts = {
  readHead(raceId: string): Promise<Head | undefined>
  readFacts(raceId: string): Promise<Fact[]>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** Moves the end of a running race, later or earlier. The end that it was moved to last is the same answer again. */
export function createExtendRace(ports: ExtendRacePorts) {
  return async (raceId: string, { endsAt }: Extension, actor: Actor): Promise<FactOf<'extend'>> => {
    const before = factsOf(await ports.readFacts(raceId), 'extend').sort(inOrder)
    const last = before.at(-1)
    if (last?.endsAt === endsAt) return last
    const at = ports.now()
    refuseUntimely(raceId, await ports.readHead(raceId), at)
    refuseFar(endsAt, at)
    // An end that held before and was moved since is another fact.
    const again = before.filter(fact => fact.endsAt === endsAt).length
    const id = `extend-${endsAt}${again ? `.${again}` : ''}`
    const fact: FactOf<'extend'> = {
      ...{ id, raceId, kind: 'extend', endsAt },
      ...{ at, recordedAt: at, actor }
    }
    if (await ports.appendFact(fact)) return fact
    const held = factsOf(await ports.readFacts(raceId), 'extend')
    return held.find(one => one.id === id) ?? fact
  }
}

const inOrder = (a: FactOf<'extend'>, b: FactOf<'extend'>): number => a.at - b.at

function refuseUntimely(raceId: string, head: Head | undefined, now: number): void {
  if (head?.phase !== 'running') {
    const phase = head?.phase ?? 'not open yet'
    throw new Refused(
      'conflict',
      `Race ${raceId} is ${phase}: only a running race can be extended.`
    )
  }
  if (head.endsAt === null || head.endsAt - now >= NOTICE_MS) return
  // The order would come when the first riders have finished already.
  throw new Refused('conflict', `Race ${raceId} is about to end: it cannot be extended any more.`)
}

function refuseFar(endsAt: number, now: number): void {
  const ahead = endsAt - now
  if (ahead >= LEAST_MS && ahead <= MOST_MS) return
  const detail =
    ahead < LEAST_MS
      ? `is less than ${LEAST_MS / 1_000} s ahead: close the race to end it now`
      : 'is more than a day ahead: extend the race again later'
  throw new Refused('bad-body', `The new end ${detail}.`, [{ pointer: '/endsAt', detail }])
}
