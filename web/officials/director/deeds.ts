import * as v from 'valibot'
import { Correction } from '#contract/office'
import type { TimedLap } from '#contract/timing'
import { instantOf, lapMsOf } from './lapText.ts'
import type { Fault } from './trouble.ts'

/** What an admin may decide, and what it means. */
export const DEEDS = {
  time: {
    title: 'Correct the time',
    meaning: 'The lap counts with the new time. The old one stays in the ledger.'
  },
  counts: { title: 'Let the lap count', meaning: 'The lap counts with the time that it has.' },
  invalid: { title: 'Not valid', meaning: 'The lap stays in the ledger and does not count.' },
  retract: {
    title: 'Take the lap back',
    meaning: 'As if it had never been timed. It can be brought back.'
  },
  restore: { title: 'Bring the lap back', meaning: 'It counts again as it did before.' },
  dsq: { title: 'Disqualify', meaning: 'Last on the board, below all others, without a place.' },
  dnf: { title: 'Did not finish', meaning: 'Below all who have a place.' },
  dns: { title: 'Did not start', meaning: 'Below all who have a place.' },
  nc: { title: 'Not classified', meaning: 'Raced, and has no place.' },
  running: {
    title: 'Reinstate',
    meaning: 'Earlier decisions are taken back: what counted, counts again.'
  },
  addLap: {
    title: 'Add a missed lap',
    meaning: 'A lap that no machine and nobody recorded. It counts.'
  },
  order: { title: 'Photo finish', meaning: 'Those of the same result are placed in this order.' },
  merge: {
    title: 'Merge two numbers',
    meaning: 'All that the other number did counts for this one, and the other leaves the race.'
  },
  withdraw: {
    title: 'Take off the race',
    meaning: 'As if never entered; the name leaves the board.'
  },
  protest: {
    title: 'Take a protest',
    meaning: 'The classification is under review until the protest is settled.'
  },
  accept: {
    title: 'Let it count',
    meaning: 'What is held for this competitor counts; more than that is held again.'
  },
  refuse: {
    title: 'Refuse it',
    meaning: 'What is held for this competitor does not count; more than that is held again.'
  },
  settle: { title: 'Settle the protest', meaning: 'The reason says how it was decided.' }
} as const
export type Deed = keyof typeof DEEDS

/** What is decided upon. */
export type Subject = {
  bib: number
  lap?: TimedLap
  /** A protest's id. */
  protest?: string
  /** The value that is held, as the board tells it. */
  held?: number
}

/** What is filled in, as typed. */
export type Draft = {
  time: string
  runId: string
  lapNumber: string
  /** When the lap was complete, as a field of date and time has it. */
  at: string
  otherBib: string
  bibs: readonly number[]
  reason: string
}

const STATUSES: readonly Deed[] = ['dsq', 'dnf', 'dns', 'nc', 'running']
const TIME_FAULT = 'a time, as 7.731 or 1:07.731'

/** The correction that a draft asks for, or what is wrong with it by the names of its parts. */
export function correctionOf(
  deed: Deed,
  { bib, lap, protest, held }: Subject,
  draft: Draft,
  revision: number
): { correction: Correction } | { faults: Fault[] } {
  const { reason } = draft
  const asked = (): object => {
    switch (deed) {
      case 'time':
        return { kind: 'lap', lapId: lap?.lapId, lapMs: lapMsOf(draft.time), valid: true, revision }
      case 'counts':
      case 'invalid':
        // With its time as it stands: without one, the first time would come back.
        return {
          kind: 'lap',
          lapId: lap?.lapId,
          lapMs: lap?.ms,
          valid: deed === 'counts',
          revision
        }
      case 'retract':
      case 'restore':
        return { kind: deed, of: lap?.lapId, revision }
      case 'addLap':
        return {
          kind: deed,
          runId: draft.runId,
          bib,
          lap: wholeOf(draft.lapNumber),
          lapMs: lapMsOf(draft.time),
          at: instantOf(draft.at)
        }
      case 'order':
        return { kind: deed, bibs: draft.bibs }
      case 'merge':
        return { kind: deed, bib, from: wholeOf(draft.otherBib) }
      case 'accept':
      case 'refuse':
        return { kind: 'judge', bib, value: held, accepted: deed === 'accept', revision }
      case 'withdraw':
      case 'protest':
        return { kind: deed, bib }
      case 'settle':
        return { kind: deed, of: protest }
      default:
        return { kind: 'status', bib, status: deed, revision }
    }
  }
  const wanted = { ...asked(), reason }
  const hasNoTime = (deed === 'time' || deed === 'addLap') && lapMsOf(draft.time) === undefined
  const parsed = v.safeParse(Correction, wanted)
  if (parsed.success && !hasNoTime) return { correction: parsed.output }
  const faults = (parsed.issues ?? []).map(issue => {
    const pointer = `/${v.getDotPath(issue) ?? ''}`
    return { pointer, detail: FIELD_FAULTS[pointer] ?? issue.message }
  })
  const isTold = faults.some(({ pointer }) => pointer === '/lapMs')
  return {
    faults: hasNoTime && !isTold ? [{ pointer: '/lapMs', detail: TIME_FAULT }, ...faults] : faults
  }
}

const FIELD_FAULTS: Partial<Record<string, string>> = {
  '/lapMs': TIME_FAULT,
  '/lap': 'a whole number from 1',
  '/at': 'the time of day when it was complete',
  '/runId': 'one of the runs',
  '/from': 'the number of a competitor'
}

const wholeOf = (text: string): number | undefined =>
  /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined

/** What a deed decides: decisions on one subject are counted. */
export const judgedBy = (deed: Deed): 'lap' | 'status' | 'judge' => {
  if (STATUSES.includes(deed)) return 'status'
  return deed === 'accept' || deed === 'refuse' ? 'judge' : 'lap'
}

/** What may be decided on a lap as it stands. */
export function lapDeeds({ state }: TimedLap): readonly Deed[] {
  switch (state) {
    case 'retracted':
      return ['restore']
    case 'counts':
      return ['time', 'invalid', 'retract']
    default:
      return ['time', 'counts', ...(state === 'invalid' ? [] : ['invalid' as const]), 'retract']
  }
}
