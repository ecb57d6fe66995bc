import type { Actor, Fact, FactOf, LapRequest, Race, RunEvent } from '#contract'
import {
  type Captured,
  type EventFact,
  eventFact,
  isEventOf,
  isLapOf,
  lapFact,
  type ToldRun,
  toldRun
} from './capturedFacts.ts'
import { openingAmong, refuseInstant } from './lapRace.ts'
import { Refused } from './problem.ts'

/** What timing by hand needs; each rejects when the service failed. */
export type HandTimingPorts = {
  readRace(raceId: string): Promise<Race | undefined>
  readFact(raceId: string, id: string): Promise<Fact | undefined>
  /** The facts that name a run. */
  readRun(raceId: string, runId: string): Promise<Fact[]>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** What a person told of which run; `key` is the caller's own name for the request. */
export type HandEntry<T> = { raceId: string; runId: string; key: string; told: T }

/** What ids of facts begin with that a timekeeper captured. */
const BY_HAND = 'hand.'
/** Whether a fact is what a timekeeper captured, by its id. */
export const isCaptured = (id: string): boolean => id.startsWith(BY_HAND)

/**
 * Records what a person captures in a run: laps, and what happens beside them. It may come late and out of order, and be
 * sent again under its key: it counts once.
 */
export function createHandTiming(ports: HandTimingPorts) {
  /** The fact that a request makes; for a repeated one, by whomever, that of the first. */
  const record = async <T extends { at?: number | undefined }, F extends Fact>(
    { raceId, runId, key, told }: HandEntry<T>,
    actor: Actor,
    factOf: (told: T, captured: Captured, run: ToldRun) => F,
    isOf: (told: T, known: Fact) => known is F
  ): Promise<F> => {
    const [open, facts] = await Promise.all([
      ports.readFact(raceId, 'open'),
      ports.readRun(raceId, runId)
    ])
    const opening = await openingAmong([open], raceId, ports)
    // Neither a run's id nor a key holds a full stop, so no two pairs make one id.
    const id = `${BY_HAND}${runId}.${key}`
    const repeated = (known: Fact | undefined): F => {
      if (known && isOf(told, known)) return known
      const detail = `The key ${key} was used for something else in this run: send this under a new key.`
      throw new Refused('key-reused', detail)
    }
    const known = facts.find(fact => fact.id === id)
    if (known) return repeated(known)
    const recordedAt = ports.now()
    const { at = recordedAt } = told
    refuseInstant(at, opening, recordedAt)
    const captured = { id, raceId, runId, at, recordedAt, key, actor }
    const fact = factOf(told, captured, toldRun(facts, runId))
    return (await ports.appendFact(fact)) ? fact : repeated(await ports.readFact(raceId, id))
  }

  return {
    /** A lap; one that its run does not hold is recorded as not valid, for a person to judge. */
    lap: (entry: HandEntry<LapRequest>, actor: Actor): Promise<FactOf<'lap'>> =>
      record(entry, actor, lapFact, isLapOf),

    /** A pause, a reset, the end, that the run was looked through. */
    event: (entry: HandEntry<RunEvent>, actor: Actor): Promise<EventFact> =>
      record(entry, actor, eventFact, isEventOf)
  }
}
