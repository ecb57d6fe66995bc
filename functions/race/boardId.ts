import type { BoardId, Race } from '#contract'

const SECOND_MS = 1_000

/**
 * The board that results of a race compare on; undefined where nothing does: a race counted in time whose time was not
 * stated beforehand, or is no whole number of seconds. Who asks for a race that ended early or late names its true time.
 */
export function boardIdOf({
  format,
  timetable
}: Pick<Race, 'format' | 'timetable'>): BoardId | undefined {
  switch (format.kind) {
    case 'fastestLap':
      return 'fastest-lap'
    case 'averageLap':
      return `average-lap-${format.laps}`
    case 'ride':
      return timed(format.metric, timetable.durationMs)
    case 'game':
      return timed('game', timetable.durationMs)
    case 'mostLaps':
      return timed('most-laps', timetable.durationMs)
  }
}

/** Whether a board is of laps: its competitors stand on a start list, and nobody's way to the value is kept. */
export const isOfLaps = (board: BoardId): boolean => /^(?:fastest|average|most)-/.test(board)

/** Whether the lower value is the better one on a board: times. */
const isOfTimes = (board: BoardId): boolean => /^(?:fastest|average)-/.test(board)

/** How two values of a board compare: less than zero when `a` is the better one. */
export const comparison = (board: BoardId): ((a: number, b: number) => number) =>
  isOfTimes(board) ? (a, b) => a - b : (a, b) => b - a

const timed = (kind: string, ms: number | undefined): BoardId | undefined =>
  ms === undefined || ms % SECOND_MS ? undefined : `${kind}-${ms / SECOND_MS}`
