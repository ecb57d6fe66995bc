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

/** Whether laps count, which are facts and belong to no window. */
export const isTimedByLaps = ({ kind }: Format): boolean => kind !== 'ride' && kind !== 'game'

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
  closed: { value: 'value', at: 'at', detail: 'detail', detailAt: 'detailAt' },
  next: { value: 'nextValue', at: 'nextAt', detail: 'nextDetail', detailAt: 'nextDetailAt' }
} as const
type Place = keyof typeof PLACES

/** What is merged: a value reached at an instant (ms since the start), and a game's detail at another. */
export type Gain = { value: number; at: number; detail: number; detailAt: number }

/**
 * Merges into a place of a bib. Merging commutes: sums add; bests take the greater value, of equal values the earlier
 * instant, and the later detail: lives and shots are those that the player has now.
 */
export function merge(
  columns: Columns,
  bib: number,
  place: Place,
  adds: boolean,
  gain: Gain
): void {
  const slot = bib - 1
  const names = PLACES[place]
  const value = columns[names.value]
  const at = columns[names.at]
  const started = at[slot] !== NEVER
  if (adds) {
    value[slot] = value[slot]! + gain.value
    at[slot] = Math.max(at[slot]!, gain.at)
    return
  }
  if (started && gain.value < value[slot]!) return
  const better = !started || gain.value > value[slot]!
  value[slot] = gain.value
  at[slot] = better ? gain.at : Math.min(at[slot]!, gain.at)
  const detail = columns[names.detail]
  const detailAt = columns[names.detailAt]
  if (!detail.length) return
  const newer = gain.detailAt - detailAt[slot]! || gain.detail - detail[slot]!
  if (!better && newer <= 0) return
  detail[slot] = gain.detail
  detailAt[slot] = gain.detailAt
}

/** Takes what is in a place of a bib out of it; undefined when there is nothing. */
export function take(columns: Columns, bib: number, place: Place): Gain | undefined {
  const slot = bib - 1
  const names = PLACES[place]
  const at = columns[names.at][slot]!
  if (at === NEVER) return undefined
  const gain = {
    at,
    value: columns[names.value][slot]!,
    detail: columns[names.detail][slot] ?? 0,
    detailAt: columns[names.detailAt][slot] ?? 0
  }
  columns[names.at][slot] = NEVER
  columns[names.value][slot] = 0
  return gain
}
