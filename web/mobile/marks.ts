import type { Head, LapLine } from '#contract'
import { lapMark, type Mark, resultMark } from '../marks.ts'
import type { Result } from './places.ts'

/** The event's best where that is a time, else a best of one's own that was driven just now. */
export function markOf(result: Result | undefined, format: Head['format']): Mark {
  const last = result?.row?.last
  return resultMark(result, format) ?? (last?.valid ? lapMark(last, result, format) : undefined)
}

/** A lap among all of its driver: the event's best, the driver's best, not valid, or none of these. */
export function ownLapMark(
  lap: LapLine,
  laps: readonly LapLine[],
  { format, top }: Pick<Head, 'format' | 'top'>
): Mark {
  const mark = lapMark(lap, top[0], format)
  if (mark) return mark
  return laps.some(other => other.valid && other.ms < lap.ms) ? undefined : 'pb'
}
