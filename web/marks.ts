import type { Board, Row } from '#contract'

/** The mark of a result or lap, which is also the class of its colour; undefined for none. */
export type Mark = 'best' | 'pb' | 'invalid' | undefined

type Format = Board['format']

/** A result: the event's best, where that is a time. */
export const resultMark = (row: Pick<Row, 'rank'> | undefined, { kind }: Format): Mark =>
  row?.rank === 1 && (kind === 'fastestLap' || kind === 'averageLap') ? 'best' : undefined

/** A lap of the competitor with this row: not valid, the event's best, the competitor's best, or none of these. */
export function lapMark(
  lap: { ms: number; valid: boolean },
  row: Pick<Row, 'rank' | 'value'> | undefined,
  { kind }: Format
): Mark {
  if (!lap.valid) return 'invalid'
  if (kind !== 'fastestLap' || lap.ms !== row?.value) return undefined
  return row.rank === 1 ? 'best' : 'pb'
}
