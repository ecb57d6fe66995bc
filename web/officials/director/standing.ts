import type { Fact, FactOf } from '#contract/ledger'
import type { Me } from '#contract/office'
import type { Phase } from '#contract/race'
import type { RaceDetail } from '#contract/standings'
import type { ReviewItem } from '#contract/timing'
import { factsBelow } from '#race/signature'
import { clockTime, wallTime } from '../../format.ts'
import { PHASE_WORDS } from './steps.ts'
import { isSelf, shortOf } from './who.ts'

/** A step of the way to an official result. */
export type Stage = {
  glyph: 'provisional' | 'underReview' | 'official' | 'invalid'
  title: string
  detail: string
  isCurrent: boolean
}
/** The second signature: what there is to say of it, and why it cannot be given; undefined where it can. */
export type Signature = { detail: string; why: string | undefined }
export type Standing = { stages: readonly Stage[]; signature: Signature | undefined }

/** What the way to an official result depends on. */
export type StandingFacts = {
  race: RaceDetail
  /** When the phase ends by itself, and when the board was closed last; ms since 1970. */
  phaseEndsAt: number | null
  closedAt: number | null
  review: readonly ReviewItem[]
  /** Facts of the ledger as far as they are known, and whether these are all. */
  facts: readonly Fact[]
  areAll: boolean
  me: Me | undefined
  /** The server's clock. */
  now: number
  lang: string
}

const BEFORE: readonly Phase[] = ['scheduled', 'open', 'countdown', 'running', 'finishing']

/** How far the classification is confirmed, what is open, and who has to do what next. */
export function standingOf(known: StandingFacts): Standing {
  const { race, review } = known
  const stages: Stage[] = [
    first(known),
    {
      glyph: 'underReview',
      title: 'Under review',
      detail: openWords(review),
      isCurrent: race.phase === 'provisional' && race.validity === 'underReview'
    },
    {
      glyph: 'official',
      title: 'Official',
      detail: signatures(known),
      isCurrent: race.phase === 'official'
    }
  ]
  if (race.phase === 'aborted') return { stages: stages.slice(0, 1), signature: undefined }
  const isToSign = race.phase === 'provisional' && race.attended
  return { stages, signature: isToSign ? signature(known) : undefined }
}

/** When a classification became provisional, in ms since 1970; undefined before it ends. */
const provisionalAt = ({ endsAt, timetable }: RaceDetail): number | undefined =>
  endsAt === null ? undefined : endsAt + timetable.backlogMs

function first({ race, now, lang }: StandingFacts): Stage {
  const at = (instant: number) => wallTime(instant, lang, true)
  const { phase, startsAt, endsAt } = race
  if (!BEFORE.includes(phase)) {
    const isOver = phase === 'aborted'
    const since = isOver ? endsAt : provisionalAt(race)
    return {
      glyph: isOver ? 'invalid' : 'provisional',
      title: isOver ? 'Aborted' : 'Provisional',
      detail: since === null || since === undefined ? '' : `since ${at(Math.min(since, now))}`,
      isCurrent: isOver || (phase === 'provisional' && race.validity !== 'underReview')
    }
  }
  const isUnderWay = startsAt !== null && startsAt <= now
  const when =
    startsAt === null ? 'no start is set' : `${isUnderWay ? 'since' : 'at'} ${at(startsAt)}`
  return { glyph: 'provisional', title: PHASE_WORDS[phase], detail: when, isCurrent: true }
}

const KINDS: readonly [ReviewItem['kind'], string, string][] = [
  ['held', 'held time', 'held times'],
  ['score', 'held score', 'held scores'],
  ['disagreement', 'disagreement', 'disagreements'],
  ['unsubmitted', 'run to look through', 'runs to look through'],
  ['protest', 'protest', 'protests']
]

/** What is open: `1 held time, 2 protests to settle`. */
export function openWords(review: readonly ReviewItem[]): string {
  const counts = KINDS.flatMap(([kind, one, many]) => {
    const count = review.filter(item => item.kind === kind).length
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
  })
  return counts.length === 0 ? 'nothing to settle' : `${counts.join(', ')} to settle`
}

const latestOf = (facts: readonly Fact[], kind: Fact['kind']): Fact | undefined =>
  facts.filter(fact => fact.kind === kind).toSorted((a, b) => b.at - a.at)[0]

const isProposal = (fact: Fact): fact is FactOf<'propose'> => fact.kind === 'propose'

/** First signatures that still hold: nothing that places anybody was told since. */
function proposalsOf({ facts, areAll }: StandingFacts): FactOf<'propose'>[] {
  return facts.filter(isProposal).filter(proposal => {
    if (areAll) return proposal.below === factsBelow([...facts])
    return factsBelow(facts.slice(0, facts.indexOf(proposal))) === 0
  })
}

function signatures(known: StandingFacts): string {
  const { race, facts, closedAt, lang } = known
  if (race.phase === 'official') {
    const at = latestOf(facts, 'confirm')?.at ?? closedAt
    return at === null ? 'confirmed' : `confirmed ${wallTime(at, lang, true)}`
  }
  if (!race.attended) return 'by itself when protests close'
  const [proposal] = proposalsOf(known)
  return proposal
    ? `needs 2 signatures, 1 given by ${shortOf(proposal.actor)}`
    : 'needs 2 signatures, the timekeeper’s first'
}

function signature(known: StandingFacts): Signature {
  const { race, phaseEndsAt, now, lang } = known
  const since = provisionalAt(race)
  const closes = phaseEndsAt ?? (since === undefined ? undefined : since + race.timetable.protestMs)
  const detail =
    closes === undefined
      ? 'protests are open'
      : closes > now
        ? `protests close in ${clockTime(closes - now, false)}`
        : `protests closed ${wallTime(closes, lang)}`
  return { detail, why: unsigned(known) }
}

/** What is settled before a classification is signed. */
const SETTLED_FIRST: readonly ReviewItem['kind'][] = ['held', 'score', 'protest']

/** Why the second signature cannot be given; the service decides by the same rules. */
function unsigned(known: StandingFacts): string | undefined {
  const { review, facts, areAll, me } = known
  const open = review.filter(({ kind }) => SETTLED_FIRST.includes(kind))
  if (open.length > 0) return `Settle first what is open: ${openWords(open)}.`
  const proposals = proposalsOf(known)
  if (proposals.length > 0) {
    const isOwn = proposals.every(({ actor }) => isSelf(actor, me))
    return isOwn ? 'You proposed this result yourself: another director signs it.' : undefined
  }
  if (facts.some(isProposal))
    return 'The result has changed since it was proposed: a timekeeper looks at it and proposes it again.'
  return areAll ? 'A timekeeper proposes the result first.' : undefined
}
