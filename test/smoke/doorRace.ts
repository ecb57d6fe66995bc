import type { Seat } from '#contract'
import type { Venue } from './venue.ts'

/** Long enough for all that knocks at the door, ms. */
const LASTS_MS = 120_000

export type DoorRace = { raceId: string; seat: Seat; other: Seat }

/** A running ride with two seats, for the checks of the front door. */
export const doorRace = (venue: Venue): Promise<DoorRace> =>
  venue.once('door race', async () => {
    const now = Math.floor((await venue.clock())())
    const raceId = await venue.openRace('door', {
      name: 'Smoke test: front door',
      format: { kind: 'ride', metric: 'output' },
      capacity: 10,
      timetable: {
        opensAt: now,
        countdownMs: 0,
        startsAt: now + 2_000,
        durationMs: LASTS_MS,
        backlogMs: 0,
        protestMs: 0
      }
    })
    const seat = await venue.takeSeat(raceId)
    return { raceId, seat, other: await venue.takeSeat(raceId) }
  })
