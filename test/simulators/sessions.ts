import { runBackToBack } from './backToBack.ts'
import type { Cast } from './cast.ts'
import { playSession } from './play.ts'

/** Seats that the players leave to whoever comes by. */
const GUESTS = 50

/** Plays sessions of the score game back to back until the signal; `known` are the race ids that exist already. */
export function runSessions(
  cast: Cast,
  options: { players: number; seconds: number; seed: number; known: string[] }
): Promise<void> {
  const { players } = options
  return runBackToBack(cast, {
    kind: 'game',
    ...options,
    race: number => ({
      name: `Arcade session ${number}`,
      place: 'Arcade room',
      format: { kind: 'game' },
      course: { courseId: 'room-1', name: 'Room 1' },
      capacity: players + GUESTS
    }),
    live: field => playSession({ ...field, players })
  })
}
