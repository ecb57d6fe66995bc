import { GAME_TEXTS } from '../arcade/gameWords.ts'
import { SCREEN_TEXTS } from '../screen/words.ts'
import type { Words } from '../words.ts'

/** What the room's board says: as venue screens do, but it speaks of players and asks people to play. */
export const ROOM_TEXTS = {
  ...SCREEN_TEXTS,
  ...GAME_TEXTS,
  competitorsOne: '{n} player|{n} Spieler|{n} joueur|{n} jugador|اللاعبون: {n}',
  competitors: '{n} players|{n} Spieler|{n} joueurs|{n} jugadores|اللاعبون: {n}',
  findYourself: 'Play along|Spiel mit|Jouez|Juega|العب معنا'
} as const

export type RoomWords = Words<keyof typeof ROOM_TEXTS>
