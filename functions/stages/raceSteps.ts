import type { Actor, Fact, Head, Phase, Step } from '#contract'
import { heldScores } from '#race/heldValues'
import { factsOf, latest, stateOf } from '#race/ledgerState'
import { reviewItems } from '#race/reviewItems'
import { factsBelow } from '#race/signature'
import { type ConfigurationPorts, configuration } from './configuration.ts'
import { isSamePerson } from './decision.ts'
import { Refused } from './problem.ts'

/** What ordering a race's life needs; each rejects when the service failed. */
export type RaceStepsPorts = ConfigurationPorts & {
  readHead(raceId: string): Promise<Head | undefined>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** Something that waits for a person to settle it: the facts in question, and what it is. */
type Contested = { of: string; detail: string }
/** What a signature is put under. */
type Signing = { facts: Fact[]; head: Head | undefined; now: number }

/** When a step makes sense, and what to do where it does not. */
const STEPS: Record<Step, { phases: Phase[]; otherwise: string }> = {
  open: { phases: ['scheduled'], otherwise: 'only a scheduled race can be opened' },
  start: { phases: ['open'], otherwise: 'open it before the start, and start it once' },
  close: { phases: ['running'], otherwise: 'only a running race can be closed' },
  abort: {
    phases: ['scheduled', 'open', 'countdown', 'running'],
    otherwise: 'only a race that has not ended can be aborted'
  },
  confirm: {
    phases: ['provisional'],
    otherwise: 'a classification is confirmed once it is provisional'
  }
}

/** Orders a race's life. A step that was taken is the same answer again. Each is refused in a phase where it makes no sense. */
export function createRaceSteps(ports: RaceStepsPorts) {
  return async (raceId: string, step: Step, actor: Actor): Promise<Fact> => {
    const { race, facts } = await configuration(ports, raceId)
    const taken = facts.find(({ id }) => id === step)
    if (taken) return taken
    const head = await ports.readHead(raceId)
    refuseUntimely(raceId, step, head)
    if (step === 'confirm') refuseUnsigned(raceId, { facts, head, now: ports.now() }, actor)
    const at = ports.now()
    const stamp = { id: step, raceId, at, recordedAt: at, actor }
    const fact: Fact = step === 'open' ? { ...stamp, kind: step, race } : { ...stamp, kind: step }
    const isFirst = await ports.appendFact(fact)
    if (isFirst && step !== 'open') return fact
    // A change that came too late for the opening is put back.
    const after = await configuration(ports, raceId)
    return after.facts.find(({ id }) => id === step) ?? fact
  }
}

function refuseUntimely(raceId: string, step: Step, head: Head | undefined): void {
  const phase = head?.phase ?? 'scheduled'
  const { phases, otherwise } = STEPS[step]
  if (!phases.includes(phase)) {
    throw new Refused('conflict', `Race ${raceId} is ${phase}: ${otherwise}.`)
  }
  if (step !== 'start' || !head || head.startsAt === null) return
  const startsAt = new Date(head.startsAt).toISOString()
  throw new Refused('conflict', `Race ${raceId} starts by its timetable at ${startsAt}.`)
}

/** A classification is signed by two persons, and not before everything that contests it is settled. */
function refuseUnsigned(raceId: string, { facts, head, now }: Signing, actor: Actor): void {
  const open = contestedBy(facts, head, now)
  if (open.length) {
    const detail = `Race ${raceId} is under review: settle what is open, then confirm it.`
    const errors = open.map(({ of, detail }) => ({ pointer: of, detail }))
    throw new Refused(
      'conflict',
      `${detail} ${errors.map(error => error.detail).join(' ')}`,
      errors
    )
  }
  const proposals = factsOf(facts, 'propose')
  if (!proposals.length) {
    const detail = `The classification of ${raceId} was not proposed: a timekeeper does so first.`
    throw new Refused('conflict', detail)
  }
  const standing = proposals.filter(({ below }) => below === factsBelow(facts))
  if (!standing.length) {
    const detail = `The classification of ${raceId} has changed since it was proposed: a timekeeper looks at it and proposes it again.`
    throw new Refused('conflict', detail)
  }
  if (standing.every(fact => isSamePerson(fact.actor, actor))) {
    const detail = `You proposed the classification of ${raceId} yourself: another admin confirms it.`
    throw new Refused('conflict', detail)
  }
}

/** What contests a classification: laps and values that are held, and protests that are not settled. */
function contestedBy(facts: Fact[], head: Head | undefined, now: number): Contested[] {
  const ledger = stateOf(facts, latest(facts, now))
  // Readings are not in the ledger: what is held of them the board alone knows, and its head the first rows.
  const held =
    typeof ledger === 'string'
      ? heldScores(head?.top ?? [])
      : reviewItems(ledger).filter(({ kind }) => kind === 'held')
  const settled = new Set(factsOf(facts, 'settle').map(({ of }) => of))
  const protests = factsOf(facts, 'protest').filter(({ id }) => !settled.has(id))
  const open = [
    ...held.map(({ bib, of, detail }) => ({ of: of.join(), detail: `${bib}: ${detail}` })),
    ...protests.map(({ id, bib, reason = 'no reason was given' }) => {
      return { of: id, detail: `${bib}: The result is contested: ${reason}` }
    })
  ]
  if (open.length || ledger !== 'by-readings' || head?.validity !== 'underReview') return open
  return [{ of: '', detail: 'The board holds values that nobody judged, or shows it in a moment.' }]
}
