import fc from 'fast-check'
import { type Fact, type Format, LAP_MAX_MS, type Race } from '#contract'
import {
  clockFact,
  correctionFact,
  entryFact,
  lapFact,
  mergeFact,
  orderFact,
  protestFact,
  resetFact,
  retractionFact,
  runEndFact,
  runFact,
  settlementFact,
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

/** Who times by hand or begins a run: an app, or one of two persons. */
const by = fc.constantFrom(undefined, 'ada', 'bo')

const runOf = (bib: number, second: boolean) => `run-${bib}-${second}`
/** When a lap of a run is told to be complete, in ms after the gun; the last one of a second run is begun at the flag. */
const endOf = (lap: number, second: boolean) => lap * 2_000 + (second ? 12_000 : 0)

/** The laps, resets and beginnings of runs that others name. */
const lapId = (run: string, source: string, lap: number, by = 'app') =>
  source === 'hand' ? `${run}-${by}-${lap}` : `${run}-${source}-${lap}`
const resetId = (run: string, lap: number, again: number) => `${run}-reset-${lap}-${again}`
const beginId = (run: string, ms: number) => `${run}-begin-${ms}`

const officials = (bib: Cast['bib']): fc.Arbitrary<Fact> =>
  fc.oneof(
    fc.tuple(bib, soon).map(([bib, ms]) => entryFact(bib, ms)),
    fc.tuple(bib, soon).map(([bib, ms]) => withdrawalFact(bib, ms)),
    fc
      .tuple(bib, fc.constantFrom('running', 'dnf', 'dsq', 'nc'), soon)
      .map(([bib, status, ms]) => statusFact(bib, status, ms)),
    fc.tuple(bib, bib, soon).map(([bib, from, ms]) => mergeFact(bib, from, ms)),
    fc
      .tuple(fc.shuffledSubarray([1, 2, 50, 51], { minLength: 2 }), soon)
      .map(([bibs, ms]) => orderFact(bibs, ms)),
    fc.tuple(bib, soon).map(([bib, ms]) => protestFact(bib, ms)),
    fc.tuple(bib, soon).map(([bib, ms]) => settlementFact(`protest-${bib}-${ms}`, ms))
  )

const runEvents = ({ bib, second, number }: Cast): fc.Arbitrary<Fact> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(bib, second, soon, by, fc.boolean())
        .map(([bib, second, ms, by, proxy]) => {
          const runId = runOf(bib, second)
          return {
            ...runFact(bib, runId, ms, { by, proxy, id: beginId(runId, ms) }),
            deviceId: `car-${ms}`
          }
        })
    },
    fc.tuple(bib, second, soon).map(([bib, second, ms]) => {
      const runId = runOf(bib, second)
      return { ...runEndFact(runId, 40_000 + ms), id: `${runId}-end-${ms}` }
    }),
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('pause', 'resume', 'submit'), bib, second, number, shift)
        .map(([kind, bib, second, lap, shift]) =>
          clockFact(kind, runOf(bib, second), endOf(lap, second) + shift)
        )
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(bib, second, number, shift, fc.nat({ max: 3 }), source)
        .map(([bib, second, lap, shift, again, source]) => {
          const run = runOf(bib, second)
          return resetFact(bib, endOf(lap, second) + shift, run, resetId(run, lap, again), source)
        })
    }
  )

const decisions = ({ bib, second, number }: Cast): fc.Arbitrary<Fact> =>
  fc
    .record({ bib, second, number, source, by, ms: soon, again: fc.nat({ max: 3 }) })
    .chain(({ bib, second, number, source, by, ms, again }) => {
      const run = runOf(bib, second)
      const lap = lapId(run, source, number, by)
      return fc.constantFrom<Fact>(
        correctionFact(lap, { valid: false, ms }),
        correctionFact(lap, { lapMs: 1_990, ms }),
        retractionFact(lap, 'retract', ms),
        retractionFact(lap, 'restore', ms),
        retractionFact(resetId(run, number, again), 'retract', ms),
        retractionFact(beginId(run, ms), 'retract', ms),
        retractionFact(beginId(run, ms), 'restore', ms)
      )
    })

const timings = ({ bib, second, number }: Cast): fc.Arbitrary<Fact> =>
  fc
    .tuple(
      bib,
      fc.record({
        lap: number,
        more: soon,
        valid: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
        second,
        shift,
        stray: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, bib),
        source,
        by
      })
    )
    .map(([bib, { lap, more, valid, second, shift, stray, source, by }]) => {
      const run = runOf(bib, second)
      const id = lapId(run, source, lap, by)
      const end = endOf(lap, second) + shift
      return lapFact(stray ?? bib, lap, 2_000 + more, end, { valid, source, run, id, by })
    })

const story = (cast: Cast): fc.Arbitrary<Fact> =>
  fc.oneof(
    { weight: 4, arbitrary: officials(cast.bib) },
    { weight: 5, arbitrary: runEvents(cast) },
    { weight: 4, arbitrary: decisions(cast) },
    { weight: 16, arbitrary: timings(cast) }
  )

/**
 * Facts of a small time trial: racers with up to two runs each, laps of those by any source and, by a slip, of another
 * racer's, by two persons and an app; cars put back; some runs begun, held or ended twice, laps corrected and taken back
 * again and again, racers merged in circles, placed by photo finishes, decisions and entries taken back.
 */
export const timeTrials: fc.Arbitrary<Fact[]> = fc
  .oneof(...[MANY, ONE].map(cast => fc.array(story(cast), { maxLength: 60, size: 'max' })))
  .map(all => [...new Map(all.map(fact => [fact.id, fact])).values()])

/** Time trials of a format by each machine, with and without limits. */
export const trialRaces = (format: Format): fc.Arbitrary<Race> =>
  fc
    .record({
      timedBy: fc.constantFrom('telemetry', 'sensor'),
      maxLapMs: fc.constantFrom(2_001, LAP_MAX_MS, LAP_MAX_MS),
      limits: fc.record(
        {
          allowedResets: fc.nat({ max: 1 }),
          maxRuns: fc.constant(1),
          runMs: fc.constantFrom(2_000, 4_001)
        },
        { requiredKeys: [] }
      )
    })
    .map(({ timedBy, maxLapMs, limits }) =>
      aRace(format, { minLapMs: 2_001, maxLapMs, timedBy, ...limits })
    )

/** The same facts as they may be brought: in any order, some of them again. */
export const repeated = (facts: Fact[]): fc.Arbitrary<Fact[]> =>
  fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 })
