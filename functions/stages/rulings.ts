import type { Correction, Fact, Row } from '#contract'
import type { JudgedLap } from '#race/judgedLaps'
import { factsOf } from '#race/ledgerState'
import { countsFor } from '#race/merges'
import { type Decision, latestOf } from './decision.ts'
import { type Desk, entriesOf } from './desk.ts'
import { refuseInstant } from './lapRace.ts'
import { Refused } from './problem.ts'

type Asked<K extends Correction['kind']> = Extract<Correction, { kind: K }>

/** What may be taken back, and brought back. */
const RETRACTABLE: Fact['kind'][] = ['lap', 'reset', 'run']
/** When a result may be contested. */
const CONTESTABLE: Desk['phase'][] = ['running', 'finishing', 'provisional']

/** The decision that an admin asks for; throws `Refused` where its subject is not there, or cannot be decided so. */
export function rulingOf(desk: Desk, asked: Correction): Decision {
  switch (asked.kind) {
    case 'lap':
      return correctLap(desk, asked)
    case 'retract':
    case 'restore':
      return takeBack(desk, asked)
    case 'addLap':
      return addLap(desk, asked)
    case 'status':
      return decideStatus(desk, asked)
    case 'order':
      return orderEquals(desk, asked)
    case 'merge':
      return merge(desk, asked)
    case 'withdraw':
      return withdraw(desk, asked)
    case 'protest':
      return contest(desk, asked)
    case 'settle':
      return settle(desk, asked)
    case 'judge':
      return judge(desk, asked)
  }
}

function correctLap(desk: Desk, { lapId, lapMs, valid, revision }: Asked<'lap'>): Decision {
  const { ms, valid: counted, state } = lapOf(desk, lapId)
  if (state === 'retracted') {
    throw new Refused('conflict', `The lap ${lapId} is taken back: bring it back first.`)
  }
  const before = { lapMs: ms, valid: counted }
  const time = lapMs === undefined ? {} : { lapMs }
  const says = { kind: 'correct', lapId, valid, before, ...time } as const
  return { subject: lapId, says, revision, ...latestLast(decisionsOn(desk, lapId)) }
}

function takeBack(desk: Desk, { kind, of, revision }: Asked<'retract' | 'restore'>): Decision {
  const subject = desk.facts.find(({ id }) => id === of)
  if (!subject) throw new Refused('not-found', `There is no fact ${of} in this race.`)
  if (!RETRACTABLE.includes(subject.kind)) {
    const detail = `A lap, a reset or the beginning of a run can be taken back; ${of} is a ${subject.kind}.`
    throw new Refused('conflict', detail)
  }
  const earlier = decisionsOn(desk, of)
  const isBack = latestOf(factsOf(earlier, 'retract', 'restore'))?.kind === 'retract'
  const isDone = isBack === (kind === 'retract')
  return { subject: of, says: { kind, of }, revision, isDone, ...latestLast(earlier) }
}

function addLap(desk: Desk, { runId, bib, lap, lapMs, at }: Asked<'addLap'>): Decision {
  const { state } = lapsOf(desk).ledger
  const run = factsOf(desk.facts, 'run', 'lap').find(fact => fact.runId === runId)
  if (!run) throw new Refused('not-found', `There is no run ${runId}.`)
  if (countsFor(state, run.bib) !== countsFor(state, bib)) {
    const detail = `is ${run.bib} in run ${runId}`
    throw new Refused('conflict', `The competitor ${detail}.`, [{ pointer: '/bib', detail }])
  }
  refuseInstant(at, desk.opening, desk.now)
  const subject = `added.${runId}.${lap}`
  const earlier = factsOf(desk.facts, 'lap').filter(({ id }) => id.startsWith(`${subject}.`))
  const says = { kind: 'lap', runId, bib, lap, lapMs, source: 'hand', valid: true } as const
  return { subject, says, at, isDone: earlier.length > 0, ...latestLast(earlier) }
}

function decideStatus(desk: Desk, { bib, status, revision }: Asked<'status'>): Decision {
  requireBib(desk, bib)
  const earlier = factsOf(desk.facts, 'status').filter(fact => fact.bib === bib)
  const before = latestOf(earlier)?.status
  const says = { kind: 'status', bib, status, ...(before ? { before } : {}) } as const
  return { subject: `status.${bib}`, says, revision, ...latestLast(earlier) }
}

