import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classify } from '#race/classification'
import { foldFacts } from '#race/facts'
import { emptyFront, packFront, passing, reach, unpackFront } from '#race/front'
import { foldReadings } from '#race/readings'
import { closeAll } from '#race/window'
import { statusFact } from '../../stories/facts.ts'
import { aRace, DISTANCE, enter, GUN, running } from '../../stories/races.ts'
import { reading } from '../../stories/readings.ts'

const RUNS = 400
const points = fc.array(fc.record({ at: fc.nat({ max: 30_000 }), value: fc.nat({ max: 5_000 }) }), {
  minLength: 1,
  maxLength: 60
})

describe('the front of the field', () => {
  it('is the same whatever the order of the readings', () => {
    fc.assert(
      fc.property(
        points.chain(all =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))
        ),
        ([all, shuffled]) => {
          const front = (list: typeof all) =>
            list.reduce((known, { at, value }) => reach(known, at, value), emptyFront())
          expect(packFront(front(shuffled))).toBe(packFront(front(all)))
        }
      ),
      { numRuns: RUNS }
    )
  })

  it('passes values when a straight line between the best of each second does', () => {
    fc.assert(
      fc.property(points, fc.nat({ max: 6_000 }), (all, asked) => {
        const passed = passing(all.reduce((f, { at, value }) => reach(f, at, value), emptyFront()))
        const best = new Map<number, { at: number; value: number }>()
        for (const point of all) {
          const second = Math.floor(point.at / 1_000)
          const known = best.get(second) ?? { at: 0, value: -1 }
          const better =
            point.value > known.value || (point.value === known.value && point.at < known.at)
          if (better) best.set(second, point)
        }
        let a = { at: 0, value: 0 }
        let expected: number | undefined
        for (const b of [...best.values()].sort((x, y) => x.at - y.at)) {
          if (b.value <= a.value) continue
          if (asked >= a.value && asked < b.value) {
            expected = a.at + ((asked - a.value) * (b.at - a.at)) / (b.value - a.value)
          }
          a = b
        }
        expect(Math.abs(passed(asked) - (expected ?? a.at))).toBeLessThanOrEqual(0.5)
      }),
      { numRuns: RUNS }
    )
  })

  it('is packed, unpacked and packed again without a change', () => {
    fc.assert(
      fc.property(points, all => {
        const front = all.reduce((f, { at, value }) => reach(f, at, value), emptyFront())
        const once = packFront(front)
        expect(packFront(unpackFront(once))).toBe(once)
        expect(packFront(reach(unpackFront(once), 29_999, 9_999))).toBe(
          packFront(reach(front, 29_999, 9_999))
        )
      }),
      { numRuns: RUNS }
    )
  })
})

describe('the gaps of a ride', () => {
  const classified = (all: { bib: number; at: number; value: number }[]) => {
    const state = running(aRace(DISTANCE))
    all.forEach(({ bib, at, value }, seq) => {
      foldReadings(state, '0', [reading(DISTANCE, bib, at, value, { seq })], GUN + at)
    })
    enter(state, 'provisional')
    closeAll(state)
    return state
  }
  const field = fc.array(
    fc.record({
      bib: fc.integer({ min: 1, max: 8 }),
      at: fc.nat({ max: 20_000 }),
      value: fc.integer({ min: 1, max: 400 })
    }),
    { minLength: 1, maxLength: 80 }
  )

  it('are nothing for the leader and grow with the places', () => {
    fc.assert(
      fc.property(field, all => {
        const rows = classify(classified(all))
        expect(rows[0]!.gap).toBe(0)
        for (const row of rows.slice(1)) expect(row.interval).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: RUNS }
    )
  })

  it('are the time since the leader was there', () => {
    const ride = (bib: number, speed: number) =>
      Array.from({ length: 11 }, (_, i) => ({ bib, at: i * 1_000, value: i * speed }))
    const rows = classify(classified([...ride(1, 100), ...ride(2, 90), ...ride(3, 50)]))
    expect(rows.map(({ gap, interval }) => [gap, interval])).toEqual([
      [0, null],
      [1_000, 1_000],
      [5_000, 4_000]
    ])
  })

  it('are nothing for the leader while nobody has moved yet', () => {
    expect(classify(classified([{ bib: 1, at: 800, value: 0 }]))[0]).toMatchObject({ gap: 0 })
  })

  it('are nothing for who leads after the leader was disqualified', () => {
    const state = classified([
      { bib: 1, at: 10_000, value: 400 },
      { bib: 2, at: 10_000, value: 200 },
      { bib: 3, at: 10_000, value: 100 }
    ])
    foldFacts(state, [statusFact(1, 'dsq')])
    expect(classify(state)[0]).toMatchObject({ bib: 2, rank: 1, gap: 0 })
  })

  it('are nothing for the leader of a race that is longer than the front remembers', () => {
    const timetable = { ...aRace(DISTANCE).timetable, durationMs: 3 * 3_600_000 }
    const state = running(aRace(DISTANCE, { timetable }))
    const at = 2.5 * 3_600_000
    foldReadings(state, '0', [reading(DISTANCE, 1, at, 90_000_000)], GUN + at)
    closeAll(state)
    expect(classify(state)[0]).toMatchObject({ rank: 1, gap: 0 })
  })
})
