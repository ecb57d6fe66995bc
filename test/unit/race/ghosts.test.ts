import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  GHOST_BINS,
  ghostBlocks,
  ghostsOf,
  packSeries,
  type Spread,
  spread,
  unpackSeries,
  within
} from '#race/ghosts'

test('bins are as wide as the metric asks, and wider where more than five minutes are raced', () => {
  expect(ghostsOf('distance-300')).toEqual({ width: 10_000, seconds: 300 })
  expect(ghostsOf('work-20')).toEqual({ width: 500, seconds: 20 })
  expect(ghostsOf('output-301')).toEqual({ width: 100_000, seconds: 301 })
  expect(ghostsOf('game-600')).toEqual({ width: 100, seconds: 600 })
})

test('laps have no ghosts', () => {
  for (const board of ['fastest-lap', 'average-lap-3', 'most-laps-300']) {
    expect(ghostsOf(board)).toBeUndefined()
  }
})

test('how many performances are in each bin at each second is what counting them says, race after race', () => {
  const width = 50
  const races = fc.integer({ min: 1, max: 70 }).chain(seconds => {
    const way = fc
      .array(fc.nat({ max: 400 }), { minLength: seconds, maxLength: seconds })
      .map(values => Uint32Array.from(values.toSorted((a, b) => a - b)))
    const race = fc.array(way, { minLength: 1, maxLength: 5 })
    return fc.record({ seconds: fc.constant(seconds), all: fc.array(race, { maxLength: 4 }) })
  })
  fc.assert(
    fc.property(races, ({ seconds, all }) => {
      const blocks = Array.from({ length: ghostBlocks(seconds) }, (): Spread[] => [])
      for (const race of all) {
        for (const [i, known] of blocks.entries()) blocks[i] = spread(known, race, i, width)
      }
      const kept = blocks.flat()
      expect(kept).toHaveLength(all.length ? seconds : 0)
      for (const [second, { first, counts }] of kept.entries()) {
        const bins = all.flat().map(way => Math.floor(way[second]! / width))
        const expected = Array.from(
          { length: Math.max(...bins) - Math.min(...bins) + 1 },
          (_, i) => bins.filter(bin => bin === Math.min(...bins) + i).length
        )
        expect({ first, counts }).toEqual({ first: Math.min(...bins), counts: expected })
      }
    })
  )
})

test('a performance beyond all bins is left out', () => {
  const inside = Uint32Array.of(1, GHOST_BINS * 50 - 1)
  const outside = Uint32Array.of(1, GHOST_BINS * 50)
  expect(within([inside, outside], 50)).toEqual([inside])
})

test('a way is stored and read back as it was', () => {
  const way = Uint32Array.of(0, 7, 7, 2 ** 32 - 1)
  expect(unpackSeries(packSeries(way))).toEqual([...way])
})
