/** A game's state is sent this often at most, a ride's reading this often, in ms. */
export const GAME_EVERY_MS = 300
export const RIDE_EVERY_MS = 1_000

/**
 * Gives on at most one value per `everyMs`, always the last: the first at once, what comes sooner waits, and of what waits
 * only the newest is given.
 */
export function createThrottle<T>(everyMs: number, give: (value: T) => void, now: () => number) {
  let waiting: { value: T } | undefined
  let givenAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (!waiting) return
    const { value } = waiting
    waiting = undefined
    givenAt = now()
    give(value)
  }

  return {
    offer(value: T): void {
      waiting = { value }
      const left = givenAt + everyMs - now()
      if (left <= 0) flush()
      else timer ??= setTimeout(flush, left)
    },
    /** Gives what waits, now: before the page goes and at the end. */
    flush
  }
}
