import * as v from 'valibot'
import { expect, test } from 'vitest'
import { Explanation, type Fact, type Format, type Race, type Ties } from '#contract'
import { explain } from '#race/explanation'
import {
  correctionFact,
  entryFact,
  lapFact,
  laps,
  mergeFact,
  orderFact,
  protestFact,
  resetFact,
  retractionFact,
  runFact,
  statusFact,
  withdrawalFact
} from '../../stories/facts.ts'
import { handLap, ledgerOf } from '../../stories/ledger.ts'
import { aRace, averageOf, FASTEST_LAP, GUN, MOST_LAPS } from '../../stories/races.ts'

const explained = (facts: Fact[], bib: number, format: Format = FASTEST_LAP, ties?: Ties) => {
  const changes: Partial<Race> = ties ? { ties } : {}
  return explain(ledgerOf(aRace(format, changes), facts), bib)
}
const SAID = { reason: 'As the steward saw it.' }
/** Who decides a place, with the laps that the value is made of. */
const decides = (facts: Fact[], bib: number, format?: Format) =>
  explained(facts, bib, format)!.decides.map(({ bib, rank, value, laps }) => [
    bib,
    rank,
    value,
    laps
  ])
const changes = (facts: Fact[], bib = 1) => explained(facts, bib)!.changes.map(({ id }) => id)

test('the row decides with the one ahead, the one behind and all that share its place', () => {
  const facts = [
    ...laps(1, [2_000]),
    ...laps(2, [2_500]),
    ...laps(3, [3_000]),
    ...laps(4, [9_000, 3_000]),
    ...laps(5, [3_500]),
    ...laps(6, [4_000])
  ]
  const shared = [
    [2, 2, 2_500, ['run-2-1']],
    [3, 3, 3_000, ['run-3-1']],
    [4, 3, 3_000, ['run-4-2']],
    [5, 5, 3_500, ['run-5-1']]
  ]
  expect(decides(facts, 3)).toEqual(shared)
  expect(decides(facts, 4)).toEqual(shared)
  expect(decides(facts, 1).map(([bib]) => bib)).toEqual([1, 2])
  expect(decides(facts, 6).map(([bib]) => bib)).toEqual([5, 6])
  const { rank, tied, status } = explained(facts, 3)!
  expect([rank, tied, status]).toEqual([3, true, 'running'])
})

test('a row without a place stands for itself, and does not decide the last place', () => {
  const facts = [...laps(1, [2_000]), ...laps(2, [3_000]), statusFact(2, 'dsq')]
  expect(decides(facts, 2)).toEqual([[2, null, 3_000, ['run-2-1']]])
  expect(decides(facts, 1)).toEqual([[1, 1, 2_000, ['run-1-1']]])
  expect(explained(facts, 2)).toMatchObject({ rank: null, status: 'dsq' })
})

test('the laps that make the value are the best one, the best in a row, or all that count', () => {
  const facts = [
    ...laps(1, [3_000, 2_500, 2_600, 2_500]),
    lapFact(1, 5, 1_000, 12_000, { valid: false })
  ]
  expect(decides(facts, 1)).toEqual([[1, 1, 2_500, ['run-1-2']]])
  expect(decides(facts, 1, averageOf(2))).toEqual([[1, 1, 5_100, ['run-1-2', 'run-1-3']]])
  expect(decides(facts, 1, MOST_LAPS)).toEqual([
    [1, 1, 4, ['run-1-1', 'run-1-2', 'run-1-3', 'run-1-4']]
  ])
})

test('the rule is told for each format and each way to share a place', () => {
  const rule = (format: Format, ties: Ties) => explained(laps(1, [2_000]), 1, format, ties)!.rule
  expect(rule(FASTEST_LAP, 'competition')).toBe(
    'Fastest valid lap. Equal laps share the place, and as many places after it stay empty.'
  )
  const rules = [FASTEST_LAP, averageOf(3), MOST_LAPS].flatMap(format =>
    (['competition', 'dense', 'ordinal'] as const).map(ties => rule(format, ties))
  )
  expect(new Set(rules).size).toBe(9)
  expect(rule(averageOf(3), 'dense')).toContain('3 valid laps in a row')
  expect(rule(MOST_LAPS, 'ordinal')).not.toContain('sum')
})

test('a photo finish that names the bib is part of its rule, and of no other', () => {
  const facts = [...[1, 2, 3].flatMap(bib => laps(bib, [2_000])), orderFact([2, 1], 9_000)]
  expect(explained(facts, 2)).toMatchObject({ rank: 1, rule: expect.stringContaining('photo') })
  expect(explained(facts, 3)!.rule).not.toContain('photo')
})

test('every timing of every lap of the bib is there in the order driven, and none of another', () => {
  const facts = [
    ...laps(1, [3_000, 3_000]),
    ...laps(2, [3_000]),
    handLap(1, 1, 3_050, 3_010),
    ...laps(1, [3_000], 'second', 8_000),
    retractionFact('run-1-2', 'retract', 9_000)
  ]
  const explanation = explained(facts, 1)!
  expect(v.parse(Explanation, explanation)).toEqual(explanation)
  expect(explanation.laps.map(({ lapId, state }) => [lapId, state])).toEqual([
    ['run-1-1', 'counts'],
    ['run-1-ada-1', 'superseded'],
    ['run-1-2', 'retracted'],
    ['second-1', 'counts']
  ])
})

test('decisions on the bib and on its runs, laps and resets are told, the oldest first', () => {
  const facts = [
    orderFact([2, 1], 9_000, 'order'),
    statusFact(1, 'dnf', 7_000, 'dnf'),
    statusFact(1, 'running', 8_000, 'running'),
    correctionFact('run-1-1', { ms: 5_000, id: 'slower' }),
    retractionFact('run-1-reset-1000', 'retract', 4_000),
    retractionFact('run-1', 'retract', 4_500),
    retractionFact('run-1', 'restore', 4_600),
    withdrawalFact(1, 2_000),
    entryFact(1, 3_000),
    entryFact(1),
    runFact(1),
    ...laps(1, [3_000]),
    resetFact(1, 1_000),
    { ...handLap(1, 7, 2_000, 8_500), ...SAID, id: 'added', recordedAt: GUN + 9_900 },
    { ...runFact(1, 'run-4', 9_200), ...SAID }
  ]
  const others = [
    ...laps(2, [3_000]),
    correctionFact('run-2-1', {}),
    statusFact(2, 'dnf'),
    entryFact(2),
    protestFact(1, 9_500)
  ]
  expect(changes([...others, ...facts])).toEqual([
    'withdraw-1-2000',
    'enter-1-3000',
    'retract-run-1-reset-1000-4000',
    'retract-run-1-4500',
    'restore-run-1-4600',
    'slower',
    'dnf',
    'running',
    'order',
    'run-4',
    'added'
  ])
})

test('what was decided on laps of a bib that is merged counts where they do', () => {
  const facts = [
    entryFact(1),
    ...laps(2, [3_000]),
    correctionFact('run-2-1', { lapMs: 2_900, ms: 5_000, id: 'faster' }),
    mergeFact(1, 2, 6_000)
  ]
  expect(changes(facts)).toEqual(['faster', 'merge-1-2-6000'])
  expect(decides(facts, 1)).toEqual([[1, 1, 2_900, ['run-2-1']]])
  expect(explained(facts, 2)).toBeUndefined()
})

test('there is nothing to explain of a bib that the board does not have', () => {
  expect(explained(laps(1, [3_000]), 2)).toBeUndefined()
  expect(explained([...laps(1, [3_000]), withdrawalFact(1)], 1)).toBeUndefined()
})
