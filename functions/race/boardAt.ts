import type { BoardAt } from '#contract'
import { classify } from './classification.ts'
import type { Ledger } from './ledgerState.ts'
import { reviewItems } from './reviewItems.ts'

/** The classification as a ledger has it, and what was open then; `at` is the instant that it was cut at, in ms since 1970. */
export const boardAt = (ledger: Ledger, at: number): BoardAt => ({
  raceId: ledger.state.race.raceId,
  at,
  rows: classify(ledger.state, ledger.laps),
  review: reviewItems(ledger)
})
