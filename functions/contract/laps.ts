import * as v from 'valibot'
import { Instant } from './ids.ts'
import { LapFact } from './ledger.ts'

/** Body of `POST /races/{raceId}/runs/{runId}/laps`: a lap that a person timed. */
export const LapRequest = v.strictObject({
  ...v.pick(LapFact, ['bib', 'lap', 'lapMs']).entries,
  /** When it was complete, by the page's clock set to the server's; absent, when the server hears of it. */
  at: v.optional(Instant),
  /** False for a lap that is recorded but not counted. */
  valid: v.optional(v.boolean(), true),
  /** What makes a lap not valid: not finished, too many resets. */
  reason: v.optional(v.pipe(v.string(), v.maxLength(200)))
})
export type LapRequest = v.InferOutput<typeof LapRequest>
