import type { Keep } from '../seat/keep.ts'
import type { Game } from './game.ts'

/** A game as the tab remembers it over a reload: a new page is no way to a new trial. */
export type KeptGame = { session: number; trial: number; game: Game }

const nameOf = (raceId: string): string => `grandstand.game.${raceId}`

/** The game that an earlier page of the same session left. */
export function keptGame(keep: Keep, raceId: string, session: number): KeptGame | undefined {
  try {
    const kept = JSON.parse(keep.read(nameOf(raceId)) ?? '') as KeptGame
    return kept.session === session ? kept : undefined
  } catch {
    return undefined
  }
}

export const keepGame = (keep: Keep, raceId: string, kept: KeptGame): void =>
  keep.write(nameOf(raceId), JSON.stringify(kept))
