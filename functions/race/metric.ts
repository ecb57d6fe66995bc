import type { Format } from '#contract'
import { type Columns, NEVER, packGame } from './columns.ts'

/** A rider's reading as the trigger hands it on: one of the two shapes, by format. */
export type RideFigures = { kind: 'ride'; distance: number; work: number; output: number }
export type GameFigures = {
  kind: 'game'
  score: number
  level: number
  lives: number
  shots: number
}
export type Figures = RideFigures | GameFigures

/** Alleycat's output of one second, (cadence + 35)(resistance + 65) / 100, in hundredths so that it stays whole. */
export const outputOf = (cadence: number, resistance: number): number =>
  (cadence + 35) * (resistance + 65)

/** Whether readings add up (output) or the best one counts (totals and scores). */
export const addsUp = (format: Format): boolean =>
  format.kind === 'ride' && format.metric === 'output'

/** Whether gaps are times: the metric is a total that the front passed before. */
export const gapIsTime = (format: Format): boolean =>
  format.kind === 'ride' && format.metric !== 'output'

/** What a reading is worth in the race's metric, with its second word for games; undefined when it is of another kind. */
export function worth(
  format: Format,
  figures: Figures
): { value: number; detail: number } | undefined {
  if (format.kind === 'ride' && figures.kind === 'ride') {
    return { value: figures[format.metric], detail: 0 }
  }
  if (format.kind === 'game' && figures.kind === 'game') {
    return {
      value: figures.score,
      detail: packGame(figures.level, figures.lives, figures.shots)
    }
  }
  return undefined
}

/** The two places of a rider: in the closed windows, or waiting for the next. */
const PLACES = {
  closed: { value: 'value', at: 'at', detail: 'detail' },
  next: { value: 'nextValue', at: 'nextAt', detail: 'nextDetail' }
} as const

/**
 * Merges one reading of a bib, `at` ms since the start. Merging commutes: sums add; bests take the greater value. Of equal
 * values the earlier is kept, in games the later: lives and shots are those that the player has now.
 */
export function merge(
  columns: Columns,
  bib: number,
  place: keyof typeof PLACES,
  adds: boolean,
  reading: { value: number; at: number; detail: number }
): void {
  const slot = bib - 1
  const names = PLACES[place]
  const value = columns[names.value]
  const at = columns[names.at]
  const detail = columns[names.detail]
  if (adds) {
    value[slot] = value[slot]! + reading.value
    at[slot] = Math.max(at[slot]!, reading.at)
    return
  }
  if (at[slot] !== NEVER) {
    const newer = reading.at - at[slot]!
    const ahead =
      reading.value - value[slot]! ||
      (detail.length ? newer || reading.detail - detail[slot]! : -newer)
    if (ahead <= 0) return
  }
  value[slot] = reading.value
  at[slot] = reading.at
  if (detail.length) detail[slot] = reading.detail
}
