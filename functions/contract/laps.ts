import * as v from 'valibot'
import { LapFact } from './ledger.ts'

/** Body of `POST /races/{raceId}/runs/{runId}/laps`: a lap that a person timed. */
export const LapRequest = v.strictObject({
  ...v.pick(LapFact, ['bib', 'lap', 'lapMs']).entries,
  /** False for a lap that is recorded but not counted. */
  valid: v.optional(v.boolean(), true)
})
export type LapRequest = v.InferOutput<typeof LapRequest>
