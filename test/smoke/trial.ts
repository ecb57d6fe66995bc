import type { Seat } from '#contract'
import type { Venue } from './venue.ts'

/** Time for the laps, ms. */
const LASTS_MS = 45_000

/** A short lap race, and a seat in it whose token ends with the race. */
export const trial = (venue: Venue): Promise<{ raceId: string; seat: Seat }> =>
  venue.once('trial', async () => {
    const now = Math.floor((await venue.clock())())
    const raceId = await venue.openRace('laps', {
      name: 'Smoke test: laps',
      format: { kind: 'fastestLap' },
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
    return { raceId, seat: await venue.takeSeat(raceId) }
  })
