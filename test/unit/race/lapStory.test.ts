import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fact, Race } from '#contract'
import { classify } from '#race/classification'
import { foldFacts } from '#race/facts'
import { openState, type RaceState } from '#race/state'
import { correctionFact, entryFact, lapFact, laps, statusFact } from '../../stories/facts.ts'
import { expectedLapRows } from '../../stories/lapOracle.ts'
import { aRace, averageOf, enter, FASTEST_LAP, MOST_LAPS, running } from '../../stories/races.ts'
import { repeated, timeTrials, trialRaces } from '../../stories/timeTrials.ts'

const RUNS = 250

const told = (race: Race, facts: Fact[]): RaceState => {
  const state = running(race)
  foldFacts(state, facts)
  enter(state, 'provisional')
  return state
}
const classified = (race: Race, facts: Fact[]) => classify(told(race, facts))
const line = (race: Race, facts: Fact[]) =>
  classified(race, facts).map(({ bib, rank, value }) => [bib, rank, value])

describe.each([
  ['fastest lap', FASTEST_LAP],
  ['average of two', averageOf(2)],
  ['most laps', MOST_LAPS]
] as const)('a classification by %s', (_, format) => {
  it('is the same whatever the order in which facts arrive and however often, and as an independent count has it', () => {
    const twice = timeTrials.chain(all => fc.tuple(fc.constant(all), repeated(all)))
    fc.assert(
      fc.property(trialRaces(format), twice, (race, [all, shuffled]) => {
        const rows = classified(race, all)
        expect(JSON.stringify(classified(race, shuffled))).toBe(JSON.stringify(rows))
        expect(rows).toEqual(expectedLapRows(race, all))
      }),
      { numRuns: RUNS }
    )
  })
})

describe('the count of what was folded', () => {
  it('does not depend on the order in which corrections arrive, or a redelivery never catches up', () => {
    const early = correctionFact('run-1-1', { ms: 1 })
    const late = correctionFact('run-1-1', { ms: 2 })
    const count = (order: Fact[]) => told(aRace(FASTEST_LAP), order).folded
    expect(count([late, early])).toBe(count([early, late]))
  })
})

describe('the fastest lap', () => {
  it('shares a place where it is equal, and the rows stand by total time', () => {
    const rows = classified(aRace(FASTEST_LAP), [
      ...laps(1, [9_000, 5_000]),
      ...laps(2, [6_000, 5_000]),
      ...laps(3, [5_001])
    ])
    expect(rows.map(({ bib, rank, tied }) => [bib, rank, tied])).toEqual([
      [2, 1, true],
      [1, 1, true],
      [3, 3, false]
    ])
    expect(rows.map(({ gap, interval }) => [gap, interval])).toEqual([
      [0, null],
      [0, 0],
      [1, 1]
    ])
  })

  it('of a racer without a valid lap stands below all who have one', () => {
    const sheet = [...laps(1, [5_000]), lapFact(2, 1, 4_000, 4_000, { valid: false }), entryFact(3)]
    const rows = classified(aRace(FASTEST_LAP), sheet)
    expect(rows.map(({ bib, rank, status }) => [bib, rank, status])).toEqual([
      [1, 1, 'finished'],
      [2, null, 'nc'],
      [3, null, 'dns']
    ])
    expect(rows[1]!.last).toEqual({ ms: 4_000, valid: false })
  })

  it('below the shortest possible lap is held, and a correction lets it count', () => {
    const race = aRace(FASTEST_LAP, { minLapMs: 3_000 })
    const held = laps(1, [2_999, 3_000])
    expect(line(race, held)).toEqual([[1, 1, 3_000]])
    expect(line(race, [...held, correctionFact('run-1-1', {})])).toEqual([[1, 1, 2_999]])
  })

  it('counts if it was begun in time, although it ended after the flag, and not if it was begun later', () => {
    const race = aRace(FASTEST_LAP)
    expect(line(race, [lapFact(1, 1, 5_000, 24_999)])).toEqual([[1, 1, 5_000]])
    expect(line(race, [lapFact(1, 1, 5_000, 25_000)])).toEqual([[1, 1, 5_000]])
    expect(line(race, [lapFact(1, 1, 5_000, 25_001)])).toEqual([[1, null, null]])
  })
})

