import fc from 'fast-check'
import type { Fact } from '#contract'
import { correctionFact, entryFact, lapFact, runEndFact, runFact, statusFact } from './facts.ts'

/** Racers of two pages of laps. */
const bib = fc.constantFrom(1, 2, 50, 51)
const second = fc.boolean()
const soon = fc.nat({ max: 2 })

/**
 * Facts of a small time trial: racers with up to two runs each, laps of those and, by a slip, of another racer's;
 * some runs begun or ended twice, laps corrected again and again, decisions taken back.
 */
export const timeTrials: fc.Arbitrary<Fact[]> = fc
  .array(
    fc.oneof(
      bib.map(entryFact),
      fc.tuple(bib, second, soon).map(([bib, second, ms]) => {
        const runId = `run-${bib}-${second}`
        return { ...runFact(bib, runId, ms), id: `${runId}-begin-${ms}` }
      }),
      fc.tuple(bib, second, soon).map(([bib, second, ms]) => {
        const runId = `run-${bib}-${second}`
        return { ...runEndFact(runId, 40_000 + ms), id: `${runId}-end-${ms}` }
      }),
      fc
        .tuple(
          bib,
          fc.record({
            lap: fc.nat({ max: 5 }),
            more: fc.nat({ max: 3 }),
            valid: fc.boolean(),
            second,
            stray: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, bib),
            source: fc.constantFrom('telemetry', 'sensor', 'hand')
          })
        )
        .map(([bib, { lap, more, valid, second, stray, source }]) => ({
          ...lapFact(stray ?? bib, lap, 2_000 + more, lap * 4_000 + (second ? 30_000 : 0) + more, {
            valid,
            run: `run-${bib}-${second}`
          }),
          source
        })),
      fc.tuple(bib, fc.nat({ max: 5 }), fc.boolean(), soon).map(([bib, lap, valid, ms]) =>
        correctionFact(`run-${bib}-true-${lap}`, {
          valid,
          ms,
          ...(valid ? { lapMs: 1_990 } : {})
        })
      ),
      fc
        .tuple(bib, fc.constantFrom('running', 'dnf', 'dsq', 'nc'), soon)
        .map(([bib, status, ms]) => statusFact(bib, status, ms))
    ),
    { maxLength: 40 }
  )
  .map(all => [...new Map(all.map(fact => [fact.id, fact])).values()])
