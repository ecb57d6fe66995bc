import type { RideMetric } from '#contract'
import { summary } from './account.ts'
import type { Cast } from './cast.ts'
import { pause, persist } from './pause.ts'
import { nextRaceId } from './raceIds.ts'
import { rideRace } from './ride.ts'

/** Registration opens so long before the start, ms. */
const OPEN_BEFORE_MS = 15_000
const COUNTDOWN_MS = 10_000
/** From the end of one race to the start of the next, ms: the former is still provisional then. */
const BETWEEN_RACES_MS = 10_000
const PROTEST_MS = 30_000
/** From writing a race's timetable to its opening, ms. */
const NOTICE_MS = 2_000
const METRICS: RideMetric[] = ['distance', 'work', 'output']

type Planned = { raceId: string; startsAt: number; endsAt: number }

/** Rides races back to back until the signal; `known` are the ids that exist already. */
export async function runRides(
  cast: Cast,
  options: {
    riders: number
    raceSeconds: number
    seed: number
    metric: RideMetric | undefined
    known: string[]
  }
): Promise<void> {
  const { now, log, signal, office } = cast
  let { known } = options

  const plan = async (earliest: number): Promise<Planned> => {
    for (;;) {
      const soonest = Math.max(earliest, now() + NOTICE_MS + OPEN_BEFORE_MS)
      const startsAt = Math.ceil(soonest / 1_000) * 1_000
      const raceId = nextRaceId('ride', startsAt, known)
      const number = Number(raceId.slice(raceId.lastIndexOf('-') + 1))
      const durationMs = options.raceSeconds * 1_000
      const metric = options.metric ?? METRICS[(number - 1) % METRICS.length]!
      const created = await office.scheduleRide({
        id: raceId,
        raceId,
        name: `Virtual ride ${number}`,
        place: 'Velodrome',
        format: { kind: 'ride', metric },
        course: { courseId: 'flat-road', name: 'Flat road' },
        capacity: options.riders,
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
  const ride = async (race: Planned, seed: number) => {
    try {
      const { gateway } = cast
      const account = await rideRace({
        gateway,
        ...race,
        riders: options.riders,
        seed,
        now,
        signal
      })
      log({ event: 'ride', raceId: race.raceId, ...summary(account) })
    } catch (error) {
      log({ event: 'ride failed', raceId: race.raceId, why: String(error) })
    }
  }

  const under = new Set<Promise<void>>()
  let earliest = 0
  for (let seed = options.seed; !signal.aborted; seed++) {
    const race = await persist(() => plan(earliest), { what: 'schedule a ride', log, signal })
    if (!race) break
    log({ event: 'scheduled', ...race })
    await pause(race.startsAt - OPEN_BEFORE_MS - now(), signal)
    const riding = ride(race, seed).finally(() => under.delete(riding))
    under.add(riding)
    // The next race is on the timetable from the start of this one.
    await pause(race.startsAt - now(), signal)
    earliest = race.endsAt + BETWEEN_RACES_MS
  }
  await Promise.all(under)
}
