import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BLOCK_VALUES,
  type Block,
  blockOf,
  count,
  emptyBlock,
  emptySums,
  holds,
  packBlock,
  standing,
  total,
  unpackBlock
} from '#race/histogram'

const up = (a: number, b: number) => a - b
const down = (a: number, b: number) => b - a
/** Values that meet and part: in one block, at its edges, blocks apart, and the last one there is. */
const value = fc.oneof(
  fc.nat({ max: 12 }),
  fc.integer({ min: BLOCK_VALUES - 2, max: BLOCK_VALUES + 2 }),
  fc.nat({ max: 90_000 }),
  fc.constant(2 ** 32 - 1)
)

function aHistogram() {
  const sums = emptySums()
  const blocks = new Map<number, Block>()
  return {
    sums,
    block: (value: number) => blocks.get(blockOf(value)),
    count(value: number, by: 1 | -1) {
      const block = blocks.get(blockOf(value)) ?? emptyBlock()
      blocks.set(blockOf(value), block)
      count(sums, block, value, by)
    }
  }
}

test('any value has the place that a sorted list gives it, among values that come and go', () => {
  const move = fc.record({ value, leaves: fc.boolean() })
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), fc.array(value), (moves, asked) => {
      const histogram = aHistogram()
      const naive: number[] = []
      for (const { value, leaves } of moves) {
        const old = leaves ? naive.pop() : undefined
        if (old !== undefined) histogram.count(old, -1)
        naive.push(value)
        histogram.count(value, 1)
      }
      expect(total(histogram.sums)).toBe(naive.length)
      for (const value of [...asked, ...naive]) {
        const same = naive.filter(other => other === value).length
        for (const compare of [up, down]) {
          const better = naive.filter(other => compare(other, value) < 0).length
          expect(standing(histogram.sums, histogram.block(value), value, compare)).toEqual({
            value,
            rank: better + 1,
            same,
            of: naive.length
          })
        }
      }
    })
  )
})

test('a block that everybody left is not among the sums any more', () => {
  const histogram = aHistogram()
  histogram.count(5_000, 1)
  expect(holds(histogram.sums, 1)).toBe(true)
  histogram.count(5_000, -1)
  expect(histogram.sums).toEqual(emptySums())
  expect(holds(histogram.sums, 1)).toBe(false)
})

test('a block is stored and read back as it was, an empty one too', () => {
  const slot = fc.tuple(fc.nat({ max: BLOCK_VALUES - 1 }), fc.integer({ min: 1, max: 2 ** 32 - 1 }))
  fc.assert(
    fc.property(fc.array(slot, { maxLength: 8 }), slots => {
      const block = emptyBlock()
      for (const [at, count] of slots) block[at] = count
      const stored = JSON.parse(JSON.stringify(packBlock(block)))
      expect(unpackBlock(stored)).toEqual(block)
    })
  )
})
