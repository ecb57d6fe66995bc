import type { Board, Racing } from '#contract'
import { isSameLap } from './changes.ts'
import { isFinal } from './currentRace.ts'

/** A run that has ended: who drove, its laps, valid or not, and its best valid one in ms. */
export type Finisher = Pick<Racing, 'runId' | 'bib' | 'laps' | 'best'>

/**
 * The runs that a board has no longer on the track, the longest there first. A lap that came in with the run's end
 * is counted. Nobody has finished just now in a race that is over for good, nor who was taken off the race.
 */
export function finishersBetween(before: Board, after: Board): Finisher[] {
  if (isFinal(after.phase)) return []
  const racing = new Set(after.racing.map(run => run.runId))
  const rowOf = (board: Board, bib: number) => board.top.find(row => row.bib === bib)
  const isWhole = after.top.length >= after.competitors
  return before.racing
    .filter(({ runId, bib }) => !racing.has(runId) && (!isWhole || rowOf(after, bib)))
    .map(({ runId, bib, laps, best }) => {
      const [old, row] = [rowOf(before, bib), rowOf(after, bib)]
      const last = old && row && !isSameLap(old, row) ? row.last : null
      if (!last) return { runId, bib, laps, best }
      const better = last.valid ? Math.min(best ?? last.ms, last.ms) : best
      return { runId, bib, laps: laps + 1, best: better }
    })
}
