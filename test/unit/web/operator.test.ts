import { expect, test } from 'vitest'
import { DeadLetterReason, type Latency, type Operations } from '#contract'
import { ApiError } from '../../../web/call.ts'
import { Measuring } from '../../../web/officials/operator/measuring.svelte.ts'
import { OperationsView } from '../../../web/officials/operator/operationsView.svelte.ts'
import { percentile } from '../../../web/officials/operator/percentile.ts'
import { REASON_WORDS } from '../../../web/officials/operator/reasonWords.ts'

const times = (...list: (number | null)[]): Latency[] => list.map((ms, at) => ({ at, ms }))

test('a share of measurements came within a time, and what never came is slower than all', () => {
  const hundred = times(...Array.from({ length: 100 }, (_, n) => 100 - n))
  expect([percentile(hundred, 0.5), percentile(hundred, 0.99)]).toEqual([50, 99])
  expect(percentile(times(7), 0.99)).toBe(7)
  expect(percentile(times(null, 5, 9), 0.5)).toBe(9)
  expect(percentile(times(null, 5, 9), 0.99)).toBeNull()
  expect(percentile([], 0.5)).toBeUndefined()
})

test('every reason of a dead letter has words', () => {
  expect(Object.keys(REASON_WORDS).sort()).toEqual([...DeadLetterReason.options].sort())
})

/** A view whose clock and pipeline a story turns. */
function page(operations: Operations) {
  const clock = { now: 1_000_000, fails: false }
  const view = new OperationsView({
    async read() {
      if (clock.fails) throw new ApiError(0, 'no link')
      return operations
    },
    now: () => clock.now,
    report: () => undefined
  })
  const later = (ms: number) => {
    clock.now += ms
    view.tick()
  }
  return { view, clock, later }
}
const pulse = { at: 5_000, partitions: [], races: [] }

test('the pulse ages from what the server said, and a late one dims the page', async () => {
  const { view, later } = page({ asOf: 7_000, pulse, deadLetters: [], latencies: [] })
  await view.refresh()
  expect([view.pulseAge, view.staleness, view.isLate]).toEqual([2_000, 0, false])
  later(4_000)
  expect([view.pulseAge, view.staleness]).toEqual([6_000, 0])
  later(9_000)
  expect([view.pulseAge, view.isLate, view.staleness]).toEqual([15_000, true, 2])
})

test('a lost link dims the page by the age of what is shown', async () => {
  const { view, clock, later } = page({ asOf: 0, pulse: null, deadLetters: [], latencies: [] })
  await view.refresh()
  expect([view.pulseAge, view.isLost]).toEqual([undefined, false])
  clock.fails = true
  later(6_000)
  await view.refresh()
  expect([view.isLost, view.staleness]).toEqual([true, 1])
})

function race(answers: Partial<Record<string, (number | undefined)[]>> = {}) {
  const asked: string[] = []
  const answer = async (what: string) => {
    asked.push(what)
    const status = answers[what]?.shift()
    if (status) throw new ApiError(status, what)
  }
  const measuring = new Measuring({
    office: {
      race: async () => {
        await answer('race')
        return { phase: 'running' } as never
      },
      create: async () => (await answer('create')) as never,
      step: async (_, step) => (await answer(step)) as never
    },
    wait: async () => undefined
  })
  return { measuring, asked }
}

test('measuring begins with a race that is made, opened, and started once it is open', async () => {
  const { measuring, asked } = race({ start: [409, 409, undefined] })
  await measuring.start()
  expect(asked).toEqual(['create', 'open', 'start', 'start', 'start', 'race'])
  expect([measuring.phase, measuring.refusal]).toEqual(['running', undefined])
})

test('a refusal is told, and a race that was never made is known as such', async () => {
  const { measuring } = race({ open: [403], race: [404] })
  await measuring.start()
  expect(measuring.phase).toBe('none')
  expect(measuring.refusal).toBe('open')
})
