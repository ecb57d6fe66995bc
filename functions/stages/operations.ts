import type { DeadLetter, Latency, Operations, Pulse } from '#contract'
import { createFreshValue } from './freshValue.ts'

/** How old the answer may be, in ms: as often as there is a new pulse. */
const FRESH_MS = 5_000
/** Measurements of so long are shown, in ms. */
const SHOWN_MS = 3_600_000
/** Most dead letters that are counted: more is an emergency whatever the number. */
export const COUNTED_MAX = 20_000

type Letter = Pick<DeadLetter, 'reason' | 'enqueuedAt'>

/** What an operator's view is made of; each rejects when the service failed. */
export type OperationsPorts = {
  readPulse(): Promise<Pulse | undefined>
  /** Measurements since an instant, in any order. */
  readLatencies(since: number): Promise<Latency[]>
  /** All dead letters, page by page, in any order. */
  readDeadLetters(): AsyncIterable<Letter[]>
  now(): number
  warn(message: string): void
}

/** Answers `GET /operations`, for however many operators look at once. */
export function createOperations(ports: OperationsPorts): () => Promise<Operations> {
  const fresh = { freshMs: FRESH_MS, kept: 1, now: ports.now }
  const seen = createFreshValue(fresh, async (): Promise<Operations> => {
    const asOf = ports.now()
    const [pulse, deadLetters, latencies] = await Promise.all([
      ports.readPulse(),
      byReason(ports),
      ports.readLatencies(asOf - SHOWN_MS)
    ])
    return {
      asOf,
      pulse: pulse ?? null,
      deadLetters,
      latencies: latencies.sort((a, b) => a.at - b.at)
    }
  })
  return () => seen.get('')
}

/** The most frequent reason first. */
async function byReason(ports: OperationsPorts): Promise<Operations['deadLetters']> {
  const reasons = new Map<Letter['reason'], { count: number; newestAt: number }>()
  let counted = 0
  for await (const letters of ports.readDeadLetters()) {
    for (const { reason, enqueuedAt } of letters) {
      const { count, newestAt } = reasons.get(reason) ?? { count: 0, newestAt: 0 }
      reasons.set(reason, { count: count + 1, newestAt: Math.max(newestAt, enqueuedAt) })
    }
    counted += letters.length
    if (counted < COUNTED_MAX) continue
    ports.warn(`of the dead letters only ${counted} were counted`)
    break
  }
  return [...reasons]
    .map(([reason, told]) => ({ reason, ...told }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}
