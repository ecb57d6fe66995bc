import { messageOf } from '../errors.ts'
import { writeLog } from '../log.ts'
import { pause } from '../pause.ts'

/** Pause before work that failed as a whole is tried again, ms. */
const RETRY_DELAY_MS = 500

/**
 * Works off the inbox of each woken target, one piece at a time per target, targets in parallel.
 * `next` looks into the inbox and must not wait: between an empty look and the end of the pump
 * nothing can arrive unseen.
 */
export function createPump(next: (target: string) => (() => Promise<void>) | undefined) {
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()

  async function work(target: string) {
    await undefined // lets `wake` enter the target first
    for (;;) {
      const piece = stopping.signal.aborted ? undefined : next(target)
      if (!piece) break
      try {
        await piece()
      } catch (error) {
        writeLog('error', target, `${messageOf(error)}; tried again`)
        await pause(RETRY_DELAY_MS, stopping.signal)
      }
    }
    running.delete(target)
  }

  return {
    wake(target: string) {
      if (!running.has(target)) running.set(target, work(target))
    },
    /** Takes no new work and resolves when the running pieces have ended. */
    async stop() {
      stopping.abort()
      await Promise.all(running.values())
    }
  }
}
