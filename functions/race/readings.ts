import type { DeadLetterReason } from '#contract'
import { withRoomFor } from './columns.ts'
import { pass } from './fence.ts'
import { reach } from './front.ts'
import { holdBack } from './heldValues.ts'
import { addsUp, type Figures, gapIsTime, worth } from './metric.ts'
import { isPlausible } from './plausibility.ts'
import type { RaceState } from './state.ts'
import { place, progress } from './window.ts'

/** A clock this far ahead of the hub's is wrong beyond use; less is clamped to the hub's. */
export const FUTURE_MS = 15 * 60_000
/** Readings of a metric that adds up may run this many ahead of the seconds raced. */
const OUTPUT_SLACK = 2

/** One reading of one rider, as the front door vouches for it. Instants in ms since 1970. */
export type Reading = {
  bib: number
  session: number
  seq: number
  /** By the rider's clock. */
  t: number
  /** By the hub. */
  enqueued: number
  figures: Figures
}
/** A reading that was not counted. Repetitions are no refusals. */
export type Refusal = { reading: Reading; reason: DeadLetterReason }

/**
 * Folds a batch of one partition into the race, in any order, any number of times; `now` in ms since 1970.
 * What is refused for its time does not enter the fence, so the answer never depends on what came before.
 */
export function foldReadings(
  state: RaceState,
  partition: string,
  batch: Reading[],
  now: number
): Refusal[] {
  const refusals: Refusal[] = []
  for (const reading of batch) {
    const reason = foldReading(state, partition, reading, now)
    if (reason) refusals.push({ reading, reason })
  }
  return refusals
}

function foldReading(
  state: RaceState,
  partition: string,
  reading: Reading,
  now: number
): DeadLetterReason | undefined {
  const { format, trials } = state.race
  const gain = worth(format, reading.figures)
  if (!gain) return 'wrong-format'
  const timing = timeOf(state, reading)
  if ('reason' in timing) return timing.reason
  const { at } = timing
  if (trials === 'one' && gain.trial > 0) return 'second-trial'
  if (addsUp(format) && reading.seq > Math.floor(at / 1_000) + OUTPUT_SLACK) return 'too-fast'
  state.columns = withRoomFor(state.columns, reading.bib, format.kind === 'game')
  const passage = pass(state.fences, state.columns, reading.bib, reading.session, reading.seq)
  progress(state.partitions, partition, at + state.startsAt!, now)
  if (passage === 'duplicate') return undefined
  if (passage !== 'new') return passage
  const reached = { ...gain, at, detailAt: at }
  if (isPlausible(format, reading.figures, at)) {
    place(state, reading.bib, reached)
    state.columns.count[reading.bib - 1] = state.columns.count[reading.bib - 1]! + 1
    if (gapIsTime(format)) state.front = reach(state.front, at, gain.value)
  } else holdBack(state.heldBack, reading.bib, reached)
  state.folded++
  state.dirty = true
  return undefined
}

/** When a reading was measured in ms since the start, clamped to the hub's clock; or why it does not count. */
function timeOf(state: RaceState, reading: Reading): { at: number } | { reason: DeadLetterReason } {
  const time = Math.min(reading.t, reading.enqueued)
  const begun = state.startsAt !== null && time >= state.startsAt
  if (state.phase === 'aborted' && (begun || state.startsAt === null)) return { reason: 'aborted' }
  if (state.startsAt === null) return { reason: 'before-start' }
  if (reading.t > reading.enqueued + FUTURE_MS) return { reason: 'from-the-future' }
  if (!begun) return { reason: 'before-start' }
  if (state.endsAt !== null) {
    if (time > state.endsAt) return { reason: 'after-end' }
    if (reading.enqueued > state.endsAt + state.race.timetable.backlogMs) {
      return { reason: 'too-late' }
    }
  }
  return { at: time - state.startsAt }
}
