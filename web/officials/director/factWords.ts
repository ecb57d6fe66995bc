import type { Fact, FactOf } from '#contract/ledger'
import type { Status } from '#contract/race'
import { lapTime, wallTime } from '../../format.ts'
import type { Mark } from '../../marks.ts'

/** What a fact says, in words. */
export type FactWords = {
  title: string
  /** Whom or what it is about; empty for the race itself. */
  about: string
  before?: string
  after?: string
  /** How `after` is marked. */
  mark?: Mark | 'held'
}

/** What facts refer to. */
export type FactContext = {
  /** In whose way times of day are told. */
  lang: string
  /** A competitor's name as the directory has it now. */
  nameOf(bib: number): string
  /** A lap, a reset or a run among the facts that are known. */
  factOf(id: string): Fact | undefined
  isHeld(id: string): boolean
  /** The mark of a lap that counts. */
  markOf(lap: FactOf<'lap'>): Mark
}

const TITLES: Record<Fact['kind'], string> = {
  schedule: 'Race created',
  open: 'Race opened',
  configure: 'Race changed',
  start: 'Race started',
  close: 'Race closed',
  abort: 'Race aborted',
  extend: 'End moved',
  judge: 'Score judged',
  propose: 'Result proposed',
  confirm: 'Result confirmed',
  protest: 'Protest made',
  settle: 'Protest settled',
  enter: 'Entered',
  withdraw: 'Taken off the race',
  run: 'Run started',
  runEnd: 'Run ended',
  pause: 'Run paused',
  resume: 'Run resumed',
  submit: 'Run submitted',
  lap: 'Lap timed',
  reset: 'Car reset',
  correct: 'Time corrected',
  retract: 'Taken back',
  restore: 'Brought back',
  status: 'Status decided',
  order: 'Photo finish',
  merge: 'Numbers merged',
  look: 'Contact details looked at',
  erase: 'Person erased'
}

/** A competitor's status as officials say it. */
export const STATUS_WORDS: Record<Status, string> = {
  scheduled: 'entered',
  running: 'racing',
  finished: 'finished',
  dnf: 'DNF',
  dns: 'DNS',
  dsq: 'DSQ',
  nc: 'NC'
}
const DECIDED: Partial<Record<Status, string>> = {
  dsq: 'Disqualified',
  dnf: 'Did not finish',
  dns: 'Did not start',
  nc: 'Not classified',
  running: 'Reinstated'
}

const INVALID = { after: 'not valid', mark: 'invalid' } as const

/** A fact in words; names are those of now. */
export function factWords(fact: Fact, context: FactContext): FactWords {
  const { nameOf } = context
  const title = TITLES[fact.kind]
  switch (fact.kind) {
    case 'lap':
      return lapWords(fact, context)
    case 'correct':
      return correctWords(fact, context)
    case 'status':
      return {
        title: DECIDED[fact.status] ?? title,
        about: nameOf(fact.bib),
        ...(fact.before ? { before: STATUS_WORDS[fact.before] } : {}),
        after: STATUS_WORDS[fact.status],
        ...(fact.status === 'running' ? {} : { mark: 'invalid' as const })
      }
    case 'retract':
    case 'restore':
    case 'settle':
      return { title, about: subjectWords(context.factOf(fact.of), context) }
    case 'order':
      return { title, about: fact.bibs.map(nameOf).join(', ') }
    case 'merge':
      return fact.bib === fact.from
        ? { title: 'Numbers separated', about: nameOf(fact.bib) }
        : { title, about: `${fact.from} is ${nameOf(fact.bib)}`, after: `${fact.bib}` }
    case 'judge': {
      const about = nameOf(fact.bib)
      return fact.accepted
        ? { title: 'Score accepted', about, after: 'counts' }
        : { title: 'Score refused', about, after: 'does not count', mark: 'invalid' }
    }
    case 'extend':
      return { title, about: '', after: wallTime(fact.endsAt, context.lang, true) }
    case 'configure':
      return { title, about: changedParts(fact).join(', ') }
    case 'run':
      return { title, about: `${nameOf(fact.bib)}${fact.proxy ? ', raced by proxy' : ''}` }
    case 'enter':
    case 'withdraw':
    case 'protest':
    case 'reset':
      return { title, about: nameOf(fact.bib) }
    case 'pause':
    case 'resume':
    case 'runEnd':
    case 'submit':
      return { title, about: subjectWords(context.factOf(fact.runId), context) }
    default:
      return { title, about: '' }
  }
}

function lapWords(fact: FactOf<'lap'>, context: FactContext): FactWords {
  const words = {
    title: fact.id.startsWith('added.') ? 'Lap added' : LAP_TITLES[fact.source],
    about: `${context.nameOf(fact.bib)}, lap ${fact.lap}`
  }
  const time = lapTime(fact.lapMs)
  if (context.isHeld(fact.id)) return { ...words, before: time, after: 'held', mark: 'held' }
  return fact.valid
    ? { ...words, after: time, mark: context.markOf(fact) }
    : { ...words, before: time, ...INVALID }
}

const LAP_TITLES: Record<FactOf<'lap'>['source'], string> = {
  hand: 'Lap entered',
  sensor: 'Lap timed',
  telemetry: 'Lap timed'
}

function correctWords(fact: FactOf<'correct'>, context: FactContext): FactWords {
  const { lapMs, valid, before } = fact
  const about = subjectWords(context.factOf(fact.lapId), context)
  const was = before && (before.valid ? lapTime(before.lapMs) : 'not valid')
  const shown = was === undefined ? {} : { before: was }
  if (!valid) return { title: 'Lap not valid', about, ...shown, ...INVALID }
  const isSame = lapMs === undefined || lapMs === before?.lapMs
  const time = lapMs ?? before?.lapMs
  const title = isSame ? 'Lap counts' : 'Time corrected'
  return { title, about, ...shown, ...(time === undefined ? {} : { after: lapTime(time) }) }
}

/** What another fact was about. */
function subjectWords(subject: Fact | undefined, { nameOf }: FactContext): string {
  if (!subject) return 'told further back'
  switch (subject.kind) {
    case 'lap':
      return `${nameOf(subject.bib)}, lap ${subject.lap}`
    case 'reset':
      return `${nameOf(subject.bib)}, a reset`
    case 'run':
      return `${nameOf(subject.bib)}, a run`
    case 'protest':
      return nameOf(subject.bib)
    default:
      return TITLES[subject.kind]
  }
}

const changedParts = ({ race, before }: FactOf<'configure'>): string[] =>
  Object.entries(race)
    .filter(([part, value]) => {
      const was = before[part as keyof typeof before]
      return JSON.stringify(was) !== JSON.stringify(value)
    })
    .map(([part]) => part)
