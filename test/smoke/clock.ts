import * as v from 'valibot'
import { Negotiation } from '#contract'
import { type Answer, expectDocumented } from './http.ts'

/** Questions of which the quickest counts. */
const SAMPLES = 5

/**
 * How far the service's clock is ahead of this machine's, ms, by the `now` of a negotiation: to half of what the
 * quickest answer took. Races start by that clock and latencies are told by it.
 */
export async function clockAhead(negotiate: () => Promise<Answer>): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, ahead: 0 }
  for (let sample = 0; sample < SAMPLES; sample++) {
    const asked = Date.now()
    const { now } = v.parse(Negotiation, expectDocumented(await negotiate(), 200))
    const took = Date.now() - asked
    if (took < best.took) best = { took, ahead: now - (asked + took / 2) }
  }
  return best.ahead
}
