import type { BoardId, Format } from '#contract'
import { RideMetric } from '#contract/race'
import { clockTime } from '../format.ts'
import type { BoardsWords } from './words.ts'

const SECOND_MS = 1_000

/** What results on an all-time board are, and in which racing time, in ms, where that is part of it. */
export type BoardFormat = { format: Format; durationMs: number | undefined }

/** Reads a board's id; undefined for one of a kind that this page does not know. */
export function formatOf(board: BoardId): BoardFormat | undefined {
  const [, kind = '', number] = /^([a-z]+(?:-[a-z]+)?)(?:-(\d+))?$/.exec(board) ?? []
  const n = number === undefined ? undefined : Number(number)
  const durationMs = n === undefined ? undefined : n * SECOND_MS
  if (kind === 'fastest-lap') return { format: { kind: 'fastestLap' }, durationMs: undefined }
  if (kind === 'average-lap' && n !== undefined) {
    return { format: { kind: 'averageLap', laps: n }, durationMs: undefined }
  }
  if (kind === 'most-laps') return { format: { kind: 'mostLaps' }, durationMs }
  if (kind === 'game') return { format: { kind: 'game' }, durationMs }
  const metric = RideMetric.options.find(known => known === kind)
  return metric && { format: { kind: 'ride', metric }, durationMs }
}

/** What the values of a format are. */
export function valueLabel(format: Format, { say }: BoardsWords): string {
  switch (format.kind) {
    case 'fastestLap':
      return say('bestLap')
    case 'averageLap':
      return say('averageLap', { n: format.laps })
    case 'mostLaps':
      return say('laps')
    case 'game':
      return say('score')
    case 'ride':
      return say(format.metric)
  }
}

/** A board's name for people: what is counted, and in which time. */
export function boardLabel(board: BoardId, words: BoardsWords): string {
  const found = formatOf(board)
  if (!found) return board
  const what = valueLabel(found.format, words)
  if (found.durationMs === undefined) return what
  return words.say('raceTime', { what, time: clockTime(found.durationMs, false) })
}
