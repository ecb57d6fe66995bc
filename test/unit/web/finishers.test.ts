import { expect, test } from 'vitest'
import type { Board, Racing } from '#contract'
import { finishersBetween } from '../../../web/finishers.ts'
import { rowOf, timeTrial } from '../../browser/boards.ts'

const run = (bib: number, change: Partial<Racing> = {}): Racing => ({
  runId: `run-${bib}`,
  bib,
  deviceId: 'car-1',
  since: 0,
  laps: 3,
  last: { ms: 8_000, valid: true },
  best: 7_900,
  resets: 0,
  allowedResets: null,
  pausedAt: null,
  pausedMs: 0,
  runMs: null,
  ...change
})

const board = (change: Partial<Board>): Board => {
  const now = timeTrial('final', 0)
  return { ...now, competitors: now.top.length, ...change }
}
const before = board({ racing: [run(2), run(8), run(21)] })

test('who is on the track no longer has ended a run, all of those who ended together in the order of their starts', () => {
  expect(finishersBetween(before, board({ racing: [run(8)] }))).toEqual([
    { runId: 'run-2', bib: 2, laps: 3, best: 7_900 },
    { runId: 'run-21', bib: 21, laps: 3, best: 7_900 }
  ])
})

test('a next run of the same competitor hides no end of the one before', () => {
  const racing = [run(2, { runId: 'run-2-again', laps: 0 }), run(8), run(21)]
  expect(finishersBetween(before, board({ racing })).map(each => each.runId)).toEqual(['run-2'])
})

test.each([
  ['a better one', { ms: 7_500, valid: true }, 7_500],
  ['a slower one', { ms: 9_000, valid: true }, 7_900],
  ['one that is not valid', { ms: 7_000, valid: false }, 7_900]
])('a lap that comes in with the end of its run is counted: %s', (_, last, best) => {
  const top = before.top.map(row => (row.bib === 2 ? { ...row, laps: 5, last } : row))
  expect(finishersBetween(before, board({ top, racing: [run(8), run(21)] }))).toEqual([
    { runId: 'run-2', bib: 2, laps: 4, best }
  ])
})

test('who was taken off the race has not finished', () => {
  const top = before.top.filter(row => row.bib !== 2)
  const after = board({ top, competitors: top.length, racing: [run(8), run(21)] })
  expect(finishersBetween(before, after)).toEqual([])
})

test('who is behind those that a board lists has finished nevertheless', () => {
  const racing = [run(400), run(8)]
  const [all, less] = [
    { competitors: 500, racing },
    { competitors: 500, racing: [run(8)] }
  ]
  expect(finishersBetween(board(all), board(less)).map(({ bib }) => bib)).toEqual([400])
})

test('nobody finishes because a race is over for good', () => {
  expect(finishersBetween(before, board({ phase: 'official', racing: [] }))).toEqual([])
  expect(finishersBetween(before, board({ phase: 'aborted', racing: [] }))).toEqual([])
})

test('a first lap that is not valid leaves a run without a best one', () => {
  const first = board({ top: [rowOf(2)], racing: [run(2, { laps: 0, last: null, best: null })] })
  const top = [rowOf(2, { last: { ms: 8_000, valid: false } })]
  expect(finishersBetween(first, board({ top, racing: [] }))).toEqual([
    { runId: 'run-2', bib: 2, laps: 1, best: null }
  ])
})
