import * as v from 'valibot'
import { RaceId } from './ids.ts'

/** Stable kinds of refusal; the `type` of a problem is `https://grandstand.example/problems/{kind}`. */
export const ProblemKind = v.picklist([
  'bad-parameter',
  'bad-body',
  'not-found',
  'method-not-allowed',
  'unauthorized',
  'forbidden',
  'conflict',
  'race-full',
  'race-not-open',
  'name-taken',
  'name-refused',
  'code-wrong',
  'key-reused',
  'session-closed',
  'too-large',
  'unsupported-media-type',
  'too-many-requests',
  'unavailable',
  'internal'
])
export type ProblemKind = v.InferOutput<typeof ProblemKind>

/** Base of every problem's `type`. */
export const PROBLEM_BASE = 'https://grandstand.example/problems/'
/** Media type of RFC 9457. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** An error answer by RFC 9457: what is wrong and what to do about it; never a stack. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  /** The parts of the request that are wrong, where that can be said. */
  errors: v.optional(v.array(v.object({ pointer: v.string(), detail: v.string() }))),
  /** Where there is no seat in this race: the id of the next one that takes riders. */
  next: v.optional(RaceId)
})
export type Problem = v.InferOutput<typeof Problem>
