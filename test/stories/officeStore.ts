import * as v from 'valibot'
import {
  type Actor,
  type Competitor,
  type Directory,
  Fact,
  type FactOf,
  type Head,
  type Phase,
  type Race
} from '#contract'
import { Refused } from '../../functions/stages/problem.ts'
import { GUN } from './races.ts'

export const ADA: Actor = { kind: 'person', tenant: 'hall', object: 'ada' }
export const BO: Actor = { kind: 'person', tenant: 'hall', object: 'bo' }

type Told<K extends Fact['kind']> = Omit<FactOf<K>, 'kind' | 'id' | 'raceId' | 'at' | 'actor'>

/** Any fact of a person, `ms` after the gun. */
export const told = <K extends Fact['kind']>(
  kind: K,
  ms: number,
  parts: Told<K> & { id?: string; by?: string }
): Fact => {
  const { id = `${kind}-${ms}`, by = 'ada', ...rest } = parts
  const actor = { kind: 'person', tenant: 'hall', object: by }
  return v.parse(Fact, { ...rest, kind, id, raceId: 'evening-race', at: GUN + ms, actor })
}

/** Races, a ledger and competitors in plain maps, with the ports of the office; a story turns the clock and fails calls. */
export function anOfficeStore(now = GUN) {
  const races = new Map<string, { race: Race; etag: string }>()
  const facts = new Map<string, Fact>()
  const competitors = new Map<string, Competitor>()
  const clock = { now }
  /** What happens just before the next fact is appended: another writer, or a crash. */
  const before: { append?: (() => void) | undefined; replace?: (() => void) | undefined } = {}
  const heads = new Map<string, Phase>()
  const directory: Directory = { raceId: 'evening-race', version: 1, entries: [] }
  let version = 0
  const once = (moment: keyof typeof before) => {
    const happens = before[moment]
    before[moment] = undefined
    happens?.()
  }
  const keyOf = ({ raceId, id }: Pick<Fact, 'raceId' | 'id'>) => `${raceId}/${id}`
  const ports = {
    createRace: async (race: Race) =>
      !races.has(race.id) &&
      Boolean(races.set(race.id, { race: structuredClone(race), etag: `${++version}` })),
    readRace: async (raceId: string) => races.get(raceId)?.race,
    readRaceForWrite: async (raceId: string) => races.get(raceId),
    async replaceRace(race: Race, etag: string) {
      once('replace')
      if (races.get(race.id)?.etag !== etag) return false
      return Boolean(races.set(race.id, { race: structuredClone(race), etag: `${++version}` }))
    },
    readFacts: async (raceId: string) => [...facts.values()].filter(fact => fact.raceId === raceId),
    async appendFact(fact: Fact) {
      once('append')
      return !facts.has(keyOf(fact)) && Boolean(facts.set(keyOf(fact), fact))
    },
    readHead: async (raceId: string) => {
      const phase = heads.get(raceId)
      // Of a head the office looks at no more.
      return (
        phase && ({ phase, startsAt: races.get(raceId)?.race.timetable.startsAt ?? null } as Head)
      )
    },
    readDirectory: async () => directory,
    async readCompetitorForWrite(competitorId: string) {
      const competitor = competitors.get(competitorId)
      return competitor && { competitor, etag: JSON.stringify(competitor) }
    },
    async replaceCompetitor(competitor: Competitor, etag: string) {
      once('replace')
      if (JSON.stringify(competitors.get(competitor.id)) !== etag) return false
      return Boolean(competitors.set(competitor.id, competitor))
    },
    now: () => clock.now
  }
  return {
    ...{ ports, races, competitors, clock, before, heads, directory },
    facts: () => [...facts.values()],
    tell(...told: Fact[]) {
      for (const fact of told) facts.set(keyOf(fact), fact)
    }
  }
}

/** The problem that a call is refused with; fails where it is not. */
export async function refusal(call: Promise<unknown>) {
  const outcome = await call.then(
    value => new Error(`not refused: ${JSON.stringify(value)}`),
    (error: unknown) => error
  )
  if (outcome instanceof Refused) return outcome.problem
  throw outcome
}
