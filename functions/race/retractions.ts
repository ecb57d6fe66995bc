import type { RaceState } from './state.ts'

/** Whether a lap, a reset or the beginning of a run was taken back and not brought back: it counts as never told. */
export const isRetracted = ({ retractions }: RaceState, id: string): boolean =>
  retractions.get(id)?.retracted === true
