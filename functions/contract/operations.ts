import * as v from 'valibot'
import { DeadLetterReason } from './deadLetter.ts'
import { Count, Instant, RaceId } from './ids.ts'
import { Phase } from './race.ts'

/** The unlisted race in which the synthetic rider measures. */
export const SYNTHETIC_RACE = 'synthetic-rider'

/** What the pipeline says of itself, every few seconds: the item `pulse` of the `operations` container. */
export const Pulse = v.object({
  at: Instant,
  /** By partition: events in it, and how many of them are not handed on yet. */
  partitions: v.array(v.object({ last: v.number(), behind: Count })),
  /** Races that live: windows closed, and readings and facts folded. */
  races: v.array(
    v.object({
      raceId: RaceId,
      phase: Phase,
      windows: Count,
      folded: Count,
      /** When its last board was closed; null before the first. */
      closedAt: v.nullable(Instant)
    })
  )
})
export type Pulse = v.InferOutput<typeof Pulse>

/** One measurement of the synthetic rider: from sending a reading to the frame that shows it, in ms; null where none came. */
export const Latency = v.object({ at: Instant, ms: v.nullable(Count) })
export type Latency = v.InferOutput<typeof Latency>

/** `GET /operations`: what an operator looks at. */
export const Operations = v.object({
  /** The server's clock. */
  asOf: Instant,
  /** Null before the pipeline has ever said anything. */
  pulse: v.nullable(Pulse),
  deadLetters: v.array(v.object({ reason: DeadLetterReason, count: Count, newestAt: Instant })),
  /** The last hour, oldest first. */
  latencies: v.array(Latency)
})
export type Operations = v.InferOutput<typeof Operations>
