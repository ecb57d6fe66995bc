import type { Actor, Fact, FactOf, LapRequest, Race } from '#contract'
import { Refused } from './problem.ts'

/** What entering laps by hand needs; each rejects when the service failed. */
export type HandTimingPorts = {
  readRace(raceId: string): Promise<Race | undefined>
  readFact(raceId: string, id: string): Promise<Fact | undefined>
  /** False when a fact with its id is there. */
  appendFact(fact: Fact): Promise<boolean>
  now(): number
}

/** Which lap of which run; `key` is the caller's own name for the request. */
export type LapEntry = { raceId: string; runId: string; key: string; lap: LapRequest }

/** Enters laps that a person timed. A request may be repeated under its key: the lap counts once. */
export function createHandTiming(ports: HandTimingPorts) {
  return {
    /** The fact in the ledger: for a repeated request the one that the first made. */
    async record({ raceId, runId, key, lap }: LapEntry, actor: Actor): Promise<FactOf<'lap'>> {
      if (!(await ports.readRace(raceId))) {
        throw new Refused('not-found', `There is no race ${raceId}.`)
      }
      if (!(await ports.readFact(raceId, 'open'))) {
        throw new Refused('race-not-open', `Race ${raceId} takes no laps yet: open it first.`)
      }
      // Neither a run's id nor a key holds a full stop, so no two pairs make one id.
      const id = `hand.${runId}.${key}`
      const at = ports.now()
      const fact = { id, raceId, kind: 'lap', at, actor, runId, ...lap, source: 'hand' } as const
      if (await ports.appendFact(fact)) return fact
      const known = await ports.readFact(raceId, id)
      if (known?.kind === 'lap' && isSame(known, lap)) return known
      const detail = `The key ${key} was used for another lap of this run: send this one under a new key.`
      throw new Refused('key-reused', detail)
    }
  }
}

const isSame = (known: LapRequest, lap: LapRequest): boolean =>
  (['bib', 'lap', 'lapMs', 'valid'] as const).every(part => known[part] === lap[part])
