/** One question for the server's time: asked and answered by the page's clock, in ms. */
export type Probe = { askedAt: number; cameAt: number; serverNow: number }
/** Server time minus the page's, and how far that can be off, in ms. */
export type Offset = { offset: number; error: number }

/** Servers tell whole milliseconds: what they say is up to this much less than it was. */
const ROUNDED_MS = 1
/** Clocks of phones and servers part by this much per ms at most. */
const DRIFT = 1e-4

/**
 * What probes say of the server's clock. The answer was written between question and arrival, so each probe bounds the
 * offset from both sides; the shorter the way there the better the one bound, the shorter the way back the other, and the
 * bounds of all hold together. Where they contradict one another a clock was set: then the shortest round trip is right.
 */
export function offsetOf(probes: readonly Probe[]): Offset {
  const newest = Math.max(...probes.map(({ cameAt }) => cameAt))
  const bounds = probes.map(({ askedAt, cameAt, serverNow }) => {
    const drift = (newest - cameAt) * DRIFT
    return { least: serverNow - cameAt - drift, most: serverNow + ROUNDED_MS - askedAt + drift }
  })
  const least = Math.max(...bounds.map(bound => bound.least))
  const most = Math.min(...bounds.map(bound => bound.most))
  if (least <= most) return { offset: (least + most) / 2, error: (most - least) / 2 }
  const [shortest] = bounds.sort((a, b) => a.most - a.least - (b.most - b.least))
  if (!shortest) return { offset: 0, error: Number.POSITIVE_INFINITY }
  return {
    offset: (shortest.least + shortest.most) / 2,
    error: (shortest.most - shortest.least) / 2
  }
}

/** A round of probes ends when the clock is known this well, in ms: then no two pages start more than twice that apart. */
export const GOOD_MS = 12
/** Probes of one round: at least, and at most where the ways are long. */
const PROBES_MIN = 3
const PROBES_MAX = 20
/** Between two probes of a round, and from one round to the next, in ms. */
const BETWEEN_MS = 100
const AGAIN_MS = 60_000
/** After a round that has left the clock worse than good, or without any answer, the next one comes this soon, in ms. */
const SOON_MS = 3_000
/** Probes that are remembered. */
const REMEMBERED = 24

/** The server's clock as the page knows it. */
export type ServerClock = {
  /** The server's time, in ms since 1970; the page's own before the first answer. */
  now(): number
  /** How far `now` can be off, in ms; infinite before the first answer. */
  error(): number
  /** Whether it is known at all. */
  isSet(): boolean
  /** Another request told the server's time: `askedAt` by the page's clock, in ms. */
  heard(askedAt: number, serverNow: number): void
  /** Asks now, as after a sleep; calls while a round is under way share it. */
  probe(): Promise<void>
  close(): void
}

type ClockOptions = {
  /** The server's time, in ms since 1970; throws where nobody answers. */
  ask(): Promise<number>
  /** The page's clock, in ms: one that nobody sets, as `performance.timeOrigin + performance.now()`. */
  now(): number
  /** Something has become known. */
  changed?(): void
}

/** Sets a clock by several probes at once, and by a new round every minute. */
export function openServerClock({ ask, now, changed }: ClockOptions): ServerClock {
  let probes: Probe[] = []
  let known: Offset = { offset: 0, error: Number.POSITIVE_INFINITY }
  let round: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const learn = (probe: Probe): void => {
    // Only the newest can tell that a clock was set.
    const next = offsetOf([probe])
    const jumped = Math.abs(next.offset - known.offset) > next.error + known.error + SOON_MS * DRIFT
    probes = jumped && probes.length > 0 ? [probe] : [...probes, probe].slice(-REMEMBERED)
    known = offsetOf(probes)
    changed?.()
  }

  const run = async (): Promise<void> => {
    clearTimeout(timer)
    let answers = 0
    for (let asked = 0; asked < PROBES_MAX && !closed; asked++) {
      if (answers >= PROBES_MIN && known.error <= GOOD_MS) break
      if (asked > 0) await new Promise(resolve => setTimeout(resolve, BETWEEN_MS))
      try {
        const askedAt = now()
        const serverNow = await ask()
        if (closed) return
        learn({ askedAt, cameAt: now(), serverNow })
        answers += 1
      } catch {
        // Whoever has no network has the clock of before; the next round asks again.
        if (answers === 0) break
      }
    }
    if (!closed) timer = setTimeout(clock.probe, known.error <= GOOD_MS ? AGAIN_MS : SOON_MS)
  }

  const clock: ServerClock = {
    now: () => now() + known.offset,
    error: () => known.error,
    isSet: () => probes.length > 0,
    heard: (askedAt, serverNow) => learn({ askedAt, cameAt: now(), serverNow }),
    probe() {
      round ??= run().finally(() => {
        round = undefined
      })
      return round
    },
    close() {
      closed = true
      clearTimeout(timer)
    }
  }
  clock.probe()
  return clock
}
