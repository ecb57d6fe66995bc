import type { Board, Row } from '#contract'
import { amount, gapPoints, gapTime, lapTime } from './format.ts'
import type { Words } from './words.ts'

type Format = Board['format']

const MM_PER_METRE = 1_000
const J_PER_KILOJOULE = 1_000
const OUTPUT_PARTS = 100

/** A row's value as its format shows it, without the unit; a dash where there is none. */
export function valueText(value: number | null, format: Format, words: Words): string {
  if (value === null) return '–'
  switch (format.kind) {
    case 'fastestLap':
      return lapTime(value)
    case 'averageLap':
      // The sum's thousandths are cut, as those of every other time.
      return lapTime(Math.trunc(value / format.laps))
    case 'mostLaps':
    case 'game':
      return amount(value, words.lang)
    case 'ride':
      if (format.metric === 'distance') return amount(value / MM_PER_METRE, words.lang)
      if (format.metric === 'work') return amount(value / J_PER_KILOJOULE, words.lang, 1)
      return amount(value / OUTPUT_PARTS, words.lang)
  }
}

/** Whether gaps are told in points: output is a sum, so nobody can say when the leader was where others are. */
export const inPoints = (format: Format): boolean =>
  format.kind === 'game' || (format.kind === 'ride' && format.metric === 'output')

/** What one point is in a gap of this format. */
export const pointOf = (format: Format): number => (format.kind === 'ride' ? OUTPUT_PARTS : 1)

/** A row's gap to the leader; undefined where it cannot be compared. */
export function gapText(
  row: Pick<Row, 'rank' | 'gap' | 'lapsDown'>,
  format: Format,
  words: Words
): string | undefined {
  if (row.rank === 1) return words.say('leader')
  if (row.lapsDown > 0) return lapsText(row.lapsDown, words)
  return row.gap === null ? undefined : gapAmount(row.gap, format, words)
}

/** Whole laps behind, one or more. */
export const lapsText = (laps: number, words: Words): string =>
  words.say(laps === 1 ? 'lapDown' : 'lapsDown', { n: laps })

/** A gap between any two results with its sign: more is behind. */
export function gapAmount(gap: number, format: Format, words: Words): string {
  if (inPoints(format)) return gapPoints(gap / pointOf(format), words.lang)
  if (format.kind === 'ride') return gapTime(gap, 1)
  return gapTime(format.kind === 'averageLap' ? gap / format.laps : gap)
}
