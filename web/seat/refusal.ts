import { ApiError } from '../call.ts'
import type { Words } from '../words.ts'
import { isPassing, kindOf } from './seatApi.ts'
import type { SEAT_TEXTS } from './words.ts'

export type SeatWords = Words<keyof typeof SEAT_TEXTS>

/** A refusal in words, where to look for the cause, and the race to go to instead. */
export type Refusal = {
  text: string
  field: 'nickname' | 'code' | 'country' | 'class' | undefined
  /** The id of the next race that takes riders. */
  next: string | undefined
}

const FIELDS = ['nickname', 'code', 'country', 'class'] as const

/** What a person can do about a seat that was not given. */
export function refusalOf(error: unknown, { say }: Pick<SeatWords, 'say'>): Refusal {
  const problem = error instanceof ApiError ? error.problem : undefined
  const plain = (text: string, field?: Refusal['field']): Refusal => ({
    ...{ text, field, next: problem?.next }
  })
  switch (kindOf(error)) {
    case 'race-full':
      return plain(say('full'))
    case 'race-not-open':
      return plain(say('notOpen'))
    case 'name-taken':
      return plain(say('nameTaken'), 'nickname')
    case 'name-refused':
      return plain(say('nameRefused'), 'nickname')
    case 'code-wrong':
      return plain(say('codeWrong'), 'code')
    case 'unauthorized':
      return plain(say('signInFirst'))
  }
  if (error instanceof ApiError && error.status === 429) return plain(say('tooMany'))
  if (isPassing(error) || !(error instanceof ApiError)) return plain(say('noLink'))
  const wrong = problem?.errors?.[0]
  const field = FIELDS.find(name => wrong?.pointer.endsWith(`/${name}`))
  return plain(say('refused', { why: wrong?.detail ?? problem?.detail ?? error.message }), field)
}
