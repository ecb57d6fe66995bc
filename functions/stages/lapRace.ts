import type { Fact, FactOf, Race } from '#contract'
import { isTimedByLaps } from '#race/metric'
import { Refused } from './problem.ts'

/** How far a caller's clock may be from the server's, in ms. */
export const CLOCKS_MS = 5_000

/**
 * The opening of a race of laps among facts of it; throws `Refused` where there is no race, or none that laps are timed in
 * now. `readRace` rejects when the service failed.
 */
export async function openingAmong(
  facts: (Fact | undefined)[],
  raceId: string,
  { readRace }: { readRace(raceId: string): Promise<Race | undefined> }
): Promise<FactOf<'open'>> {
  const opening = facts.find(fact => fact?.kind === 'open')
  if (!opening) {
    if (!(await readRace(raceId))) throw new Refused('not-found', `There is no race ${raceId}.`)
    throw new Refused('race-not-open', `Race ${raceId} takes no laps yet: open it first.`)
  }
  if (isTimedByLaps(opening.race.format)) return opening
  const detail = `Race ${raceId} is counted by readings: take a race of laps to time runs in.`
  throw new Refused('conflict', detail)
}

/** Throws `Refused` for an instant (ms since 1970) that cannot be: yet to come, or before the race opened. */
export function refuseInstant(at: number, opening: FactOf<'open'>, now: number): void {
  const refused = (detail: string) => new Refused('bad-body', detail, [{ pointer: '/at', detail }])
  if (at > now + CLOCKS_MS) {
    throw refused(
      `at is ${at - now} ms ahead of the server's clock: set the clock, or send it then.`
    )
  }
  if (at < opening.at - CLOCKS_MS) {
    throw refused(`at is before the race opened at ${new Date(opening.at).toISOString()}.`)
  }
}
