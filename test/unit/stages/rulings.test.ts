import { expect, test } from 'vitest'
import type { Phase } from '#contract'
import {
  correctedTrial,
  missed,
  NOW,
  type Parts,
  racing,
  toLap,
  toStatus,
  trial
} from '../../stories/correctedTrial.ts'
import { lapFact } from '../../stories/facts.ts'
import { refusal } from '../../stories/officeStore.ts'
import { aRace, DISTANCE, GAME, GUN, MOST_LAPS } from '../../stories/races.ts'

test.each<[string, Parts]>([
  ['lap', { ...toLap, lapId: 'run-1-9' }],
  ['lap by the id of a run', { ...toLap, lapId: 'run-1' }],
  ['competitor whose status', { ...toStatus, bib: 9 }],
  ['competitor to contest', { kind: 'protest', bib: 9 }],
  ['competitor to withdraw', { kind: 'withdraw', bib: 9 }],
  ['competitor to merge', { kind: 'merge', bib: 1, from: 9 }],
  ['competitor to merge into', { kind: 'merge', bib: 9, from: 1 }],
  ['competitor in the picture', { kind: 'order', bibs: [1, 9] }],
  ['fact to take back', { kind: 'retract', of: 'no-fact', revision: 0 }],
  ['protest', { kind: 'settle', of: 'run-1-1' }],
  ['run of a missed lap', { ...missed, runId: 'run-9' }]
])('there is no such %s', async (_, asked) => {
  const { correct, facts } = correctedTrial()
  const { length } = facts()
  expect(await refusal(correct(asked))).toMatchObject({ status: 404 })
  expect(facts()).toHaveLength(length)
})

test.each<[string, Parts]>([
  ['a start is not taken back', { kind: 'retract', of: 'open', revision: 0 }],
  ['what was not taken back is not brought back', { kind: 'restore', of: 'run-1-1', revision: 0 }],
  ['a lap is not added to the run of another', { ...missed, runId: 'run-1' }],
  ['unequal results are not ordered', { kind: 'order', bibs: [1, 3] }],
  ['who was not merged is not brought back', { kind: 'merge', bib: 1, from: 1 }]
])('%s', async (_, asked) => {
  expect(await refusal(correctedTrial().correct(asked))).toMatchObject({ status: 409 })
})

test.each<[string, Parts, string]>([
  ['ahead of the clock', { ...missed, at: NOW + 6_000 }, '/at'],
  ['before the opening', { ...missed, at: GUN - 120_000 }, '/at'],
  ['of one twice', { kind: 'order', bibs: [1, 1] }, '/bibs']
])('a body is refused that tells %s', async (_, asked, pointer) => {
  expect(await refusal(correctedTrial().correct(asked))).toMatchObject({
    status: 400,
    errors: [{ pointer }]
  })
})

test('laps, resets and beginnings by machines are taken back and brought back, in turns', async () => {
  for (const of of ['run-1-1', 'run-1-reset-15000', 'run-1']) {
    const { correct } = correctedTrial()
    expect(await correct({ kind: 'retract', of, revision: 0 })).toMatchObject({
      kind: 'retract',
      of
    })
    expect(await refusal(correct({ kind: 'retract', of, revision: 1 }))).toMatchObject({
      status: 409
    })
    expect(await correct({ kind: 'restore', of, revision: 1 })).toMatchObject({ id: `${of}.1` })
    expect(await correct({ kind: 'retract', of, revision: 2 })).toMatchObject({ id: `${of}.2` })
  }
})

test('a lap that is taken back is not corrected', async () => {
  const { correct } = correctedTrial()
  await correct({ kind: 'retract', of: 'run-1-1', revision: 0 })
  expect(await refusal(correct({ ...toLap, revision: 1 }))).toMatchObject({ status: 409 })
})

test('equal results of most laps are equal at the same instant alone', async () => {
  const race = { ...trial, format: MOST_LAPS }
  const asked = { kind: 'order', bibs: [2, 1] } as const
  const facts = racing.filter(({ id }) => id !== 'run-1-2')
  expect(await refusal(correctedTrial({ race, facts }).correct(asked))).toMatchObject({
    status: 409
  })
  const equal = facts.filter(({ id }) => id !== 'run-2-1')
  const known = correctedTrial({ race, facts: [...equal, lapFact(2, 1, 9_000, 10_000)] })
  await known.correct(asked)
  expect(known.rows().map(({ bib, rank }) => [bib, rank])).toMatchObject([
    [2, 1],
    [1, 2],
    [3, null]
  ])
})