describe('the average of three laps', () => {
  const race = aRace(averageOf(3))

  it('is the best sum of three in a row', () => {
    expect(
      line(
        race,
        laps(
          1,
          [5_000, 4_000, 4_000, 4_100, 9_000].map(ms => ms / 2)
        )
      )
    ).toEqual([[1, 1, 6_050]])
  })

  it('breaks at an invalid lap, and at a lap that was voided later', () => {
    const driven = laps(1, [3_000, 3_000, 3_000, 3_000, 3_000])
    const broken = driven.map((lap, i) => (i === 2 ? { ...lap, valid: false } : lap))
    expect(line(race, broken)).toEqual([[1, null, null]])
    expect(line(race, [...driven, correctionFact('run-1-3', { valid: false })])).toEqual([
      [1, null, null]
    ])
  })

  it('never spans two runs, nor a lap that is missing', () => {
    const two = [...laps(1, [3_000, 3_000], 'a'), ...laps(1, [3_000, 3_000], 'b', 9_000)]
    expect(line(race, two)).toEqual([[1, null, null]])
    const numberedOn = [
      ...laps(1, [3_000, 3_000], 'a'),
      lapFact(1, 3, 3_000, 12_000, { run: 'b' }),
      lapFact(1, 4, 3_000, 15_000, { run: 'b' })
    ]
    expect(line(race, numberedOn)).toEqual([[1, null, null]])
    const gap = laps(1, [3_000, 3_000, 3_000, 3_000]).filter(({ lap }) => lap !== 2)
    expect(line(race, gap)).toEqual([[1, null, null]])
  })

  it('of who has no three laps stands below all who have', () => {
    const sheet = [...laps(1, [1_000, 1_000]), ...laps(2, [6_000, 6_000, 6_000])]
    expect(line(race, sheet)).toEqual([
      [2, 1, 18_000],
      [1, null, null]
    ])
  })
})

describe('most laps', () => {
  it('win, and of equals the earlier last lap; who is behind by laps is told so and by no time', () => {
    const rows = classified(aRace(MOST_LAPS), [
      ...laps(1, [5_000, 5_001, 5_000]),
      ...laps(2, [5_000, 5_000, 5_000]),
      ...laps(3, [9_000])
    ])
    expect(rows.map(({ bib, rank, gap, lapsDown }) => [bib, rank, gap, lapsDown])).toEqual([
      [2, 1, 0, 0],
      [1, 2, 1, 0],
      [3, 3, null, 2]
    ])
  })
})

describe('corrections', () => {
  const driven = laps(1, [5_000, 6_000])

  it('hold by the latest decision, whichever arrives first, even before the lap', () => {
    const early = correctionFact('run-1-1', { valid: false, ms: 30_000 })
    const late = correctionFact('run-1-1', { lapMs: 4_500, ms: 40_000 })
    for (const order of [
      [...driven, early, late],
      [late, early, ...driven],
      [late, ...driven, early]
    ]) {
      expect(line(aRace(FASTEST_LAP), order)).toEqual([[1, 1, 4_500]])
    }
  })

  it('void a lap and give it back', () => {
    const voided = correctionFact('run-1-1', { valid: false, ms: 30_000 })
    expect(line(aRace(FASTEST_LAP), [...driven, voided])).toEqual([[1, 1, 6_000]])
    const back = correctionFact('run-1-1', { ms: 31_000 })
    expect(line(aRace(FASTEST_LAP), [...driven, voided, back])).toEqual([[1, 1, 5_000]])
  })

  it('count before the race is known to have opened', () => {
    const state = openState(aRace(FASTEST_LAP))
    foldFacts(state, [correctionFact('run-1-1', { lapMs: 4_000 }), ...driven])
    expect(classify(state)[0]!.value).toBe(4_000)
  })
})

describe('decisions on racers', () => {
  it('put DNF, DNS, NC and DSQ below the finishers without a place, whatever their laps', () => {
    const sheet = [1, 2, 3, 4].flatMap(bib => laps(bib, [5_000 + bib]))
    const decided = [statusFact(1, 'dsq'), statusFact(2, 'dnf'), statusFact(3, 'nc')]
    const rows = classified(aRace(FASTEST_LAP), [entryFact(5), ...sheet, ...decided])
    expect(rows.map(({ bib, rank, status }) => [bib, rank, status])).toEqual([
      [4, 1, 'finished'],
      [3, null, 'nc'],
      [2, null, 'dnf'],
      [5, null, 'dns'],
      [1, null, 'dsq']
    ])
  })
})
