import type { AppFunction } from '../core.ts'
import { messageOf } from '../errors.ts'
import { type Invocation, type Invoke, logFailure, type RetryContext } from '../invoke.ts'
import { pause } from '../pause.ts'

/**
 * Invokes `fn` with one batch as often as its retry policy says, without end for -1. A batch that
 * fails for good is lost, as in the service: the caller moves on. Resolves to false if `signal`
 * aborted, when the caller must not record progress, so that the batch comes again.
 */
export async function invokeWithRetry(
  fn: AppFunction,
  invoke: Invoke,
  invocation: Invocation,
  signal: AbortSignal
): Promise<boolean> {
  const policy = fn.metadata.retryOptions
  const maxRetryCount = policy?.maxRetryCount ?? 0
  let retryContext: RetryContext | undefined
  for (let retryCount = 1; !signal.aborted; retryCount++) {
    try {
      await invoke(fn, retryContext ? { ...invocation, retryContext } : invocation)
      return !signal.aborted
    } catch (error) {
      logFailure(fn, error)
      if (!policy || (maxRetryCount !== -1 && retryCount > maxRetryCount)) return !signal.aborted
      retryContext = { retryCount, maxRetryCount, exception: { message: messageOf(error) } }
    }
    const fixed = policy.delayInterval?.seconds ?? policy.minimumInterval?.seconds ?? 0
    const longest = policy.maximumInterval?.seconds ?? Number.POSITIVE_INFINITY
    const seconds =
      policy.retryStrategy === 'fixedDelay'
        ? fixed
        : Math.min(fixed * 2 ** (retryCount - 1), longest)
    await pause(seconds * 1000, signal)
  }
  return false
}
