import { type Judgement, judgeFinal } from '../pipeline/oracle.ts'
import { latenciesOf, summary } from './account.ts'
import { type Admin, openAdmin } from './admin.ts'
import { createAppToken } from './appToken.ts'
import { serverClock } from './clock.ts'
import { type Door, openDoor } from './door.ts'
import type { Faults } from './faults.ts'
import { watchRace } from './frames.ts'
import type { Part } from './parts.ts'
import { pause } from './pause.ts'
import type { PlayAccount } from './play.ts'

/** Faults that are made on purpose unless told: 1 % twice, 5 % late, some out of order. */
export const FAULTS: Faults = { duplicates: 0.01, late: 0.05, outOfOrder: 0.02 }
/** Whose clocks are wrong on purpose, by number, ms ahead: one 40 s slow, one 20 min fast. */
export const WRONG_CLOCKS: ReadonlyMap<number, number> = new Map([
  [0, -40_000],
  [1, 20 * 60_000]
])
/** A field is seated before its first start in so long, ms. */
const LEAD_MS = 10_000
const LEAD_PER_PERSON_MS = 30
/** From the request for a series to its first opening, and from the end of a race to the next start, ms. */
const NOTICE_MS = 3_000
const BETWEEN_MS = 10_000
/** The last seconds before each start, and the time for protests after it, ms. */
const COUNTDOWN_MS = 5_000
const PROTEST_MS = 1_000
/** Official results are waited for so long after the backlog's end, ms. */
const RESULTS_MS = 180_000
/** Simulated performances compare with one another alone. */
const COURSES = {
  ride: { courseId: 'simulated-road', name: 'Simulated road' },
  game: { courseId: 'simulated-room', name: 'Simulated room' }
}

export type SimulationOptions = {
  gateway: string
  tokenEndpoint: string
  apiAudience: string
  /** The app that may make races. */
  admin: { clientId: string; secret: string }
  /** The same seed is the same people, form and faults. */
  seed: number
  parts: Part[]
  faults?: Faults
  clocks?: ReadonlyMap<number, number>
  /** Told when something has happened. */
  progress?: (progress: Progress) => void
  /** Told when the first race starts and when the last one has ended. */
  racing?: (is: 'on' | 'over') => void
  signal: AbortSignal
}

/** How far a simulation is: people that have seats, readings, and the share of the time, 0 to 1. */
export type Progress = { seated: number; of: number; acknowledged: number; share: number }

type Latencies = ReturnType<typeof latenciesOf>
/** What came of one race, and how its official results compare with what was acknowledged. Latencies in ms. */
export type Outcome = ReturnType<typeof summary> &
  Judgement & {
    raceId: string
    kind: Part['kind']
    people: number
    /** Acknowledged, and not counted by the rules: clocks that were wrong. */
    ruledOut: number
    /** From a reading's instant to the frame that brought its value; of the rows at the top. */
    frames: number
    eventToFrame: Latencies
    game?: Pick<PlayAccount, 'raw' | 'kept' | 'played' | 'lastArrived'>
  }

/** A race to be held; instants in server time. */
type Planned = {
  part: Part
  raceId: string
  /** Which race of the part, from 1. */
  day: number
  opensAt: number
  startsAt: number
  endsAt: number
}

/** Holds races by the public doors alone, and compares every official result with what was acknowledged. */
export async function simulate(options: SimulationOptions): Promise<Outcome[]> {
  const { gateway, tokenEndpoint, apiAudience, signal, racing = () => undefined } = options
  const door = openDoor(gateway)
  try {
    const now = await serverClock(door)
    const token = createAppToken({ tokenEndpoint, apiAudience, ...options.admin }, Date.now)
    const admin = openAdmin({ door, token, now, signal })
    const screenKey = await admin.screenKey('simulator')
    const planned = (
      await Promise.all(options.parts.map(part => planRaces(admin, part, now)))
    ).flat()
    const startsAt = Math.min(...planned.map(race => race.startsAt))
    const endsAt = Math.max(...planned.map(race => race.endsAt))
    const watched = async () => {
      await pause(startsAt - now(), signal)
      racing('on')
      await pause(endsAt - now(), signal)
      racing('over')
    }
    const hold = raceHolder({ ...options, door, now, admin, screenKey, planned })
    const [outcomes] = await Promise.all([Promise.all(planned.map(hold)), watched()])
    return outcomes
  } finally {
    door.close()
  }
}

