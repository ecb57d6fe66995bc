import * as v from 'valibot'
import { type Actor, type Correction, Fact, type FactOf } from '#contract'
import { factsOf } from '#race/ledgerState'
import { conflicting, type Decision, isOf, latestOf } from './decision.ts'
import { decisionId } from './decisionId.ts'
import { type Desk, type DeskPorts, deskOf } from './desk.ts'
import { Refused } from './problem.ts'
import { rulingOf } from './rulings.ts'
import { markWithdrawn, type WithdrawalPorts } from './withdrawal.ts'

/** What correcting a race needs; each rejects when the service failed. */
export type CorrectionPorts = DeskPorts &
  WithdrawalPorts & {
    /** False when a fact with its id is there. */
    appendFact(fact: Fact): Promise<boolean>
  }

/** A request, whose key names it however often it comes. */
export type CorrectionRequest = { raceId: string; key: string; asked: Correction }

/**
 * Decides on laps and competitors of a race, as facts that say why, and what was there before. A request that is
 * repeated has the same answer again; a decision that does not know the latest one on its subject is a conflict.
 */
export function createCorrections(ports: CorrectionPorts) {
  return async ({ raceId, key, asked }: CorrectionRequest, actor: Actor): Promise<Fact> => {
    const desk = await deskOf(ports, raceId)
    const stamp = { raceId, key, recordedAt: desk.now, actor, reason: asked.reason }
    const known = madeBy(desk.facts, key, asked)
    const fact = known ?? (await decide(ports, rulingOf(desk, asked), stamp, asked))
    // A request that is repeated after a crash in between completes it.
    if (fact.kind === 'lap') await letCount(ports, desk, fact)
    if (fact.kind === 'withdraw') await forget(ports, desk, fact)
    return fact
  }
}

type Stamp = { raceId: string; key: string; recordedAt: number; actor: Actor; reason: string }

async function decide(
  ports: CorrectionPorts,
  decision: Decision,
  stamp: Stamp,
  asked: Correction
): Promise<Fact> {
  const { subject, says, earlier, revision = earlier.length, isDone } = decision
  if (isDone || revision !== earlier.length) throw conflicting(decision)
  const id = decisionId(subject, earlier.length)
  // The latest decision holds, also where the clocks of two servers differ.
  const { at = Math.max(stamp.recordedAt, (latestOf(earlier)?.at ?? 0) + 1) } = decision
  const fact = v.parse(Fact, { ...says, ...stamp, id, at })
  if (await ports.appendFact(fact)) return fact
  const facts = await ports.readFacts(stamp.raceId)
  const known = madeBy(facts, stamp.key, asked)
  if (known) return known
  const standing = facts.find(each => each.id === id)
  throw conflicting({ ...decision, earlier: [...earlier, fact], standing })
}

/** What a request has made already, if it has; throws `Refused` where its key was another's. */
function madeBy(facts: Fact[], key: string, asked: Correction): Fact | undefined {
  const known = facts.find(fact => fact.key === key)
  if (!known || isOf(asked, known)) return known
  const detail = `The key ${key} was used for another request: send this one under a new key.`
  throw new Refused('key-reused', detail)
}

/** A lap that an admin adds counts although another person timed the run; what was decided on it since holds. */
async function letCount(ports: CorrectionPorts, { facts }: Desk, lap: FactOf<'lap'>) {
  if (factsOf(facts, 'correct').some(({ lapId }) => lapId === lap.id)) return
  const { id: lapId, raceId, recordedAt, actor, reason } = lap
  const stamp = { raceId, at: recordedAt ?? lap.at, recordedAt, actor, reason }
  await ports.appendFact({
    ...stamp,
    id: decisionId(lapId, 0),
    kind: 'correct',
    lapId,
    valid: true
  })
}

/** The name leaves the race's directory, unless it was entered again since. A rider's stays: no fact says who the rider is. */
async function forget(
  ports: CorrectionPorts,
  { facts }: Desk,
  { raceId, bib, at }: FactOf<'withdraw'>
) {
  const entry = latestOf(factsOf(facts, 'enter').filter(fact => fact.bib === bib))
  if (!entry || entry.at > at) return
  await markWithdrawn(ports, { competitorId: entry.competitorId, raceId, bib })
}
