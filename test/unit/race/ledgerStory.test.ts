import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fact, Format, Race, TimedLap } from '#contract'
import { boardAt } from '#race/boardAt'
import { classify } from '#race/classification'
import { isContested } from '#race/contested'
import { explain } from '#race/explanation'
import { foldFacts } from '#race/facts'
import { queueOf } from '#race/ledgerQueue'
import type { Ledger } from '#race/ledgerState'
import { reviewItems } from '#race/reviewItems'
import { timedRuns } from '#race/timedRuns'
import { ledgerOf } from '../../stories/ledger.ts'
import { averageOf, enter, FASTEST_LAP, GUN, MOST_LAPS, running } from '../../stories/races.ts'
import { repeated, timeTrials, trialRaces } from '../../stories/timeTrials.ts'

const RUNS = 200
/** When the races of the stories are provisional. */
const PROVISIONAL = GUN + 45_000
const BIBS = [1, 2, 50, 51]

/** All that officials see of a race. */
const views = (ledger: Ledger) =>
  JSON.stringify([
    queueOf(ledger, [], PROVISIONAL),
    boardAt(ledger, PROVISIONAL),
    BIBS.map(bib => explain(ledger, bib))
  ])

const formats: Format[] = [FASTEST_LAP, averageOf(2), MOST_LAPS]

test.each(formats)('by $kind the order in which facts are listed never matters', format => {
  const shuffled = timeTrials.chain(all =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))
  )
  fc.assert(
    fc.property(trialRaces(format), shuffled, (race, [all, other]) => {
      const [one, two] = [all, other].map(facts => views(ledgerOf(race, facts, PROVISIONAL)))
      expect(two).toBe(one)
    }),
    { numRuns: RUNS }
  )
})

/** The entity's classification of facts that reached it as they may. */
function entity(race: Race, facts: Fact[]) {
  const state = running(race)
  foldFacts(state, facts)
  enter(state, 'provisional')
  return { state, rows: classify(state) }
}

/** What laps that count come to, told from the officials' list alone; the shown ones that do not count break a chain. */
function worthOf(format: Format, laps: TimedLap[]): number | null {
  const counting = laps.filter(({ state }) => state === 'counts')
  if (format.kind === 'mostLaps') return counting.length || null
  if (format.kind === 'fastestLap') return least(counting.map(({ ms }) => ms))
  const shown = laps.filter(({ state }) => state !== 'superseded' && state !== 'retracted')
  const pairs = shown.slice(1).map((lap, i) => [shown[i]!, lap] as const)
  return least(
    pairs
      .filter(([a, b]) => a.runId === b.runId && b.lap === a.lap + 1)
      .filter(pair => pair.every(({ state }) => state === 'counts'))
      .map(([a, b]) => a.ms + b.ms)
  )
}
const least = (values: number[]) => (values.length ? Math.min(...values) : null)

test.each(formats)(
  "by $kind the ledger's board is the entity's, and the laps that count make its values",
  format => {
    const brought = timeTrials.chain(all => fc.tuple(fc.constant(all), repeated(all)))
    fc.assert(
      fc.property(trialRaces(format), brought, (race, [all, arrived]) => {
        const ledger = ledgerOf(race, all, PROVISIONAL)
        const { state, rows } = entity(race, arrived)
        expect(boardAt(ledger, PROVISIONAL).rows).toEqual(rows)
        const laps = timedRuns(ledger).flatMap(run => run.laps)
        expect(laps).toHaveLength(state.laps.size)
        const driven = laps.sort(
          (a, b) => a.at - b.at || a.lap - b.lap || (a.lapId < b.lapId ? -1 : 1)
        )
        for (const { bib, value } of rows) {
          expect(
            worthOf(
              format,
              driven.filter(lap => lap.bib === bib)
            )
          ).toBe(value)
          const { decides } = explain(ledger, bib)!
          const own = decides.find(one => one.bib === bib)!
          const made = own.laps.map(id => laps.find(({ lapId }) => lapId === id)!)
          expect(worthOf(format, made)).toBe(value)
        }
      }),
      { numRuns: RUNS }
    )
  }
)

test('a board is under review exactly while a lap is held or a protest stands', () => {
  fc.assert(
    fc.property(trialRaces(FASTEST_LAP), timeTrials, (race, facts) => {
      const ledger = ledgerOf(race, facts, PROVISIONAL)
      const kinds = reviewItems(ledger).map(({ kind }) => kind)
      expect(kinds.includes('held') || kinds.includes('protest')).toBe(
        isContested(ledger.state, ledger.laps)
      )
    }),
    { numRuns: RUNS }
  )
})
