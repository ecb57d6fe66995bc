import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Board, DeltaFrame, Row, SnapshotFrame } from '#contract'
import { apply, diff } from '#race/delta'
import { DISTANCE } from '../../stories/races.ts'

const RUNS = 500

const row = (bib: number): fc.Arbitrary<Row> =>
  fc.record({
    bib: fc.constant(bib),
    rank: fc.option(fc.nat({ max: 4 })),
    tied: fc.boolean(),
    status: fc.constantFrom('running', 'finished', 'dsq'),
    value: fc.option(fc.nat({ max: 3 })),
    at: fc.option(fc.nat({ max: 3 })),
    gap: fc.option(fc.nat({ max: 3 })),
    interval: fc.option(fc.nat({ max: 3 })),
    lapsDown: fc.nat({ max: 1 }),
    laps: fc.nat({ max: 2 }),
    last: fc.option(fc.record({ ms: fc.nat({ max: 2 }), valid: fc.boolean() }))
  })

const top = fc.shuffledSubarray([1, 2, 3, 4, 5, 6]).chain(bibs => fc.tuple(...bibs.map(row)))

const racer = fc.record({
  runId: fc.constantFrom('run-1', 'run-2'),
  bib: fc.nat({ max: 3 }),
  deviceId: fc.constantFrom('car-1', null),
  since: fc.nat({ max: 3 }),
  laps: fc.nat({ max: 2 }),
  last: fc.option(fc.record({ ms: fc.nat({ max: 2 }), valid: fc.boolean() })),
  best: fc.option(fc.nat({ max: 2 })),
  resets: fc.nat({ max: 2 }),
  allowedResets: fc.constantFrom(2, null),
  pausedAt: fc.option(fc.nat({ max: 2 })),
  pausedMs: fc.nat({ max: 2 }),
  runMs: fc.constantFrom(60_000, null)
})

const record = fc.record({
  bib: fc.nat({ max: 3 }),
  class: fc.constantFrom('', 'W'),
  value: fc.nat({ max: 3 }),
  before: fc.option(fc.nat({ max: 3 }))
})

const board = (version: number): fc.Arbitrary<Board> =>
  fc.record({
    raceId: fc.constant('evening-race'),
    version: fc.constant(version),
    name: fc.constantFrom('Evening race', 'Night race'),
    place: fc.constant('Hall 2'),
    event: fc.constantFrom('', 'Spring meeting'),
    sponsor: fc.constant('Tyres & Co'),
    format: fc.constant(DISTANCE),
    phase: fc.constantFrom('running', 'finishing'),
    validity: fc.constant('provisional'),
    startsAt: fc.option(fc.nat({ max: 2 })),
    endsAt: fc.option(fc.nat({ max: 2 })),
    phaseEndsAt: fc.option(fc.nat({ max: 2 })),
    window: fc.integer({ min: -1, max: 2 }),
    closedAt: fc.nat({ max: 9 }),
    competitors: fc.nat({ max: 9 }),
    folded: fc.nat({ max: 9 }),
    top,
    field: fc.option(fc.record({ from: fc.nat(), to: fc.nat(), bins: fc.array(fc.nat(3)) })),
    racing: fc.array(racer, { maxLength: 2 }),
    records: fc.array(record, { maxLength: 2 })
  })

const chain = fc.tuple(...Array.from({ length: 6 }, (_, i) => board(10 * (i + 1))))
const overTheWire = <T extends DeltaFrame | SnapshotFrame>(frame: T): T =>
  JSON.parse(JSON.stringify(frame))

describe('a delta', () => {
  it('leads from any board to any later one, over JSON', () => {
    fc.assert(
      fc.property(board(1), board(5), (base, next) => {
        expect(apply(base, overTheWire(diff(base, next)))).toEqual(next)
      }),
      { numRuns: RUNS }
    )
  })

  it('leads along a chain of boards to the last', () => {
    fc.assert(
      fc.property(chain, boards => {
        let screen: Board = boards[0]!
        for (const [i, next] of boards.slice(1).entries()) {
          const applied = apply(screen, overTheWire(diff(boards[i]!, next)))
          if (typeof applied === 'string') throw new Error(`missed: ${applied}`)
          screen = applied
        }
        expect(screen).toEqual(boards.at(-1))
      }),
      { numRuns: RUNS }
    )
  })

  it('that comes twice or late is old, one whose base was missed is a gap, and neither touches the board', () => {
    fc.assert(
      fc.property(chain, ([a, b, c]) => {
        const [first, second] = [diff(a!, b!), diff(b!, c!)]
        const before = structuredClone(b)
        expect(apply(b, first)).toBe('old')
        expect(apply(c, first)).toBe('old')
        expect(apply(a, second)).toBe('gap')
        expect(apply(undefined, second)).toBe('gap')
        expect(b).toEqual(before)
      }),
      { numRuns: RUNS }
    )
  })

  it('carries no row that did not change and no order that did not', () => {
    fc.assert(
      fc.property(board(1), base => {
        const frame = diff(base, { ...base, version: 2 })
        expect(frame).toEqual({ ...frame, head: {}, rows: [] })
        expect(frame).not.toHaveProperty('order')
      }),
      { numRuns: RUNS }
    )
  })
})

describe('a snapshot', () => {
  it('replaces any board that is not newer', () => {
    fc.assert(
      fc.property(board(1), board(2), (older, newer) => {
        expect(apply(undefined, { type: 'snapshot', board: older })).toEqual(older)
        expect(apply(older, { type: 'snapshot', board: newer })).toEqual(newer)
        expect(apply(newer, { type: 'snapshot', board: older })).toBe('old')
      }),
      { numRuns: RUNS }
    )
  })
})
