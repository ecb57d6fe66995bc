import fc from 'fast-check'
import type { Format } from '#contract'
import type { Figures } from '#race/metric'
import type { Reading } from '#race/readings'
import { DURATION_MS, GUN } from './races.ts'

/** What a reading says, by format: `value` is the race's metric. */
export const figures = (format: Format, value: number): Figures =>
  format.kind === 'game' ? played(value) : ridden(value)

/** A game's reading; without more each shot brought all that it can. */
export const played = (
  score: number,
  lives = 3,
  shots = Math.ceil(score / 300),
  level = 1,
  trial = 0
): Figures => ({
  kind: 'game',
  score,
  level,
  lives,
  shots,
  trial
})

const ridden = (value: number): Figures => ({
  kind: 'ride',
  distance: value,
  work: value,
  output: value
})

/** One rider's reading `ms` after the gun, at the hub `delay` ms later. */
export function reading(
  format: Format,
  bib: number,
  ms: number,
  value: number,
  { seq = Math.max(0, Math.floor(ms / 1_000)), session = 1, delay = 50 } = {}
): Reading {
  const t = GUN + ms
  return { bib, session, seq, t, enqueued: t + delay, figures: figures(format, value) }
}

/** How wrong a session's clock is, in ms: right, slow, ten minutes fast, beyond use. */
const CLOCKS = [0, 0, 0, -700, 600_000, 16 * 60_000]
/** How long its readings are on their way, in ms: at once, as usual, a 20 s gap, beyond the backlog. */
const DELAYS = [0, 40, 40, 900, 20_000, 45_000]

/** A phone's session: readings about once a second, some lost, from before the gun to after the flag. */
const session = (format: Format) =>
  fc
    .record({
      clock: fc.constantFrom(...CLOCKS),
      from: fc.integer({ min: -3_000, max: DURATION_MS }),
      readings: fc.array(
        fc.record({
          skip: fc.constantFrom(0, 0, 0, 0, 1, 5),
          step: fc.constantFrom(1_000, 1_000, 999, 400, 0),
          delay: fc.constantFrom(...DELAYS),
          figures: figuresOf(format)
        }),
        { maxLength: 24 }
      )
    })
    .map(({ clock, from, readings }) => {
      let seq = -1
      let measured = GUN + from
      return readings.map(one => {
        seq += 1 + one.skip
        measured += one.step
        return {
          seq,
          t: measured + clock,
          enqueued: measured + one.delay,
          figures: one.figures
        }
      })
    })

const figuresOf = (format: Format): fc.Arbitrary<Figures> =>
  format.kind === 'game'
    ? fc.record({
        kind: fc.constant('game' as const),
        score: fc.nat({ max: 6 }),
        level: fc.nat({ max: 2 }),
        lives: fc.nat({ max: 3 }),
        // A game without a shot, and one with more than there was time for, are held back.
        shots: fc.constantFrom(0, 1, 1, 2, 3, 300, 65_535),
        trial: fc.constantFrom(0, 0, 1, 2)
      })
    : fc
        .oneof(
          { weight: 12, arbitrary: fc.integer({ min: 1, max: 40 }) },
          // Almost too much after 20 s, and more than anybody rides: held back, unless readings add up.
          { weight: 1, arbitrary: fc.constantFrom(600_000, 3_000_000) }
        )
        .map(ridden)

/** Everything that a small field sends in a race: up to three sessions for each of up to six bibs. */
export const field = (format: Format): fc.Arbitrary<Reading[]> =>
  fc
    .array(fc.array(session(format), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 6
    })
    .map(bibs =>
      bibs.flatMap((sessions, i) =>
        sessions.flatMap((readings, number) =>
          readings.map(one => ({ bib: i + 1, session: 1_000 + number, ...one }))
        )
      )
    )

/** One signal to the race's entity. */
export type Delivery = { partition: string; batch: Reading[]; now: number; evicted: boolean }

/** The same readings as hub, host and clients may bring them: shuffled, repeated, cut into batches of any partition. */
export const deliveries = (readings: Reading[]): fc.Arbitrary<Delivery[]> =>
  fc
    .tuple(
      fc.shuffledSubarray(readings, { minLength: readings.length }),
      fc.shuffledSubarray(readings)
    )
    .chain(([all, again]) => {
      const sent = [...all, ...again]
      return fc
        .array(
          fc.record({
            size: fc.integer({ min: 1, max: 12 }),
            partition: fc.constantFrom('0', '1', '2'),
            now: fc.integer({ min: GUN - 1_000, max: GUN + DURATION_MS + 30_000 }),
            evicted: fc.boolean()
          }),
          { minLength: sent.length, maxLength: sent.length }
        )
        .map(cuts => {
          let from = 0
          return cuts
            .map(({ size, ...rest }) => {
              const batch = sent.slice(from, from + size)
              from += size
              return { ...rest, batch }
            })
            .filter(({ batch }) => batch.length)
        })
    })
