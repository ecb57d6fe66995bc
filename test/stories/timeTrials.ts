import fc from 'fast-check'
import type { Fact, Format, Race } from '#contract'
import {
  correctionFact,
  entryFact,
  lapFact,
  resetFact,
  runEndFact,
  runFact,
  statusFact,
  withdrawalFact
} from './facts.ts'
import { aRace } from './races.ts'

/** Who races, in which of two runs, how many laps. */
type Cast = {
  bib: fc.Arbitrary<number>
  second: fc.Arbitrary<boolean>
  number: fc.Arbitrary<number>
}
/** Racers of two pages of laps. */
const MANY: Cast = {
  bib: fc.constantFrom(1, 2, 50, 51),
  second: fc.boolean(),
  number: fc.nat({ max: 5 })
}
/** One run with a few laps, that are told again and again. */
const ONE: Cast = { bib: fc.constant(1), second: fc.constant(true), number: fc.nat({ max: 2 }) }

const soon = fc.nat({ max: 2 })
const source = fc.constantFrom('telemetry', 'sensor', 'hand')
/** How far from a round time a lap or reset is told, in ms: up to half of a lap and more. */
const shift = fc.constantFrom(-1_000, -2, 0, 0, 0, 0, 3, 1_000, 1_001, 1_002)

const runOf = (bib: number, second: boolean) => `run-${bib}-${second}`
/** When a lap of a run is told to be complete, in ms after the gun; the last one of a second run is begun at the flag. */
const endOf = (lap: number, second: boolean) => lap * 2_000 + (second ? 12_000 : 0)

const story = ({ bib, second, number }: Cast): fc.Arbitrary<Fact> =>
  fc.oneof(
    fc.tuple(bib, soon).map(([bib, ms]) => entryFact(bib, ms)),
    fc.tuple(bib, soon).map(([bib, ms]) => withdrawalFact(bib, ms)),
    fc.tuple(bib, second, soon).map(([bib, second, ms]) => {
      const runId = runOf(bib, second)
      return { ...runFact(bib, runId, ms), id: `${runId}-begin-${ms}`, deviceId: `car-${ms}` }
    }),
    fc.tuple(bib, second, soon).map(([bib, second, ms]) => {
      const runId = runOf(bib, second)
      return { ...runEndFact(runId, 40_000 + ms), id: `${runId}-end-${ms}` }
    }),
    {
      weight: 16,
      arbitrary: fc
        .tuple(
          bib,
          fc.record({
            lap: number,
            more: soon,
            valid: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
            second,
            shift,
            stray: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, bib),
            source
          })
        )
        .map(([bib, { lap, more, valid, second, shift, stray, source }]) =>
          lapFact(stray ?? bib, lap, 2_000 + more, endOf(lap, second) + shift, {
            valid,
            source,
            run: runOf(bib, second),
            id: `${runOf(bib, second)}-${source}-${lap}`
          })
        )
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(bib, second, number, shift, fc.nat({ max: 3 }))
        .map(([bib, second, lap, shift, again]) =>
          resetFact(
            bib,
            endOf(lap, second) + shift,
            runOf(bib, second),
            `${runOf(bib, second)}-reset-${lap}-${again}`
          )
        )
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(bib, second, source, number, fc.boolean(), soon)
        .map(([bib, second, source, lap, valid, ms]) =>
          correctionFact(`${runOf(bib, second)}-${source}-${lap}`, {
            valid,
            ms,
            ...(valid ? { lapMs: 1_990 } : {})
          })
        )
    },
    fc
      .tuple(bib, fc.constantFrom('running', 'dnf', 'dsq', 'nc'), soon)
      .map(([bib, status, ms]) => statusFact(bib, status, ms))
  )

/**
 * Facts of a small time trial: racers with up to two runs each, laps of those by any source and, by a slip, of another
 * racer's; cars put back; some runs begun or ended twice, laps corrected again and again, decisions and entries taken back.
 */
export const timeTrials: fc.Arbitrary<Fact[]> = fc
  .oneof(...[MANY, ONE].map(cast => fc.array(story(cast), { maxLength: 60, size: 'max' })))
  .map(all => [...new Map(all.map(fact => [fact.id, fact])).values()])

/** Time trials of a format by each machine, with and without a limit of resets. */
export const trialRaces = (format: Format): fc.Arbitrary<Race> =>
  fc
    .record({
      timedBy: fc.constantFrom('telemetry', 'sensor'),
      allowedResets: fc.constantFrom(undefined, 0, 1)
    })
    .map(({ timedBy, allowedResets }) =>
      aRace(format, {
        minLapMs: 2_001,
        timedBy,
        ...(allowedResets === undefined ? {} : { allowedResets })
      })
    )

/** The same facts as they may be brought: in any order, some of them again. */
export const repeated = (facts: Fact[]): fc.Arbitrary<Fact[]> =>
  fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 })
