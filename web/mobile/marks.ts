import type { Head, LapLine } from '#contract'
import { isPersonalBest } from '../result.ts'
import type { Result } from './places.ts'

/** The mark of a result or lap, which is also the class of its colour; undefined for none. */
export type Mark = 'best' | 'pb' | 'invalid' | undefined

/** The event's best where that is a time, else a best of one's own that was driven just now. */
export function markOf(result: Result | undefined, format: Head['format']): Mark {
  const timed = format.kind === 'fastestLap' || format.kind === 'averageLap'
  if (timed && result?.rank === 1) return 'best'
  return result?.row && isPersonalBest(result.row, format) ? 'pb' : undefined
}

/** A lap among all of its driver: the event's best, the driver's best, not valid, or none of these. */
export function lapMark(
  lap: LapLine,
  laps: readonly LapLine[],
  { format, top }: Pick<Head, 'format' | 'top'>
): Mark {
  if (!lap.valid) return 'invalid'
  if (format.kind === 'fastestLap' && top.some(row => row.rank === 1 && row.value === lap.ms)) {
    return 'best'
  }
  return laps.some(other => other.valid && other.ms < lap.ms) ? undefined : 'pb'
}
