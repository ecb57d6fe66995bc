import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../../web/call.ts'
import { type Next, startPolling, waitMs } from '../../../web/mobile/poll.ts'

const random = fc.double({ min: 0, max: 0.999, noNaN: true })

describe('the wait from one poll to the next', () => {
  it('is three to five seconds while all is well and after one failure', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1), random, (failures, chance) => {
        expect(waitMs(failures, 0, chance)).toBeGreaterThanOrEqual(3_000)
        expect(waitMs(failures, 0, chance)).toBeLessThan(5_000)
      })
    )
  })

  it('grows with failures up to a minute, and is never shorter than the service asks for', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(300_000), random, (failures, retryAfterMs, chance) => {
        const wait = waitMs(failures, retryAfterMs, chance)
        expect(wait).toBeGreaterThanOrEqual(retryAfterMs)
        expect(wait).toBeLessThanOrEqual(Math.max(60_000, retryAfterMs + 2_000))
        expect(waitMs(failures + 1, 0, chance)).toBeGreaterThanOrEqual(waitMs(failures, 0, chance))
      })
    )
  })

  it('is not the same for two phones that were told the same', () => {
    expect(waitMs(1, 30_000, 0.1)).not.toBe(waitMs(1, 30_000, 0.9))
  })
})

describe('a page that polls', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const start = (answer: () => Next) => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    const link = new EventTarget()
    const failed: unknown[] = []
    let asked = 0
    const polling = startPolling({
      ask: async () => {
        asked += 1
        return answer()
      },
      failed: error => failed.push(error),
      page: page as unknown as Document,
      link,
      random: () => 0.5
    })
    const show = (visibilityState: string) => {
      page.visibilityState = visibilityState
      page.dispatchEvent(new Event('visibilitychange'))
    }
    return { polling, show, link, failed, asked: () => asked }
  }

  it('asks every four seconds in the mean, and stops when nothing more is to be expected', async () => {
    let next: Next = 'again'
    const { polling, asked } = start(() => next)
    await vi.advanceTimersByTimeAsync(40_000)
    expect(asked()).toBe(11)
    next = 'done'
    await vi.advanceTimersByTimeAsync(40_000)
    expect(asked()).toBe(12)
    polling.close()
  })

  it('asks again soon where an answer was behind, later each time and never later than usual', async () => {
    let next: Next = 'soon'
    const asked: number[] = []
    const { polling } = start(() => {
      asked.push(performance.now())
      return next
    })
    await vi.advanceTimersByTimeAsync(16_000)
    const waits = asked.slice(1).map((at, i) => at - (asked[i] ?? 0))
    expect(waits).toEqual([1_000, 2_000, 4_000, 4_000, 4_000])
    next = 'again'
    await vi.advanceTimersByTimeAsync(4_000)
    next = 'soon'
    await vi.advanceTimersByTimeAsync(5_000)
    expect(asked.slice(6).map((at, i) => at - (asked[i + 5] ?? 0))).toEqual([4_000, 4_000, 1_000])
    polling.close()
  })

  it('asks nothing while hidden, and at once when it is looked at or the link is back', async () => {
    const { polling, show, link, asked } = start(() => 'again')
    await vi.advanceTimersByTimeAsync(1)
    show('hidden')
    await vi.advanceTimersByTimeAsync(600_000)
    expect(asked()).toBe(1)
    show('visible')
    await vi.advanceTimersByTimeAsync(1)
    expect(asked()).toBe(2)
    link.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(1)
    expect(asked()).toBe(3)
    polling.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked()).toBe(3)
  })

  it('leaves the service alone for as long as it asks, whoever looks', async () => {
    let refused = true
    const { polling, show, failed, asked } = start(() => {
      if (refused) throw new ApiError(503, 'busy', 30_000)
      return 'again'
    })
    await vi.advanceTimersByTimeAsync(1)
    refused = false
    show('hidden')
    show('visible')
    await vi.advanceTimersByTimeAsync(29_000)
    expect([asked(), failed.length]).toEqual([1, 1])
    await vi.advanceTimersByTimeAsync(3_000)
    expect(asked()).toBe(2)
    polling.close()
  })
})