function orderEquals(desk: Desk, { bibs }: Asked<'order'>): Decision {
  for (const bib of bibs) requireBib(desk, bib)
  if (new Set(bibs).size < bibs.length) {
    const detail = 'names a competitor twice'
    throw new Refused('bad-body', `bibs ${detail}.`, [{ pointer: '/bibs', detail }])
  }
  const rows = lapsOf(desk).rows.filter(({ bib }) => bibs.includes(bib))
  if (rows.some(row => row.rank === null || !isEqual(desk, row, rows[0]!))) {
    const detail = 'A photo finish decides among competitors of the same result; theirs differ.'
    throw new Refused('conflict', detail, [{ pointer: '/bibs', detail: 'have different results' }])
  }
  const says = { kind: 'order', bibs } as const
  return { subject: 'order', says, ...latestLast(factsOf(desk.facts, 'order')) }
}

/** Whether two rows come to the same by the race's format. */
const isEqual = ({ opening }: Desk, a: Row, b: Row): boolean =>
  a.value === b.value && (opening.race.format.kind !== 'mostLaps' || a.at === b.at)

function merge(desk: Desk, { bib, from }: Asked<'merge'>): Decision {
  const { state } = lapsOf(desk).ledger
  const isTakenBack = bib === from && countsFor(state, from) !== from
  if (bib === from && !isTakenBack) {
    throw new Refused('conflict', `Number ${from} is merged into no other.`)
  }
  if (!isTakenBack) for (const each of [bib, from]) requireBib(desk, each)
  const earlier = factsOf(desk.facts, 'merge').filter(fact => fact.from === from)
  return { subject: `merge.${from}`, says: { kind: 'merge', bib, from }, ...latestLast(earlier) }
}

function withdraw(desk: Desk, { bib }: Asked<'withdraw'>): Decision {
  const earlier = entriesOf(desk.facts, bib)
  const latest = latestLast(earlier)
  // Who is off the race may be taken off once more, so that a request can be repeated.
  if (latest.standing?.kind !== 'withdraw') requireBib(desk, bib)
  return { subject: `withdraw.${bib}`, says: { kind: 'withdraw', bib }, ...latest }
}

function contest(desk: Desk, { bib }: Asked<'protest'>): Decision {
  requireBib(desk, bib)
  if (!CONTESTABLE.includes(desk.phase)) {
    const detail = `The race is ${desk.phase}: a result is contested between the start and the final classification.`
    throw new Refused('conflict', detail)
  }
  const settled = new Set(factsOf(desk.facts, 'settle').map(({ of }) => of))
  const earlier = factsOf(desk.facts, 'protest').filter(fact => fact.bib === bib)
  // A protest that is settled may be made again.
  const standing = latestOf(earlier.filter(({ id }) => !settled.has(id)))
  return { subject: `protest.${bib}`, says: { kind: 'protest', bib }, earlier, standing }
}

function settle(desk: Desk, { of }: Asked<'settle'>): Decision {
  if (!factsOf(desk.facts, 'protest').some(({ id }) => id === of)) {
    throw new Refused('not-found', `There is no protest ${of} in this race.`)
  }
  const earlier = factsOf(desk.facts, 'settle').filter(fact => fact.of === of)
  const isDone = earlier.length > 0
  return { subject: of, says: { kind: 'settle', of }, isDone, ...latestLast(earlier) }
}

function judge(desk: Desk, { bib, value, accepted, revision }: Asked<'judge'>): Decision {
  requireBib(desk, bib)
  if (desk.laps) {
    const detail = 'The race is counted by laps: correct the lap that is held.'
    throw new Refused('conflict', detail)
  }
  const earlier = factsOf(desk.facts, 'judge').filter(fact => fact.bib === bib)
  const says = { kind: 'judge', bib, value, accepted } as const
  return { subject: `judge.${bib}`, says, revision, ...latestLast(earlier) }
}

const latestLast = (earlier: Fact[]) => ({ earlier, standing: latestOf(earlier) })

/** All decisions on a lap, a reset or the beginning of a run. */
const decisionsOn = ({ facts }: Desk, subject: string) =>
  factsOf(facts, 'correct', 'retract', 'restore').filter(
    fact => (fact.kind === 'correct' ? fact.lapId : fact.of) === subject
  )

function lapOf({ laps }: Desk, lapId: string): JudgedLap {
  const lap = laps?.judged.get(lapId)
  if (!lap) throw new Refused('not-found', `There is no lap ${lapId} in this race.`)
  return lap
}

function lapsOf({ laps }: Desk): NonNullable<Desk['laps']> {
  if (laps) return laps
  const detail = 'The race is counted by readings: they are neither added nor moved nor equal.'
  throw new Refused('conflict', detail)
}

function requireBib({ bibs }: Desk, bib: number): void {
  if (!bibs.has(bib)) throw new Refused('not-found', `There is no competitor ${bib} in this race.`)
}
