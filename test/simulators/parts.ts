import { BACKLOG_MS, type Format, type RideMetric } from '#contract'
import type { FieldAccount } from './account.ts'
import type { FieldOptions } from './field.ts'
import { type PlayAccount, playSession } from './play.ts'
import { rideRace } from './ride.ts'

/** Races of one kind, back to back, by the same people. */
export type Part = {
  kind: 'ride' | 'game'
  format: Format
  people: number
  races: number
  seconds: number
  backlogMs: number
  /** Lives through one race. */
  live(field: FieldOptions<unknown>): Promise<FieldAccount | PlayAccount>
}
type Size = Pick<Part, 'people' | 'races' | 'seconds'> & { backlogMs?: number }

/** Rides of a metric. */
export const ridePart = (size: Size, metric: RideMetric): Part => ({
  kind: 'ride',
  format: { kind: 'ride', metric },
  backlogMs: BACKLOG_MS,
  ...size,
  live: field => rideRace({ ...field, riders: size.people })
})

/** Sessions of the score game. */
export const gamePart = (size: Size, eventsPerSecond: number): Part => ({
  kind: 'game',
  format: { kind: 'game' },
  backlogMs: BACKLOG_MS,
  ...size,
  live: field => playSession({ ...field, players: size.people, eventsPerSecond })
})