test('two bibs are made one, and two again', async () => {
  const known = correctedTrial()
  await known.correct({ kind: 'merge', bib: 3, from: 1 })
  expect(known.rows().map(({ bib }) => bib)).toEqual([2, 3])
  expect(known.resultOf(3)).toBe(10_000)
  expect(await refusal(known.correct(toStatus))).toMatchObject({ status: 404 })
  await known.correct({ kind: 'merge', bib: 1, from: 1 })
  expect(known.resultOf(1)).toBe(10_000)
  expect(known.resultOf(3)).toBe(null)
})

test.each<[Phase, number]>([
  ['open', 409],
  ['running', 201],
  ['provisional', 201],
  ['official', 409]
])('while a race is %s a protest gets %i', async (phase, status) => {
  const protest = correctedTrial({ phase }).correct({ kind: 'protest', bib: 1 })
  if (status === 201) expect(await protest).toMatchObject({ id: 'protest.1.0', kind: 'protest' })
  else expect(await refusal(protest)).toMatchObject({ status })
})

test('a protest is settled once, and may be made again', async () => {
  const { correct } = correctedTrial()
  const protest = await correct({ kind: 'protest', bib: 1 })
  expect(await correct({ kind: 'settle', of: protest.id })).toMatchObject({ of: 'protest.1.0' })
  expect(await refusal(correct({ kind: 'settle', of: protest.id }))).toMatchObject({ status: 409 })
  expect(await correct({ kind: 'protest', bib: 1 })).toMatchObject({ id: 'protest.1.1' })
})

test('in a ride a rider is disqualified or withdrawn by name, and no reading is touched', async () => {
  const ride = correctedTrial({ race: aRace(DISTANCE), facts: [] })
  ride.directory.entries.push({ bib: 4, name: 'Four', country: '', class: '' })
  expect(await ride.correct({ ...toStatus, bib: 4 })).toMatchObject({ bib: 4, status: 'dsq' })
  expect(await refusal(ride.correct(toStatus))).toMatchObject({ status: 404 })
  for (const asked of [missed, { kind: 'merge', bib: 4, from: 4 } as const])
    expect(await refusal(ride.correct(asked))).toMatchObject({ status: 409 })
  await ride.correct({ kind: 'withdraw', bib: 4 })
  const again = { ...toStatus, bib: 4, revision: 1 }
  expect(await refusal(ride.correct(again))).toMatchObject({ status: 404 })
})

test('what is held in a ride or game is judged, and judged anew by who knows the last judgement', async () => {
  const game = correctedTrial({ race: aRace(GAME), facts: [] })
  game.directory.entries.push({ bib: 4, name: 'Four', country: '', class: '' })
  const asked = { kind: 'judge', bib: 4, value: 9_000, accepted: false, revision: 0 } as const
  expect(await game.correct(asked)).toMatchObject({
    ...{ id: 'judge.4.0', kind: 'judge', bib: 4, value: 9_000, accepted: false, at: NOW }
  })
  expect(await refusal(game.correct({ ...asked, accepted: true }))).toMatchObject({
    status: 409,
    errors: [
      { detail: expect.stringContaining('held for number 4 up to 9000 does not count, by ada') },
      { detail: 'Asked was: what is held for number 4 up to 9000 counts.' }
    ]
  })
  expect(await game.correct({ ...asked, accepted: true, revision: 1 })).toMatchObject({
    id: 'judge.4.1',
    at: NOW + 1
  })
  expect(await refusal(game.correct({ ...asked, bib: 5 }))).toMatchObject({ status: 404 })
})

test('in a race of laps a lap is corrected, not a value', async () => {
  const asked = { kind: 'judge', bib: 1, value: 1, accepted: true, revision: 0 } as const
  expect(await refusal(correctedTrial().correct(asked))).toMatchObject({ status: 409 })
})
