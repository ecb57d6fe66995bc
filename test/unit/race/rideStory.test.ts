import { describe, expect, it } from 'vitest'
import type { Format, Race } from '#contract'
import { classify } from '#race/classification'
import { foldFacts } from '#race/facts'
import { outputOf } from '#race/metric'
import { foldReadings, type Reading } from '#race/readings'
import { openState, type RaceState } from '#race/state'
import { closeAll } from '#race/window'
import { entryFact, statusFact } from '../../stories/facts.ts'
import {
  aRace,
  DISTANCE,
  DURATION_MS,
  enter,
  FLAG,
  GAME,
  GUN,
  OUTPUT,
  running
} from '../../stories/races.ts'
import { played, reading } from '../../stories/readings.ts'

const raced = (race: Race, readings: Reading[]): RaceState => {
  const state = running(race)
  foldReadings(state, '0', readings, FLAG)
  enter(state, 'provisional')
  closeAll(state)
  return state
}
const placesOf = (state: RaceState) =>
  classify(state).map(({ bib, rank, tied }) => [bib, rank, tied])
const reasonOf = (format: Format, one: Reading) =>
  foldReadings(running(aRace(format)), '0', [one], FLAG).map(({ reason }) => reason)

const player = (bib: number, score: number, lives: number, shots: number, level = 1): Reading => ({
  ...reading(GAME, bib, 1_000, score),
  figures: played(score, lives, shots, level)
})

describe('places of riders who went equally far', () => {
  const field = [1, 2, 3].map(bib => reading(DISTANCE, bib, 1_000 + bib, bib === 3 ? 50 : 100))

  it('are 1-1-3 by competition, 1-1-2 dense, and 1-2-3 ordinal in order of who was there first', () => {
    const of = (ties: Race['ties']) => placesOf(raced(aRace(DISTANCE, { ties }), field))
    expect(of('competition')).toEqual([
      [1, 1, true],
      [2, 1, true],
      [3, 3, false]
    ])
    expect(of('dense').map(([, rank]) => rank)).toEqual([1, 1, 2])
    expect(of('ordinal')).toEqual([
      [1, 1, false],
      [2, 2, false],
      [3, 3, false]
    ])
  })

  it('are shared by three and more, and the next place counts them all', () => {
    const many = [1, 2, 3, 4].map(bib => reading(DISTANCE, bib, 1_000, bib === 4 ? 1 : 7))
    expect(placesOf(raced(aRace(DISTANCE), many)).map(([, rank]) => rank)).toEqual([1, 1, 1, 4])
  })
})

describe('a score game', () => {
  it('is ranked by score, then lives left, then fewest shots; the level decides nothing', () => {
    const state = raced(aRace(GAME), [
      player(1, 100, 1, 10),
      player(2, 100, 2, 29),
      player(3, 200, 0, 30),
      player(4, 100, 2, 20),
      player(5, 100, 2, 20, 9)
    ])
    expect(placesOf(state)).toEqual([
      [3, 1, false],
      [4, 2, true],
      [5, 2, true],
      [2, 4, false],
      [1, 5, false]
    ])
    expect(classify(state).map(({ gap }) => gap)).toEqual([0, 100, 100, 100, 100])
  })

  it('shows level, lives and shots beside the score', () => {
    const format = { ...GAME, limits: { shotPoints: 1_000_000, shotMs: 10 } } as const
    const timetable = { ...aRace(GAME).timetable, durationMs: 660_000 }
    const late = { t: GUN + 655_000, enqueued: GUN + 655_000 }
    const [row] = classify(
      raced(aRace(format, { timetable }), [
        { ...player(1, 4_000_000_000, 255, 65_535, 255), ...late }
      ])
    )
    expect(row).toMatchObject({
      value: 4_000_000_000,
      game: { level: 255, lives: 255, shots: 65_535 }
    })
  })

  it('shows the lives that are left, not those that there were when the score was reached', () => {
    const before = player(1, 100, 3, 10)
    const after = { ...player(1, 100, 1, 12), seq: 2, t: GUN + 2_000, enqueued: GUN + 2_050 }
    const [row] = classify(raced(aRace(GAME), [before, after]))
    expect(row!.game).toEqual({ level: 1, lives: 1, shots: 12 })
  })
})

describe('players of equal score, lives and shots', () => {
  it('stand in the order in which they came to the score, however long they play on', () => {
    const at = (one: Reading, ms: number) => ({ ...one, seq: ms, t: GUN + ms, enqueued: GUN + ms })
    const first = [at(player(1, 100, 3, 10), 1_000), at(player(1, 100, 3, 10), 9_000)]
    const second = [at(player(2, 100, 3, 10), 5_000)]
    const state = raced(aRace(GAME, { ties: 'ordinal' }), [...first, ...second])
    expect(placesOf(state).map(([bib]) => bib)).toEqual([1, 2])
    expect(classify(state)[0]!.at).toBe(1_000)
  })
})

