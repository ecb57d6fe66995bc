/** Boots whose clocks are remembered. */
const BOOTS = 4

/** How one boot's clock runs beside the hub's. Plain data. */
export type CarClock = {
  boot: number
  /** Hub time less the car's clock, in ms: the smallest seen. */
  offset: number
  /** The latest reading: its sequence number and the car's clock there. */
  seq: number
  t: number
}

/** What a device measured in one boot; `enqueued` in ms since 1970. */
type Message = { boot: number; readings: { seq: number; t: number }[]; enqueued: number }

/**
 * Binds the clock of the request's boot by it; `enqueued` is hub time in ms since 1970. Returns all clocks, this one
 * last, and how far it is behind hub time by all that came so far: no reading arrives before it was measured, so the
 * smallest delay seen tells, and instants come out late by the fastest request's way, never early.
 * Only readings later than all before count: a repeated or late one tells nothing new.
 */
export function bindClock(
  clocks: CarClock[],
  { boot, readings, enqueued }: Message
): { clocks: CarClock[]; offset: number } {
  const fresh = { boot, offset: Number.POSITIVE_INFINITY, seq: -1, t: 0 }
  const clock = { ...(clocks.find(known => known.boot === boot) ?? fresh) }
  for (const { seq, t } of readings) {
    if (seq <= clock.seq) continue
    const delay = enqueued - t
    // A clock that was put back counts anew.
    clock.offset = t < clock.t ? delay : Math.min(clock.offset, delay)
    clock.seq = seq
    clock.t = t
  }
  const others = clocks.filter(known => known.boot !== boot)
  return { clocks: [...others, clock].slice(-BOOTS), offset: clock.offset }
}
