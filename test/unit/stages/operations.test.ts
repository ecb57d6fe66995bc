import { expect, test } from 'vitest'
import type { DeadLetter } from '#contract'
import {
  COUNTED_MAX,
  createOperations,
  type OperationsPorts
} from '../../../functions/stages/operations.ts'

type Letter = Pick<DeadLetter, 'reason' | 'enqueuedAt'>
const HOUR = 3_600_000

function desk(pages: Letter[][] = [], changes: Partial<OperationsPorts> = {}) {
  const clock = { now: 2 * HOUR }
  const warnings: string[] = []
  const asked: number[] = []
  const operations = createOperations({
    readPulse: async () => undefined,
    async readLatencies(since) {
      asked.push(since)
      return [
        { at: 9, ms: 5 },
        { at: 3, ms: null }
      ]
    },
    async *readDeadLetters() {
      yield* pages
    },
    now: () => clock.now,
    warn: message => warnings.push(message),
    ...changes
  })
  return { operations, clock, warnings, asked }
}
const letter = (reason: Letter['reason'], enqueuedAt: number): Letter => ({ reason, enqueuedAt })

test('an operator sees reasons by their number and newest letter, and the last hour in order', async () => {
  const { operations, asked } = desk([
    [letter('no-run', 5), letter('bad-shape', 9)],
    [letter('no-run', 3)]
  ])
  expect(await operations()).toEqual({
    ...{ asOf: 2 * HOUR, pulse: null },
    deadLetters: [
      { reason: 'no-run', count: 2, newestAt: 5 },
      { reason: 'bad-shape', count: 1, newestAt: 9 }
    ],
    latencies: [
      { at: 3, ms: null },
      { at: 9, ms: 5 }
    ]
  })
  expect(asked).toEqual([HOUR])
})

test('however many operators look, the stores are asked once in five seconds', async () => {
  const { operations, clock, asked } = desk()
  await Promise.all([operations(), operations()])
  clock.now += 4_999
  await operations()
  expect(asked).toHaveLength(1)
  clock.now += 1
  await operations()
  expect(asked).toHaveLength(2)
})

test('a flood of dead letters is counted to a limit, and the log says so', async () => {
  let pages = 0
  const flood = Array.from({ length: 1_000 }, () => letter('too-late', 1))
  const { operations, warnings } = desk([], {
    async *readDeadLetters() {
      for (;;) {
        pages++
        yield flood
      }
    }
  })
  expect((await operations()).deadLetters[0]?.count).toBe(COUNTED_MAX)
  expect([pages, warnings.length]).toEqual([COUNTED_MAX / 1_000, 1])
})
