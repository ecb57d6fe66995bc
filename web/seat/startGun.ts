import type { ServerClock } from './serverClock.ts'

/** Timers run late after long waits, and the clock becomes better meanwhile: the rest is looked at again so often, in ms. */
const STEP_MS = 250

/**
 * Calls `fire` once when the server's clock reaches the instant that is set: no socket, no frame and no answer is needed
 * at that moment. An instant that has passed already fires at once; another one, set before, takes its place.
 */
export function createStartGun(clock: Pick<ServerClock, 'now'>, fire: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let aim: number | undefined
  let fired = false

  const look = (): void => {
    clearTimeout(timer)
    if (aim === undefined || fired) return
    const left = aim - clock.now()
    if (left <= 0) {
      fired = true
      fire()
    } else timer = setTimeout(look, Math.min(left, STEP_MS))
  }

  return {
    /** The start as published, in ms since 1970 by the server; null while there is none. */
    set(startsAt: number | null): void {
      aim = startsAt ?? undefined
      look()
    },
    close(): void {
      aim = undefined
      clearTimeout(timer)
    }
  }
}
