import type * as v from 'valibot'
import type { Race } from '#contract'
import { type FieldAccount, summary } from './account.ts'
import type { Cast } from './cast.ts'
import type { FieldOptions } from './field.ts'
import { pause, persist } from './pause.ts'
import { nextRaceId } from './raceIds.ts'

/** Registration opens so long before the start, ms. */
const OPEN_BEFORE_MS = 15_000
const COUNTDOWN_MS = 10_000
/** From the end of one race to the start of the next, ms: the former is still provisional then. */
const BETWEEN_RACES_MS = 10_000
const PROTEST_MS = 30_000
/** From writing a race's timetable to its opening, ms. */
const NOTICE_MS = 2_000

type Planned = { raceId: string; startsAt: number; endsAt: number }
type RaceInput = v.InferInput<typeof Race>

export type BackToBack = {
  /** What their ids begin with, and what the log calls them. */
  kind: string
  /** How long each takes, s. */
  seconds: number
  /** The same seed is the same people in every race. */
  seed: number
  /** Race ids that exist already. */
  known: string[]
  /** What the race of a number is, from 1. */
  race(number: number): Pick<RaceInput, 'name' | 'place' | 'format' | 'course' | 'capacity'>
  /** Lives through one race. */
  live(field: FieldOptions<unknown>): Promise<FieldAccount>
}

/** Holds races back to back until the signal. The same people come to each, and are known there. */
export async function runBackToBack(cast: Cast, options: BackToBack): Promise<void> {
  const { gateway, now, log, signal, office } = cast
  const { kind, seed } = options
  const passes = new Map<number, string>()
  let { known } = options

  const plan = async (earliest: number): Promise<Planned> => {
    for (;;) {
      const soonest = Math.max(earliest, now() + NOTICE_MS + OPEN_BEFORE_MS)
      const startsAt = Math.ceil(soonest / 1_000) * 1_000
      const raceId = nextRaceId(kind, startsAt, known)
      const number = Number(raceId.slice(raceId.lastIndexOf('-') + 1))
      const durationMs = options.seconds * 1_000
      const created = await office.scheduleRide({
        id: raceId,
        raceId,
        ...options.race(number),
        timetable: {
          opensAt: startsAt - OPEN_BEFORE_MS,
          countdownMs: COUNTDOWN_MS,
          startsAt,
          durationMs,
          protestMs: PROTEST_MS
        }
      })
      known = [raceId]
      if (created) return { raceId, startsAt, endsAt: startsAt + durationMs }
    }
  }
  const live = async (race: Planned, day: number) => {
    try {
      const account = await options.live({ gateway, ...race, seed, day, passes, now, signal })
      log({ event: kind, raceId: race.raceId, ...summary(account) })
    } catch (error) {
      log({ event: `${kind} failed`, raceId: race.raceId, why: String(error) })
    }
  }

  const under = new Set<Promise<void>>()
  let earliest = 0
  for (let day = 1; !signal.aborted; day++) {
    const race = await persist(() => plan(earliest), { what: `schedule a ${kind}`, log, signal })
    if (!race) break
    log({ event: 'scheduled', ...race })
    await pause(race.startsAt - OPEN_BEFORE_MS - now(), signal)
    const living = live(race, day).finally(() => under.delete(living))
    under.add(living)
    // The next race is on the timetable from the start of this one.
    await pause(race.startsAt - now(), signal)
    earliest = race.endsAt + BETWEEN_RACES_MS
  }
  await Promise.all(under)
}
