/** What one answer said of the server's clock: its time minus the page's steady clock, and how sure that is, both in ms. */
type Sample = { offset: number; roundTrip: number }

/** Samples of which the surest holds. */
const SAMPLES = 8
/** Differences beyond what the way explains: the machine slept, or the server's clock was set. In ms. */
const JUMP_MS = 250

/**
 * The server's time by a clock that nobody sets: `mono` counts ms since the page was opened. Until an answer tells the
 * server's time `guess` (ms since 1970) is it.
 */
export class ServerClock {
  readonly mono: () => number
  #offset: number
  #samples: Sample[] = []

  constructor(mono: () => number, guess: number) {
    this.mono = mono
    this.#offset = guess - mono()
  }

  /** The server's time now, or at an instant of the steady clock; whole ms since 1970. */
  at = (mono = this.mono()): number => Math.round(mono + this.#offset)

  /** An answer of `asOf` was asked for and came at these instants of the steady clock. */
  heard(asOf: number, askedAt: number, cameAt: number): void {
    const roundTrip = cameAt - askedAt
    const sample = { offset: asOf + roundTrip / 2 - cameAt, roundTrip }
    const apart = Math.abs(sample.offset - this.#offset)
    const known = this.#samples.length > 0
    if (known && apart > JUMP_MS + roundTrip) this.#samples = []
    this.#samples = [...this.#samples, sample].slice(-SAMPLES)
    const surest = this.#samples.reduce((a, b) => (b.roundTrip < a.roundTrip ? b : a))
    this.#offset = surest.offset
  }
}

/** Most by which an event may have waited for the page, in ms; more is a time by another clock. */
const WAITED_MS = 1_000

/** When a key or finger went down, by the page's steady clock: not when the page got to it. */
export function pressedAt({ timeStamp }: Pick<Event, 'timeStamp'>, now: number): number {
  return timeStamp <= now && now - timeStamp < WAITED_MS ? timeStamp : now
}
