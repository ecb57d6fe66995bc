import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Race } from '#contract'
import { classify } from '#race/classification'
import { foldReadings } from '#race/readings'
import type { RaceState } from '#race/state'
import { openState } from '#race/state'
import {
  closable,
  closeWindows,
  GRACE_MS,
  IDLE_MS,
  MAX_LAG_MS,
  progress,
  WINDOW_MS,
  watermark
} from '#race/window'
import { aRace, DISTANCE, DURATION_MS, FLAG, GUN, OUTPUT, running } from '../../stories/races.ts'
import { reading } from '../../stories/readings.ts'

const RUNS = 400

const heard = fc.array(
  fc.record({
    partition: fc.constantFrom('0', '1', '2', '3'),
    time: fc.integer({ min: GUN, max: FLAG }),
    seen: fc.integer({ min: GUN, max: FLAG + 5_000 })
  }),
  { maxLength: 12 }
)

/** Closes what may close at `now` and gives bib → value of the board. */
const boardAt = (state: RaceState, now: number) => {
  closeWindows(state, closable(state, watermark(state.partitions, now)))
  return Object.fromEntries(classify(state).map(({ bib, value }) => [bib, value]))
}

describe('the watermark', () => {
  it('never closes a window that an active partition has not passed by the grace, unless the lag says so', () => {
    fc.assert(
      fc.property(heard, fc.integer({ min: GUN, max: FLAG + 10_000 }), (events, now) => {
        const state = running(aRace(DISTANCE))
        for (const { partition, time, seen } of events.toSorted((a, b) => a.seen - b.seen)) {
          if (seen <= now) progress(state.partitions, partition, Math.min(time, seen), seen)
        }
        const window = closable(state, watermark(state.partitions, now))
        const mustHavePassed = GUN + (window + 1) * WINDOW_MS + GRACE_MS
        if (window < 0 || mustHavePassed <= now - MAX_LAG_MS) return
        for (const { time, seen } of state.partitions.values()) {
          if (now - seen <= IDLE_MS) expect(time).toBeGreaterThanOrEqual(mustHavePassed)
        }
        expect(mustHavePassed).toBeLessThanOrEqual(now)
      }),
      { numRuns: RUNS }
    )
  })

  it('lets nothing wait for ever: a window is closed five seconds and its grace after its end', () => {
    fc.assert(
      fc.property(heard, fc.nat({ max: DURATION_MS / WINDOW_MS - 1 }), (events, window) => {
        const state = running(aRace(DISTANCE))
        const now = GUN + (window + 1) * WINDOW_MS + GRACE_MS + MAX_LAG_MS
        for (const { partition, time } of events) {
          progress(state.partitions, partition, Math.min(time, now), now)
        }
        expect(closable(state, watermark(state.partitions, now))).toBeGreaterThanOrEqual(window)
      }),
      { numRuns: RUNS }
    )
  })

  it('waits a second and the grace when nobody sends, and forgets a partition that is silent for a second', () => {
    const state = running(aRace(DISTANCE))
    const end = GUN + WINDOW_MS + GRACE_MS
    expect(closable(state, watermark(state.partitions, end + IDLE_MS - 1))).toBe(-1)
    expect(closable(state, watermark(state.partitions, end + IDLE_MS))).toBe(0)
    progress(state.partitions, 'slow', GUN + 900, GUN + 1_000)
    progress(state.partitions, 'quick', GUN + 2_200, GUN + 2_000)
    expect(closable(state, watermark(state.partitions, GUN + 2_000))).toBe(-1)
    expect(closable(state, watermark(state.partitions, GUN + 2_001))).toBe(0)
  })

  it("closes nobody's window for a clock that is ten minutes fast", () => {
    const state = running(aRace(DISTANCE))
    const slow = reading(DISTANCE, 1, 400, 3_000)
    const fast = { ...reading(DISTANCE, 2, 500, 4_000), t: GUN + 600_500 }
    foldReadings(state, 'a', [slow], GUN + 600)
    foldReadings(state, 'b', [fast], GUN + 600)
    expect(closable(state, watermark(state.partitions, GUN + 1_250))).toBe(-1)
  })

  it('closes no window before the gun is known and none beyond the last of the race', () => {
    const { startsAt: _, ...timetable } = aRace(DISTANCE).timetable
    const unplanned = openState(aRace(DISTANCE, { timetable }))
    expect(closable(unplanned, GUN + 100_000)).toBe(-1)
    const planned = running(aRace(DISTANCE))
    expect(closable(planned, FLAG + 100_000)).toBe(DURATION_MS / WINDOW_MS - 1)
  })
})

describe('a live board', () => {
  /** Rides at one reading a second, 100 ms and 700 ms into it; windows close as the second rider's readings allow. */
  function ride(race: Race): (ReturnType<typeof boardAt> & { window: number })[] {
    const state = running(race)
    const boards: ReturnType<typeof ride> = []
    for (let second = 0; second < 8; second++) {
      for (const [bib, into] of [
        [1, 100],
        [2, 700]
      ] as const) {
        const at = second * 1_000 + into
        foldReadings(state, '0', [reading(race.format, bib, at, 10 + second)], GUN + at + 50)
        const before = state.window
        const board = boardAt(state, GUN + at + 60)
        if (state.window > before) boards.push({ ...board, window: state.window })
      }
    }
    return boards
  }

  it('shows every rider by the window that has just closed, early or late in the second', () => {
    expect(ride(aRace(DISTANCE))).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map(window => ({ 1: 10 + window, 2: 10 + window, window }))
    )
  })

  it('adds every rider up to the window that has just closed, early or late in the second', () => {
    const sums = [10, 21, 33, 46, 60, 75, 91]
    expect(ride(aRace(OUTPUT))).toEqual(sums.map((sum, window) => ({ 1: sum, 2: sum, window })))
  })

  it('shows a late reading with the next close', () => {
    const state = running(aRace(DISTANCE))
    foldReadings(state, '0', [reading(DISTANCE, 1, 500, 10)], GUN + 600)
    expect(boardAt(state, GUN + 3_000)).toEqual({ 1: 10 })
    foldReadings(state, '0', [reading(DISTANCE, 2, 600, 20, { delay: 2_500 })], GUN + 3_100)
    expect(boardAt(state, GUN + 4_100)).toEqual({ 1: 10, 2: 20 })
  })

  it('shows nothing of a window that is still open', () => {
    const state = running(aRace(DISTANCE))
    foldReadings(state, '0', [reading(DISTANCE, 1, 500, 10)], GUN + 600)
    expect(boardAt(state, GUN + 1_249)).toEqual({ 1: null })
  })
})
