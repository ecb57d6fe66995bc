import { BATCH_MAX_READINGS } from '#contract'
import { type Answer, isDone, isPassing, refusal } from './door.ts'
import { pause, retryWait } from './pause.ts'
import type { Random } from './random.ts'

/** What one device has still to send. */
export type Outbox<T> = {
  put(...readings: T[]): void
  /** Resolves when everything put so far has its answer, or at the signal; what is left then is returned. */
  settle(): Promise<T[]>
}

/**
 * Sends readings in their order, one request at a time: what has waited goes first, up to
 * `BATCH_MAX_READINGS` in one request, and a request that may yet succeed is repeated before anything newer.
 */
export function createOutbox<T>(options: {
  send(batch: T[]): Promise<Answer>
  acknowledged(batch: T[]): void
  refused(batch: T[], reason: string): void
  random: Random
  signal: AbortSignal
}): Outbox<T> {
  const { signal } = options
  const waiting: T[] = []
  let pumping: Promise<void> | undefined

  const pump = async () => {
    let attempt = 0
    while (waiting.length > 0 && !signal.aborted) {
      const batch = waiting.slice(0, BATCH_MAX_READINGS)
      const answer = await options.send(batch)
      if (isPassing(answer)) {
        await pause(answer.retryAfterMs ?? retryWait(attempt, options.random), signal)
        attempt++
        continue
      }
      attempt = 0
      waiting.splice(0, batch.length)
      if (isDone(answer)) options.acknowledged(batch)
      else options.refused(batch, refusal(answer))
    }
    pumping = undefined
  }
  return {
    put(...readings) {
      waiting.push(...readings)
      // A pump with something to send has a request to wait for, so it never ends before this line.
      if (waiting.length > 0 && !signal.aborted) pumping ??= pump()
    },
    async settle() {
      while (pumping) await pumping
      return waiting
    }
  }
}
