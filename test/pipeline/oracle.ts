import type { Format, Row } from '#contract'
import type { RideAccount } from '../simulators/account.ts'

/** What a rider should have been given, from what the gateway acknowledged. */
export type Expected = { bib: number; value: number; laps: number }

/** The final by plain sums over the acknowledged readings, each once: nothing of the product's own rules. */
export function expectedFinal(
  account: RideAccount,
  format: Extract<Format, { kind: 'ride' }>,
  { startsAt, endsAt }: { startsAt: number; endsAt: number }
): Expected[] {
  const expected = account.riders.flatMap(rider => {
    const once = new Map(rider.acknowledged.map(reading => [reading.seq, reading]))
    const counted = [...once.values()].filter(({ t }) => t >= startsAt && t <= endsAt)
    if (!counted.length) return []
    const value =
      format.metric === 'output'
        ? counted.reduce((sum, r) => sum + (r.cadence + 35) * (r.resistance + 65), 0)
        : counted.reduce((most, r) => Math.max(most, r[format.metric as 'distance' | 'work']), 0)
    return [{ bib: rider.bib, value, laps: counted.length }]
  })
  return expected.sort((a, b) => a.bib - b.bib)
}

/** The same columns of a final as stored. */
export const columnsOf = (rows: Row[]): Expected[] =>
  rows
    .filter(row => row.value !== null)
    .map(({ bib, value, laps }) => ({ bib, value: value ?? 0, laps }))
    .sort((a, b) => a.bib - b.bib)
