import { describe, expect, it } from 'vitest'
import type { Head, Row } from '#contract'
import { gapBetween, wayToCut, wayToNext } from '../../../web/mobile/gaps.ts'
import type { Held } from '../../../web/mobile/held.ts'
import { createWords } from '../../../web/words.ts'
import { rowOf, timeTrial } from '../../browser/boards.ts'

const words = createWords('en')
const placed = (rank: number, gap: number | null, more: Partial<Row> = {}): Row =>
  rowOf(rank, { rank, gap, value: 7_000 + (gap ?? 0), at: 1_000 * rank, ...more })

const holding = (rows: Row[], format: Head['format'] = { kind: 'fastestLap' }): Held => ({
  head: {
    ...timeTrial('final', 0),
    format,
    top: rows.slice(0, 20),
    competitors: rows.length,
    rankPages: [{ version: 1, slot: 0 }],
    bibPages: [],
    lapPages: []
  },
  directory: undefined,
  ranks: new Map([[0, { raceId: 'final', version: 1, page: 0, rows }]]),
  bibs: new Map(),
  laps: new Map()
})

describe('a gap between two', () => {
  it('is a time in lap races, the mean in those by average, points in games', () => {
    const [a, b] = [placed(9, 900), placed(4, 300)]
    const between = (format: Head['format']) => gapBetween(a, b, format, words)
    expect(between({ kind: 'fastestLap' })).toBe('+0.600')
    expect(between({ kind: 'averageLap', laps: 3 })).toBe('+0.200')
    expect(between({ kind: 'ride', metric: 'distance' })).toBe('+0.6')
    expect(between({ kind: 'ride', metric: 'output' })).toBe('−6')
    expect(between({ kind: 'game' })).toBe('−600')
    expect(gapBetween(b, a, { kind: 'fastestLap' }, words)).toBe('−0.600')
  })

  it('is whole laps first, and then the time to who is on the same lap', () => {
    const format = { kind: 'mostLaps' } as const
    const lead = placed(1, 0)
    const [second, third] = [2, 3].map(rank => placed(rank, null, { lapsDown: 1 }))
    expect(gapBetween(second ?? lead, lead, format, words)).toBe('+1 LAP')
    expect(gapBetween(lead, second ?? lead, format, words)).toBe('−1 LAP')
    expect(gapBetween(third ?? lead, second ?? lead, format, words)).toBe('+1.000')
  })

  it('is not told where it cannot be compared', () => {
    const format = { kind: 'ride', metric: 'distance' } as const
    expect(gapBetween(placed(2, null), placed(1, 0), format, words)).toBeUndefined()
    expect(gapBetween(rowOf(5), placed(1, 0), format, words)).toBeUndefined()
  })
})

describe('the way ahead', () => {
  const rows = [0, 10, 20, 20, 50].map((gap, i) => placed(i === 3 ? 3 : i + 1, gap, { bib: i + 1 }))

  it('is to the next better place, past all who share one’s own', () => {
    const held = holding(rows)
    expect(wayToNext(held, 5, words)).toEqual({ place: 3, missing: '0.030' })
    expect(wayToNext(held, 4, words)).toEqual({ place: 2, missing: '0.010' })
    expect(wayToNext(held, 1, words)).toBeUndefined()
    expect(wayToNext(held, 99, words)).toBeUndefined()
  })

  it('is also to the place that matters next: the screen, the podium, the lead', () => {
    const many = Array.from({ length: 40 }, (_, i) => placed(i + 1, i * 10))
    const held = holding(many)
    const cutOf = (rank: number) => {
      const mine = many[rank - 1] ?? rowOf(0)
      return wayToCut(held, mine, wayToNext(held, rank, words), words)
    }
    expect(cutOf(33)).toEqual({ place: 20, missing: '0.130' })
    expect(cutOf(20)).toEqual({ place: 3, missing: '0.170' })
    expect(cutOf(3)).toEqual({ place: 1, missing: '0.020' })
    expect([21, 4, 2, 1].map(cutOf)).toEqual([undefined, undefined, undefined, undefined])
  })
})
