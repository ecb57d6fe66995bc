import type { Venue } from './venue.ts'

/** One row of the smoke test. */
export type Check = {
  name: string
  /** The fact that holds once it has passed. */
  proves: string
  /** Why it can say nothing here; undefined where it can. Absent, it always can. */
  inapplicable?: (venue: Venue) => string | undefined
  /** Longest time that it may take, ms; `LIMIT_MS` unless told. */
  limitMs?: number
  /** Rejects with what is wrong; may resolve with what it measured. */
  run: (venue: Venue) => Promise<string | undefined>
}

export type Outcome = 'passed' | 'failed' | 'not applicable'
export type Result = {
  name: string
  proves: string
  outcome: Outcome
  /** Why it failed or does not apply, or what was measured. */
  note: string
  seconds: number
}

/** Long enough for an app that starts from nothing. */
const LIMIT_MS = 120_000

/** Runs one check; a rejection is a result, never thrown. */
export async function runCheck(check: Check, venue: Venue): Promise<Result> {
  const { name, proves, limitMs = LIMIT_MS } = check
  const startedAt = performance.now()
  const result = (outcome: Outcome, note = ''): Result => {
    return { name, proves, outcome, note, seconds: (performance.now() - startedAt) / 1_000 }
  }
  const reason = check.inapplicable?.(venue)
  if (reason !== undefined) return result('not applicable', reason)
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`not done after ${limitMs / 1_000} s`)),
    limitMs
  )
  try {
    return result('passed', await Promise.race([check.run(venue), late.promise]))
  } catch (error) {
    return result('failed', error instanceof Error ? error.message : String(error))
  } finally {
    clearTimeout(timer)
  }
}
