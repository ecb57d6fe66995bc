import type { RaceView } from '../raceView.svelte.ts'
import { gapText } from '../result.ts'

/** How far the leader is ahead: what the next one lacks, which is a gap without its sign. */
export function leadText({ board, ordered, words }: RaceView): string {
  const second = ordered[1]
  if (!board || !second?.rank) return '–'
  return gapText({ ...second, rank: 2 }, board.format, words)?.replace(/^[+\u2212]/, '') ?? '–'
}
