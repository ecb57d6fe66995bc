import { ApiError } from '../call.ts'

/** From one answer to the next question, in ms: phones spread themselves over the difference. */
const POLL_MS = [3_000, 5_000] as const
/** After failures in a row the wait doubles up to this, in ms. */
const BACKOFF_MAX_MS = 60_000

/** A round that was of no use is repeated after this, in ms; twice as late the next time, and never later than usual. */
const SOON_MS = 1_000

/** What follows a round: the next one as usual or earlier, or `done` when nothing more is to be expected. */
export type Next = 'again' | 'soon' | 'done'

/** How long to wait, in ms, after so many failures in a row and what the service asked for. `random` is in [0, 1). */
export function waitMs(
  failures: number,
  retryAfterMs: number,
  random: number,
  [least, most]: readonly [number, number] = POLL_MS
): number {
  const times = 2 ** Math.max(0, failures - 1)
  // Spread widens with the wait: whoever was told the same time must not come back in the same moment.
  const wait = Math.min(BACKOFF_MAX_MS, (least + (most - least) * random) * times)
  return retryAfterMs > wait ? retryAfterMs + (most - least) * random : wait
}

type PollOptions = {
  /** One round. Throws when the service failed. */
  ask(): Promise<Next>
  failed(error: unknown): void
  /** The page, which tells whether anyone looks. */
  page: Document
  /** Told when the link is back. */
  link: EventTarget
  random(): number
  /** From one answer to the next question, in ms, where it is not as on phones. */
  everyMs?(): readonly [least: number, most: number]
}

/** Asks again and again while the page is visible, and at once when it becomes visible or the link is back. */
export function startPolling(options: PollOptions): { close(): void } {
  const { ask, failed, page, link, random } = options
  let failures = 0
  let vain = 0
  let notBefore = 0
  let asking = false
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = async (): Promise<void> => {
    clearTimeout(timer)
    if (asking || closed || page.visibilityState === 'hidden') return
    asking = true
    let retryAfterMs = 0
    let next: Next = 'again'
    try {
      next = await ask()
      failures = 0
    } catch (error) {
      failures += 1
      if (error instanceof ApiError) retryAfterMs = error.retryAfterMs
      if (!closed) failed(error)
    }
    asking = false
    const wait = waitMs(failures, retryAfterMs, random(), options.everyMs?.())
    notBefore = performance.now() + (retryAfterMs > 0 ? wait : 0)
    vain = next === 'soon' ? vain + 1 : 0
    const soon = vain > 0 ? SOON_MS * 2 ** (vain - 1) : wait
    if (next !== 'done' && !closed) wake(Math.min(wait, soon))
  }

  const wake = (wait: number): void => {
    clearTimeout(timer)
    if (page.visibilityState === 'visible') timer = setTimeout(look, wait)
  }

  /** Whoever comes back wants to see the present; only the service's own wish goes before. */
  const now = (): void => wake(Math.max(0, notBefore - performance.now()))

  page.addEventListener('visibilitychange', now)
  link.addEventListener('online', now)
  look()

  return {
    close() {
      closed = true
      clearTimeout(timer)
      page.removeEventListener('visibilitychange', now)
      link.removeEventListener('online', now)
    }
  }
}
