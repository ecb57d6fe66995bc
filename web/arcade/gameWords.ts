/** What the game's page and the room's board say of players, in the languages and their order of all pages. */
export const GAME_TEXTS = {
  player: 'Player|Spieler|Joueur|Jugador|اللاعب',
  shots: 'Shots|Schüsse|Tirs|Disparos|الطلقات',
  heldScore: 'held for review|wird geprüft|retenu pour examen|retenido para revisión|محتجز للمراجعة'
} as const
