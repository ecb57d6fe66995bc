import type { DeadLetterReason } from '#contract/deadLetter'

/** Why readings were not counted, as operators say it. */
export const REASON_WORDS: Record<DeadLetterReason, string> = {
  'not-json': 'Not JSON',
  'bad-shape': 'Not a reading',
  'no-identity': 'Without a sender',
  'no-race': 'No such race, or not open yet',
  'wrong-format': 'Of another kind than the race',
  'before-start': 'Before the start',
  'after-end': 'After the end',
  aborted: 'After the race was aborted',
  'second-trial': 'Of a second game where one counts',
  'too-late': 'Arrived too late',
  'from-the-future': 'From a clock far ahead',
  'too-fast': 'More than can be',
  'too-old': 'Older than what is remembered',
  'too-many-sessions': 'Of too many sessions',
  'no-run': 'From a car that drives for nobody'
}
