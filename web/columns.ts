import type { Board } from '#contract'
import { inPoints } from './result.ts'
import type { Words } from './words.ts'

/** A column after the name. Its label is shown unless it would only repeat what the column draws. */
export type Column = {
  key: 'last' | 'value' | 'at' | 'road' | 'gap' | 'level' | 'lives'
  label: string
  unlabelled?: boolean
  /** How the classification is sorted by this column. */
  sort?: 'ascending' | 'descending'
}

/** The columns of a format, in reading order. */
export function columnsOf(format: Board['format'], { say }: Words): Column[] {
  const last: Column = { key: 'last', label: say('lastLap') }
  const gap: Column = { key: 'gap', label: say('gap') }
  switch (format.kind) {
    case 'fastestLap':
      return [last, { key: 'value', label: say('bestLap'), sort: 'ascending' }, gap]
    case 'averageLap': {
      const label = say('averageLap', { n: format.laps })
      return [last, { key: 'value', label, sort: 'ascending' }, gap]
    }
    case 'mostLaps':
      return [
        last,
        { key: 'value', label: say('laps'), sort: 'descending' },
        { key: 'at', label: say('time') },
        gap
      ]
    case 'game':
      return [
        { key: 'level', label: say('level') },
        { key: 'lives', label: say('lives') },
        { key: 'value', label: say('score'), sort: 'descending' },
        gap
      ]
    case 'ride':
      return [
        { key: 'value', label: say(format.metric), sort: 'descending' },
        { key: 'road', label: say('road'), unlabelled: true },
        { key: 'gap', label: say(inPoints(format) ? 'gap' : 'gapSeconds') }
      ]
  }
}
