import type { Format } from '#contract'
import { type Columns, NEVER, packGame } from './columns.ts'
import { tie } from './stands.ts'
import type { RaceState } from './state.ts'

/** A rider's reading as the trigger hands it on: one of the two shapes, by format. */
export type RideFigures = { kind: 'ride'; distance: number; work: number; output: number }
export type GameFigures = {
  kind: 'game'
  score: number
  level: number
  lives: number
  shots: number
  /** Which game of this seat it is, from 0. */
  trial: number
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

/** What a reading is worth in the race's metric, with the second word and the trial of games; undefined when it is of another kind. */
export function worth(
  format: Format,
  figures: Figures
): { value: number; detail: number; trial: number } | undefined {
  if (format.kind === 'ride' && figures.kind === 'ride') {
    return { value: figures[format.metric], detail: 0, trial: 0 }
  }
  if (format.kind === 'game' && figures.kind === 'game') {
    return {
      value: figures.score,
      detail: packGame(figures.level, figures.lives, figures.shots),
      trial: figures.trial
    }
  }
  return undefined
}

/** The two places of a rider: in the closed windows, or waiting for the next. */
const PLACES = {
  closed: { value: 'value', at: 'at', detail: 'detail', detailAt: 'detailAt', trial: 'trial' },
  next: {
    value: 'nextValue',
    at: 'nextAt',
    detail: 'nextDetail',
    detailAt: 'nextDetailAt',
    trial: 'nextTrial'
  }
} as const
type Place = keyof typeof PLACES

/** What is merged: a value reached at an instant (ms since the start), and the detail of a game's trial at another. */
export type Gain = { value: number; at: number; detail: number; detailAt: number; trial: number }

/** What counts for everybody, with the trials of one player that came to the same best score. */
type Bests = Pick<RaceState, 'columns' | 'ties'>

/** Whether a score that waits is another trial's: only closed windows know several of the same score. */
export const waitsForAnother = (columns: Columns, bib: number, gain: Gain): boolean =>
  columns.nextTrial.length > 0 &&
  columns.nextTrial[bib - 1] !== gain.trial &&
  columns.nextValue[bib - 1] === gain.value &&
  columns.nextAt[bib - 1] !== NEVER

/**
 * Merges into a place of a bib. Merging commutes: sums add; bests take the greater value, of equal values the earlier
 * instant. Lives and shots are those that the player has now; of several trials with the best score those of the better one.
 */
export function merge(
  { columns, ties }: Bests,
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
  const trial = columns[names.trial]
  if (!detail.length) return
  if (better) {
    if (place === 'closed') ties.delete(bib)
  } else if (place === 'closed' && (ties.has(bib) || trial[slot] !== gain.trial)) {
    mergeTie({ columns, ties }, bib, gain)
    return
  } else {
    const newer = gain.detailAt - detailAt[slot]! || gain.detail - detail[slot]!
    if (newer <= 0) return
  }
  detail[slot] = gain.detail
  detailAt[slot] = gain.detailAt
  trial[slot] = gain.trial
}

/** Another trial came to the best score: each is remembered, and the best of them shown. */
function mergeTie({ columns, ties }: Bests, bib: number, gain: Gain): void {
  const { detail, detailAt, trial } = columns
  const slot = bib - 1
  const shown = { trial: trial[slot]!, detail: detail[slot]!, at: detailAt[slot]! }
  const stands = ties.get(bib) ?? [shown]
  const best = tie(stands, { trial: gain.trial, detail: gain.detail, at: gain.detailAt })
  ties.set(bib, stands)
  detail[slot] = best.detail
  detailAt[slot] = best.at
  trial[slot] = best.trial
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
    detailAt: columns[names.detailAt][slot] ?? 0,
    trial: columns[names.trial][slot] ?? 0
  }
  columns[names.at][slot] = NEVER
  columns[names.value][slot] = 0
  return gain
}
