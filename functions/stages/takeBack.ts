import type { Actor, Fact, FactOf, Race } from '#contract'
import { factsOf } from '#race/ledgerState'
import { decisionId } from './decisionId.ts'
import { isCaptured } from './handTiming.ts'
import { openingAmong } from './lapRace.ts'
import { Refused } from './problem.ts'

/** What taking back needs; each rejects when the service failed. */
export type TakeBackPorts = {
  readRace(raceId: string): Promise<Race | undefined>
  readFact(raceId: string, id: string): Promise<Fact | undefined>
  /** All facts of a race, in any order. */
  readLedger(raceId: string): Promise<Fact[]>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** The fact that is taken back; `key` is the caller's own name for the request. */
export type TakeBackRequest = { raceId: string; key: string; of: string }

/**
 * Takes back what a timekeeper captured, a lap or a reset, in a run that nobody has submitted yet. What is back already is
 * answered by the fact that did it; what an admin decided upon stays as decided.
 */
export function createTakeBack(ports: TakeBackPorts) {
  return async ({ raceId, key, of }: TakeBackRequest, actor: Actor): Promise<FactOf<'retract'>> => {
    const facts = await ports.readLedger(raceId)
    await openingAmong(facts, raceId, ports)
    const repeated = factsOf(facts, 'retract').find(fact => fact.key === key)
    if (repeated?.of === of) return repeated
    if (repeated) {
      const detail = `The key ${key} took something else back: send this under a new key.`
      throw new Refused('key-reused', detail)
    }
    const decided = latestDecision(facts, of)
    if (decided) return alreadyBack(decided)
    refuseOthers(facts, of)
    const at = ports.now()
    const id = decisionId(of, 0)
    const fact = { id, raceId, kind: 'retract', at, recordedAt: at, key, actor, of } as const
    return (await ports.appendFact(fact)) ? fact : alreadyBack(await ports.readFact(raceId, id))
  }
}

const latestDecision = (facts: Fact[], on: string): Fact | undefined =>
  factsOf(facts, 'correct', 'retract', 'restore')
    .filter(fact => (fact.kind === 'correct' ? fact.lapId : fact.of) === on)
    .sort((a, b) => a.at - b.at)
    .at(-1)

function alreadyBack(decided: Fact | undefined): FactOf<'retract'> {
  if (decided?.kind === 'retract') return decided
  const detail = `It was decided upon already (${decided?.kind}): ask an admin to take it back.`
  throw new Refused('conflict', detail, [{ pointer: '/of', detail }])
}

/** Refuses what is not a timekeeper's to take back. */
function refuseOthers(facts: Fact[], of: string): void {
  const subject = facts.find(({ id }) => id === of)
  if (!subject) throw new Refused('not-found', `There is no fact ${of} in this race.`)
  if (subject.kind !== 'lap' && subject.kind !== 'reset') {
    throw new Refused('conflict', `Take back a lap or a reset; ${of} is a ${subject.kind}.`)
  }
  if (!isCaptured(of)) {
    throw new Refused('forbidden', 'No timekeeper captured this: ask an admin to take it back.')
  }
  const { runId } = subject
  if (factsOf(facts, 'submit').some(submit => submit.runId === runId)) {
    throw new Refused('conflict', `Run ${runId} is submitted: ask an admin to take it back.`)
  }
}
