import type { Actor, Correction, Fact } from '#contract'
import { lapTime } from '#race/lapTime'
import { difference } from './difference.ts'
import { Refused } from './problem.ts'

/** What a fact says beside who wrote it when. */
export type Saying = Fact extends infer F
  ? F extends Fact
    ? Omit<F, 'id' | 'raceId' | 'at' | 'recordedAt' | 'actor' | 'key' | 'reason'>
    : never
  : never

/** A decision on a subject that may be decided anew: a lap, a competitor's status, a protest. */
export type Decision = {
  /** Names the subject in ids: a word and what it is about, or the id of a fact. */
  subject: string
  says: Saying
  /** All decisions on the subject so far, in any order, and the one of them that holds. */
  earlier: Fact[]
  standing: Fact | undefined
  /** How many of them the caller has seen; absent where each may overrule the one before. */
  revision?: number
  /** What stands leaves nothing to decide. */
  isDone?: boolean
  /** When it was, in ms since 1970, for what is told later; absent, now. */
  at?: number
}

/** The decision that holds; undefined before the first. */
export const latestOf = <F extends Fact>(decisions: F[]): F | undefined =>
  decisions.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1)

/** What the fact of a correction is called where that is another word. */
const FACT_KINDS: Partial<Record<Correction['kind'], Fact['kind']>> = {
  lap: 'correct',
  addLap: 'lap'
}

/** Whether a fact is what a correction asks for, however the race has changed since. */
export function isOf(asked: Correction, fact: Fact): boolean {
  const { kind, ...rest } = { ...asked, revision: undefined }
  const parts: object = kind === 'lap' ? { lapMs: undefined, ...rest } : rest
  const known = { ...fact, revision: undefined }
  return (
    fact.kind === (FACT_KINDS[kind] ?? kind) &&
    Object.entries(parts).every(
      ([part, value]) => difference(value, known[part as keyof typeof known]) === undefined
    )
  )
}

/** Both versions, for who decided without knowing the one that stands. */
export function conflicting({ standing, says, earlier }: Decision): Refused {
  const errors = [
    { pointer: '/revision', detail: `Revision ${earlier.length} is there: ${told(standing)}.` },
    { pointer: '', detail: `Asked was: ${wordsOf(says)}.` }
  ]
  const detail = 'It was decided otherwise meanwhile: look at it again, then decide.'
  return new Refused('conflict', detail, errors)
}

function told(standing: Fact | undefined): string {
  if (!standing) return 'nothing was decided on it'
  const { actor, reason } = standing
  const by = actor.kind === 'person' ? actor.object : actor.app
  return `${wordsOf(standing)}, by ${by}${reason === undefined ? '' : `, for: ${reason}`}`
}

/** What a decision says, in words. */
function wordsOf(says: Saying): string {
  switch (says.kind) {
    case 'correct': {
      const time = says.lapMs === undefined ? 'with the time as told' : `at ${lapTime(says.lapMs)}`
      return `the lap ${says.valid ? 'counts' : 'does not count'} ${time}`
    }
    case 'retract':
      return 'it is taken back'
    case 'restore':
      return 'it is brought back'
    case 'status':
      return `number ${says.bib} is ${says.status}`
    case 'judge': {
      const counts = says.accepted ? 'counts' : 'does not count'
      return `what is held for number ${says.bib} up to ${says.value} ${counts}`
    }
    case 'lap':
      return `number ${says.bib} drove lap ${says.lap} of ${says.runId} in ${lapTime(says.lapMs)}`
    case 'order':
      return `the order is ${says.bibs.join(', ')}`
    case 'merge':
      return `number ${says.from} is number ${says.bib}`
    case 'withdraw':
      return `number ${says.bib} is off the race`
    case 'protest':
      return `the result of number ${says.bib} is contested`
    case 'settle':
      return 'the protest is settled'
    default:
      return says.kind
  }
}

/** Whether two deeds are of one person. */
export const isSamePerson = (one: Actor, other: Actor): boolean =>
  one.kind === 'person' &&
  other.kind === 'person' &&
  one.tenant === other.tenant &&
  one.object === other.object
