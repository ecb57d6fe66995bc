import * as v from 'valibot'
import { Instant } from './ids.ts'

/** Why a reading was not counted. */
export const DeadLetterReason = v.picklist([
  /** Not JSON. */
  'not-json',
  /** JSON that is not a reading. */
  'bad-shape',
  /** The event lacks the properties that the front door stamps. */
  'no-identity',
  /** No such race, or not open yet. */
  'no-race',
  /** The reading is of another kind than the race's format. */
  'wrong-format',
  'before-start',
  'after-end',
  /** The race was aborted. */
  'aborted',
  /** Another game than the first, where the first alone counts. */
  'second-trial',
  /** Measured in time, but arrived after the backlog time. */
  'too-late',
  /** Far ahead of the hub's clock. */
  'from-the-future',
  /** More readings than seconds raced (output counts one a second), or than a car can take. */
  'too-fast',
  /** Behind everything the fence remembers. */
  'too-old',
  /** More sessions of one bib than are kept. */
  'too-many-sessions',
  /** The device drives for nobody. */
  'no-run'
])
export type DeadLetterReason = v.InferOutput<typeof DeadLetterReason>

/** The item of the `deadLetters` container, keyed by where it came from, so that a redelivery overwrites rather than adds. */
export const DeadLetter = v.object({
  id: v.string(),
  /** `{race}.{bib}`, device id, or `partition-{n}`. */
  source: v.string(),
  reason: DeadLetterReason,
  detail: v.string(),
  /** The event's body, cut at 4,096 characters. */
  body: v.string(),
  enqueuedAt: Instant
})
export type DeadLetter = v.InferOutput<typeof DeadLetter>
