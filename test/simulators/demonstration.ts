import type { RideMetric } from '#contract'
import { type AppRegistration, createAppToken } from './appToken.ts'
import type { Cast } from './cast.ts'
import { type CosmosAccess, openOffice } from './official.ts'
import { persist } from './pause.ts'
import { listRaces } from './raceIds.ts'
import { runRides } from './rides.ts'
import { runSessions } from './sessions.ts'
import { runTimeTrials } from './timeTrial.ts'
import type { FleetLink } from './trialFleet.ts'

/** How long a time trial takes unless told, s. */
const TRIAL_SECONDS = 600

export type DemonstrationOptions = {
  endpoints: {
    gateway: string
    cosmos: CosmosAccess
    issuer: AppRegistration
    fleet: FleetLink
  }
  /** Riders of each virtual ride, and how long it takes, s. */
  riders: number
  raceSeconds: number
  /** Players of each game session, which takes as long as a ride; none, no sessions. */
  players: number
  /** How long each time trial takes, s. */
  trialSeconds?: number | undefined
  /** How many times faster than recorded cars and lap timer go, and whether cars come by HTTPS instead of MQTT. */
  speed: number
  https: boolean
  /** What every ride counts; unless told, one metric after the other. */
  metric?: RideMetric | undefined
  seed: number
  now: () => number
  /** Told of what happens, one flat object a time. */
  log: (line: object) => void
}

/**
 * Virtual rides and game sessions back to back, and time trials of recorded cars beside them, until it is stopped.
 * A gateway or database that is away for a while is waited for. `done` rejects only by a defect of its own.
 */
export function startDemonstration(options: DemonstrationOptions): {
  done: Promise<void>
  stop(): Promise<void>
} {
  const { endpoints, now, log } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const { gateway } = endpoints
  const cast: Cast = { gateway, office: openOffice(endpoints.cosmos, now), now, log, signal }

  const play = async () => {
    const what = 'look at the races'
    const known = await persist(() => listRaces(gateway), { what, log, signal })
    if (!known) return
    const { riders, players, raceSeconds: seconds, seed, metric } = options
    const ids = known.map(race => race.raceId)
    await Promise.all([
      runRides(cast, { riders, seconds, seed, metric, known: ids }),
      ...(players ? [runSessions(cast, { players, seconds, seed, known: ids })] : []),
      runTimeTrials(cast, {
        trialMs: (options.trialSeconds ?? TRIAL_SECONDS) * 1_000,
        speed: options.speed,
        token: options.https ? createAppToken(endpoints.issuer, now) : undefined,
        fleet: endpoints.fleet,
        known
      })
    ])
  }
  // One that fails takes the other along: half a demonstration would go unnoticed.
  const done = play().finally(() => stopping.abort())
  return {
    done,
    async stop() {
      stopping.abort()
      await done
    }
  }
}
