import type { Phase, RaceSummary } from '#contract'

const LIVE: readonly Phase[] = ['countdown', 'running', 'finishing']
const COMING: readonly Phase[] = ['scheduled', 'open']
const FINAL: readonly Phase[] = ['official', 'aborted']

/** Under way: counting down, running, or waiting for the last readings. */
export const isLive = (phase: Phase): boolean => LIVE.includes(phase)
/** Planned, and not under way yet. */
export const isComing = (phase: Phase): boolean => COMING.includes(phase)
/** Nothing more happens by itself. */
export const isFinal = (phase: Phase): boolean => FINAL.includes(phase)

const startOf = (race: RaceSummary): number => race.startsAt ?? Number.POSITIVE_INFINITY

/** The race that starts next, or undefined when none is planned. */
export const nextOf = (races: readonly RaceSummary[]): RaceSummary | undefined =>
  races.filter(race => isComing(race.phase)).sort((a, b) => startOf(a) - startOf(b))[0]

/** The newest race under way, else the next one, else the newest of all. `races` come newest start first. */
export const currentOf = (races: readonly RaceSummary[]): RaceSummary | undefined =>
  races.find(race => isLive(race.phase)) ?? nextOf(races) ?? races[0]
