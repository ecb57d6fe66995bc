import { setTimeout as delay } from 'node:timers/promises'

/** Waits `ms`, or until the signal is aborted, whichever comes first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(0, ms), undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** First wait before trying again, and the longest, in ms. */
const RETRY_MS = 250
const RETRY_MAX_MS = 4_000

/** The wait after failed attempt `attempt` (from 0), ms: doubling, and spread so that a field does not return as one. */
export const retryWait = (attempt: number, random: () => number): number =>
  Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** attempt) * (0.5 + random() / 2)

/** Repeats an action until it succeeds, telling `log` why it did not; undefined at the signal. */
export async function persist<T>(
  action: () => Promise<T>,
  options: { what: string; log: (line: object) => void; signal: AbortSignal }
): Promise<T | undefined> {
  for (let attempt = 0; !options.signal.aborted; attempt++) {
    try {
      return await action()
    } catch (error) {
      options.log({ event: 'trying again', what: options.what, why: String(error) })
      await pause(
        retryWait(attempt, () => 1),
        options.signal
      )
    }
  }
  return undefined
}
