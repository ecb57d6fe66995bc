import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Race } from '#contract'
import { classify } from '#race/classification'
import { foldReadings, type Reading } from '#race/readings'
import { packState, unpackState } from '#race/state'
import { closeAll, closeWindows } from '#race/window'
import { aRace, enter, FLAG, GAME, GUN, running } from '../../stories/races.ts'
import { played, reading } from '../../stories/readings.ts'

/** A player's reading at a second of the race. */
const game = (
  second: number,
  [score, lives, shots]: [number, number, number],
  trial: number
): Reading => ({
  ...reading(GAME, 1, second * 1_000, 0),
  figures: played(score, lives, shots, 1, trial)
})

function shown(readings: Reading[], race: Race = aRace(GAME)) {
  const state = running(race)
  const refused = foldReadings(state, '0', readings, FLAG).map(({ reason }) => reason)
  enter(state, 'provisional')
  closeAll(state)
  const [row] = classify(state)
  return { refused, score: row?.value, at: row?.at, ...row?.game }
}

const first = [game(2, [300, 3, 10], 0), game(4, [900, 2, 20], 0), game(6, [900, 1, 25], 0)]

test('of many trials the best counts: a weaker one changes neither score nor lives and shots', () => {
  const best = { score: 900, at: 4_000, level: 1, lives: 1, shots: 25 }
  expect(shown(first)).toMatchObject(best)
  const weaker = [game(8, [0, 3, 0], 1), game(9, [300, 3, 1], 1), game(10, [899, 3, 9], 1)]
  expect(shown([...first, ...weaker])).toMatchObject(best)
  expect(shown([...first, ...weaker, game(12, [901, 1, 30], 2)])).toMatchObject({
    ...{ score: 901, at: 12_000, lives: 1, shots: 30 }
  })
})

test('of trials with the same score the better one is shown: more lives, then fewer shots', () => {
  const equal = (lives: number, shots: number) => shown([...first, game(9, [900, lives, shots], 1)])
  expect(equal(0, 5)).toMatchObject({ score: 900, at: 4_000, lives: 1, shots: 25 })
  expect(equal(1, 26)).toMatchObject({ lives: 1, shots: 25 })
  expect(equal(1, 24)).toMatchObject({ at: 4_000, lives: 1, shots: 24 })
  expect(equal(2, 90)).toMatchObject({ lives: 2, shots: 90 })
})

test('a trial that falls behind another with the same score gives way to it', () => {
  const second = [game(9, [900, 3, 15], 1), game(11, [900, 0, 40], 1)]
  expect(shown([...first, second[0]!])).toMatchObject({ lives: 3, shots: 15 })
  expect(shown([...first, ...second])).toMatchObject({ lives: 1, shots: 25 })
})

test('trials that tie are told apart in any order, in any windows, and over a restart', () => {
  const one = fc.record({
    second: fc.nat({ max: 6 }),
    score: fc.constantFrom(300, 600),
    lives: fc.nat({ max: 3 }),
    shots: fc.constantFrom(2, 3),
    trial: fc.nat({ max: 3 })
  })
  const readings = fc.array(one, { maxLength: 12 }).map(all =>
    all.map(({ second, score, lives, shots, trial }, seq) => ({
      ...game(second, [score, lives, shots], trial),
      seq
    }))
  )
  const orders = readings.chain(all =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.array(fc.nat({ max: 6 }))
    )
  )
  fc.assert(
    fc.property(orders, ([all, shuffled, closes]) => {
      let state = running(aRace(GAME))
      for (const [i, next] of shuffled.entries()) {
        foldReadings(state, '0', [next], GUN)
        if (closes[i] !== undefined) closeWindows(state, closes[i])
        state = unpackState(JSON.parse(JSON.stringify(packState(state))))
      }
      enter(state, 'provisional')
      closeAll(state)
      const { refused: _, ...once } = shown(all)
      const [row] = classify(state)
      expect({ score: row?.value, at: row?.at, ...row?.game }).toEqual(once)
    }),
    { numRuns: 500 }
  )
})

test('where the first trial alone counts any other is a dead letter, and enters no fence', () => {
  const race = aRace(GAME, { trials: 'one' })
  const later = game(9, [900, 3, 15], 1)
  expect(shown([...first, later], race)).toMatchObject({ refused: ['second-trial'], lives: 1 })
  const again = { ...later, figures: played(950, 3, 15, 1, 0) }
  expect(shown([...first, later, again], race)).toMatchObject({ score: 950 })
})
