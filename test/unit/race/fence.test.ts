import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { RideReading } from '#contract'
import { emptyColumns, packColumns, riders, unpackColumns } from '#race/columns'
import { emptyFences, FENCE_BACK, MAX_SESSIONS, pass } from '#race/fence'
import { rideBody } from '../../stories/hub.ts'

const RUNS = 300

const gate = () => {
  const fences = emptyFences()
  const columns = emptyColumns(4, false)
  return (bib: number, session: number, seq: number) => pass(fences, columns, bib, session, seq)
}

describe('the fence', () => {
  it('lets each reading pass once, however often and in whatever order it comes, 256 back', () => {
    const sent = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 600 })), {
      maxLength: 300
    })
    fc.assert(
      fc.property(sent, readings => {
        const through = gate()
        const seen = new Set<string>()
        const highest = new Map<number, number>()
        for (const [session, seq] of readings) {
          const high = highest.get(session) ?? -1
          const known = seen.has(`${session}/${seq}`)
          const forgotten = seq <= high - FENCE_BACK
          const expected = forgotten ? 'too-old' : known ? 'duplicate' : 'new'
          expect(through(1, session, seq)).toBe(expected)
          seen.add(`${session}/${seq}`)
          highest.set(session, Math.max(high, seq))
        }
      }),
      { numRuns: RUNS }
    )
  })

  it('lets a whole session of 256 readings pass exactly once in any order', () => {
    const all = Array.from({ length: FENCE_BACK }, (_, seq) => seq)
    const twice = fc.shuffledSubarray([...all, ...all], { minLength: 2 * FENCE_BACK })
    fc.assert(
      fc.property(twice, order => {
        const through = gate()
        const passed = order.filter(seq => through(1, 7, seq) === 'new')
        expect(passed.toSorted((a, b) => a - b)).toEqual(all)
      }),
      { numRuns: RUNS }
    )
  })

  it('keeps bibs and sessions apart', () => {
    const through = gate()
    expect(through(1, 5, 0)).toBe('new')
    expect(through(2, 5, 0)).toBe('new')
    expect(through(1, 6, 0)).toBe('new')
    expect(through(1, 5, 0)).toBe('duplicate')
    expect(through(1, 5, 1)).toBe('new')
  })

  it('refuses a session beyond the limit, whether it is newer or older, and goes on with the others', () => {
    const through = gate()
    for (let session = 1; session <= MAX_SESSIONS; session++) {
      expect(through(1, session * 10, 0)).toBe('new')
    }
    expect(through(1, 999, 0)).toBe('too-many-sessions')
    expect(through(1, 5, 0)).toBe('too-many-sessions')
    expect(through(1, 10, 1)).toBe('new')
    expect(through(1, MAX_SESSIONS * 10, 1)).toBe('new')
  })

  it('remembers no more than 256 holes however wildly a device counts', () => {
    const fences = emptyFences()
    const columns = emptyColumns(1, false)
    for (let seq = 0; seq < 100_000_000; seq += 999_983) pass(fences, columns, 1, 1, seq)
    expect(fences.holes.get(1)!.length).toBeLessThanOrEqual(FENCE_BACK)
  })

  it('lets the highest sequence number that the contract allows pass once, and does not forget its rider', () => {
    const fences = emptyFences()
    const columns = emptyColumns(1, false)
    const highest = 2 ** 32 - 1
    if (!v.is(RideReading, { ...rideBody(), seq: highest })) return
    expect(pass(fences, columns, 1, 1, highest)).toBe('new')
    expect(riders(unpackColumns(packColumns(columns), false))).toBe(1)
    expect(pass(fences, columns, 1, 1, highest)).toBe('duplicate')
  })
})