/** Makes a part's races, the first as soon as its field can be seated. */
async function planRaces(admin: Admin, part: Part, now: () => number): Promise<Planned[]> {
  const { kind, format, people, races, seconds, backlogMs } = part
  const openMs = LEAD_MS + LEAD_PER_PERSON_MS * people
  const startsAt = Math.ceil((now() + NOTICE_MS + openMs) / 1_000) * 1_000
  const durationMs = seconds * 1_000
  const everyMs = durationMs + BETWEEN_MS
  const made = await admin.makeSeries({
    ...{ seriesId: `simulated-${kind}-${startsAt / 1_000}`, races, startsAt, everyMs, openMs },
    race: {
      ...{ name: `Simulated ${kind}`, format, course: COURSES[kind], capacity: people },
      timetable: { durationMs, countdownMs: COUNTDOWN_MS, backlogMs, protestMs: PROTEST_MS }
    }
  })
  return made.map((raceId, index) => {
    const start = startsAt + index * everyMs
    const times = { opensAt: start - openMs, startsAt: start, endsAt: start + durationMs }
    return { part, raceId, day: index + 1, ...times }
  })
}

/** Holds one race of several: the people of a part bring what their earlier seats gave. */
function raceHolder(
  options: Omit<SimulationOptions, 'admin'> & {
    door: Door
    now: () => number
    admin: Admin
    screenKey: string
    planned: Planned[]
  }
): (race: Planned) => Promise<Outcome> {
  const { gateway, seed, door, now, admin, screenKey, planned, signal } = options
  const { faults = FAULTS, clocks = WRONG_CLOCKS } = options
  const passes = new Map(options.parts.map(part => [part, new Map<number, string>()]))
  const from = now()
  const endsAt = Math.max(...planned.map(race => race.endsAt + race.part.backlogMs))
  const of = planned.reduce((sum, { part }) => sum + part.people, 0)
  const counts = { seated: 0, of, acknowledged: 0 }
  const tell = () =>
    options.progress?.({ ...counts, share: Math.min(1, (now() - from) / (endsAt - from)) })

  return async ({ part, raceId, day, opensAt, startsAt, endsAt }) => {
    await pause(opensAt - now(), signal)
    const { kind, format, people, backlogMs } = part
    const wrong = new Set<number>()
    const hasWrongClock = (bib: number) => wrong.has(bib)
    const screen = await watchRace({
      ...{ door, raceId, screenKey, startsAt, now, hasWrongClock, signal }
    })
    const account = await part.live({
      ...{ gateway, raceId, seed, day, startsAt, endsAt, backlogMs, now, faults, clocks, signal },
      passes: passes.get(part)!,
      onSeat({ bib, skewMs }) {
        if (skewMs !== 0) wrong.add(bib)
        counts.seated++
        tell()
      },
      onAck({ readings }) {
        counts.acknowledged += readings.length
        tell()
      }
    })
    screen.stop()
    const until = endsAt + backlogMs + RESULTS_MS
    // A race without results is one that failed: the others are told all the same.
    const results = await admin.officialResults(raceId, until).catch(String)
    const rows = typeof results === 'string' ? [] : results.rows
    const judged = judgeFinal(account, { format, startsAt, endsAt, backlogMs }, rows)
    if (typeof results === 'string') judged.wrong.unshift(results)
    const { frames, latency } = screen.watched
    return {
      ...{ raceId, kind, people, ...summary(account), ...judged, frames },
      ruledOut: judged.distinct - judged.due,
      eventToFrame: latenciesOf(latency),
      ...('raw' in account ? { game: playedOf(account) } : {})
    }
  }
}

const playedOf = ({ raw, kept, played, lastArrived }: PlayAccount) => ({
  raw,
  kept,
  played,
  lastArrived
})

/** Why a simulation has failed, a sentence each; none where all is as it should be. */
export function faultsOf(outcomes: Outcome[]): string[] {
  return outcomes.flatMap(({ raceId, lost, double, wrong, seatless, riders, people, ...more }) => {
    const { game, acknowledged } = more
    const said = [
      riders < people && `${people - riders} of ${people} got no seat`,
      Object.keys(seatless).length > 0 && `without a seat: ${JSON.stringify(seatless)}`,
      acknowledged === 0 && 'nothing was acknowledged',
      lost > 0 && `${lost} readings lost`,
      double > 0 && `${double} readings counted twice`,
      game && game.lastArrived < game.played && 'the last status of a player is missing',
      ...wrong
    ]
    return said.filter(sentence => sentence).map(sentence => `${raceId}: ${sentence}`)
  })
}