describe('an output race', () => {
  it("adds Alleycat's output of each second once", () => {
    expect(outputOf(90, 50)).toBe(125 * 115)
    const ride = [0, 1, 2].map(s => reading(OUTPUT, 1, s * 1_000, outputOf(90, 50)))
    expect(classify(raced(aRace(OUTPUT), [...ride, ...ride]))[0]).toMatchObject({
      value: 3 * 125 * 115,
      laps: 3
    })
  })

  it('refuses more readings than seconds raced', () => {
    expect(reasonOf(OUTPUT, reading(OUTPUT, 1, 5_000, 9, { seq: 7 }))).toEqual([])
    expect(reasonOf(OUTPUT, reading(OUTPUT, 1, 5_000, 9, { seq: 8 }))).toEqual(['too-fast'])
  })
})

describe('a reading', () => {
  it('counts from the gun to the flag, both included, and neither before nor after', () => {
    expect(reasonOf(DISTANCE, reading(DISTANCE, 1, -1, 1))).toEqual(['before-start'])
    expect(reasonOf(DISTANCE, reading(DISTANCE, 1, 0, 1))).toEqual([])
    expect(reasonOf(DISTANCE, reading(DISTANCE, 1, DURATION_MS, 1))).toEqual([])
    expect(reasonOf(DISTANCE, reading(DISTANCE, 1, DURATION_MS + 1, 1))).toEqual(['after-end'])
  })

  it('counts twenty seconds after the flag if it was measured before, and no later', () => {
    const sent = (delay: number) =>
      reasonOf(DISTANCE, reading(DISTANCE, 1, DURATION_MS, 1, { delay }))
    expect(sent(20_000)).toEqual([])
    expect(sent(20_001)).toEqual(['too-late'])
  })

  it('of another kind or from a clock that is hours fast is refused', () => {
    expect(reasonOf(DISTANCE, player(1, 5, 1, 1))).toEqual(['wrong-format'])
    const dreamt = { ...reading(DISTANCE, 1, 1_000, 5), t: GUN + 3_600_000 }
    expect(reasonOf(DISTANCE, dreamt)).toEqual(['from-the-future'])
  })

  it('that was refused for its time may come again in time and counts then', () => {
    const state = openState(aRace(DISTANCE, { timetable: { ...aRace(DISTANCE).timetable } }))
    state.startsAt = null
    const one = reading(DISTANCE, 1, 500, 7)
    expect(foldReadings(state, '0', [one], GUN)).toHaveLength(1)
    enter(state, 'running')
    expect(foldReadings(state, '0', [one], GUN)).toEqual([])
    expect(state.folded).toBe(1)
  })
})

describe('the status of riders', () => {
  const seen = (bib: number, value: number) => reading(DISTANCE, bib, 1_000, value)

  it('puts DNF, DNS and DSQ below the finishers without a place, and who never started is DNS', () => {
    const state = raced(aRace(DISTANCE), [seen(1, 10), seen(2, 90), seen(3, 50), seen(4, 70)])
    foldFacts(state, [
      entryFact(40),
      statusFact(2, 'dsq'),
      statusFact(3, 'dnf'),
      statusFact(4, 'nc')
    ])
    expect(classify(state).map(({ bib, rank, status }) => [bib, rank, status])).toEqual([
      [1, 1, 'finished'],
      [4, null, 'nc'],
      [3, null, 'dnf'],
      [40, null, 'dns'],
      [2, null, 'dsq']
    ])
  })

  it('gives a reinstated rider the old place back', () => {
    const state = raced(aRace(DISTANCE), [seen(1, 10), seen(2, 90)])
    const before = classify(state)
    foldFacts(state, [statusFact(2, 'running', 90_000), statusFact(2, 'dsq', 80_000)])
    expect(classify(state)).toEqual(before)
  })

  it('is scheduled before the gun, running during the race and finished after it', () => {
    const state = running(aRace(DISTANCE))
    foldFacts(state, [entryFact(1), entryFact(2)])
    foldReadings(state, '0', [seen(1, 10)], GUN + 1_100)
    closeAll(state)
    expect(classify(state).map(({ status }) => status)).toEqual(['running', 'scheduled'])
    enter(state, 'official')
    expect(classify(state).map(({ status }) => status)).toEqual(['finished', 'dns'])
  })
})
