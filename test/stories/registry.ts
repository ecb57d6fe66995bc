import { createHmac } from 'node:crypto'
import type { Actor, Competitor, Fact, Head, Person, Race } from '#contract'
import type { EntryPorts } from '../../functions/stages/entries.ts'
import type { PeoplePorts } from '../../functions/stages/people.ts'
import { Refused } from '../../functions/stages/problem.ts'
import type { StartListPorts } from '../../functions/stages/startList.ts'
import { boardOfRiders } from './boards.ts'
import { aRace, FASTEST_LAP, GUN } from './races.ts'

export const ADA: Actor = { kind: 'person', tenant: 'hall', object: 'ada' }
export const BO: Actor = { kind: 'person', tenant: 'hall', object: 'bo' }

/** A race with officials that is not over. */
export const TRIAL = aRace(FASTEST_LAP, { attended: true, capacity: 4, classes: ['PRO', 'AM'] })

/** The status of a refusal; otherwise what came. */
export async function statusOf(asked: Promise<unknown>): Promise<unknown> {
  const got = await asked.catch((reason: unknown) => reason)
  return got instanceof Refused ? got.problem.status : got
}

/** Ledger, competitors and people of a race as plain maps, a second later at each look at the clock. */
export function aRegistry({ race = TRIAL, phase = 'open' as Head['phase'] | null } = {}) {
  const facts = new Map<string, Fact>()
  const competitors = new Map<string, { competitor: Competitor; etag: string }>()
  const people = new Map<string, Person>()
  const calls: string[] = []
  /** Calls after which the service fails: what they wrote is written. */
  const crashing = new Set<string>()
  /** Done once before a fact is appended or a competitor replaced. */
  const meanwhile: (() => unknown)[] = []
  let now = GUN - 30_000
  let written = 0
  const called = (call: string) => {
    calls.push(call)
    if (crashing.has(call)) throw new Error(`the service failed after ${call}`)
  }
  const put = (competitor: Competitor) =>
    competitors.set(competitor.id, { competitor, etag: `e${++written}` })
  const ports: EntryPorts & StartListPorts & PeoplePorts = {
    readRace: async (raceId): Promise<Race | undefined> =>
      raceId === race.raceId ? race : undefined,
    readHead: async () => (phase === null ? undefined : { ...boardOfRiders(1, 1).head, phase }),
    readEntries: async raceId =>
      [...facts.values()]
        .filter(fact => fact.kind === 'enter')
        .filter(fact => fact.raceId === raceId),
    readFact: async (raceId, id) => facts.get(`${raceId}/${id}`),
    async appendFact(fact) {
      meanwhile.shift()?.()
      const key = `${fact.raceId}/${fact.id}`
      if (facts.has(key)) return false
      facts.set(key, fact)
      called(fact.kind)
      return true
    },
    async createCompetitor(competitor) {
      if (!competitors.has(competitor.id)) put(competitor)
      called('competitor')
    },
    async createPerson(person) {
      if (!people.has(person.id)) people.set(person.id, person)
      called('person')
    },
    async readPerson(id) {
      called('readPerson')
      return people.get(id)
    },
    async deletePerson(id) {
      people.delete(id)
      called('deletePerson')
    },
    readCompetitorForWrite: async id => structuredClone(competitors.get(id)),
    readFacesForWrite: async id =>
      structuredClone([...competitors.values()].filter(one => one.competitor.competitorId === id)),
    async replaceCompetitor(competitor, etag) {
      meanwhile.shift()?.()
      if (competitors.get(competitor.id)?.etag !== etag) return false
      put(competitor)
      called('replaceCompetitor')
      return true
    },
    digest: (key, text) => createHmac('sha256', key).update(text).digest('hex'),
    newId: () => `id-${calls.length}`,
    now: () => (now += 1_000)
  }
  return {
    ports,
    people,
    calls,
    crashing,
    meanwhile,
    put,
    factsOf: (kind: Fact['kind']) => [...facts.values()].filter(fact => fact.kind === kind),
    faces: () => [...competitors.values()].map(({ competitor }) => competitor),
    /** All that is kept beside `people`. */
    elsewhere: () => JSON.stringify([[...facts], [...competitors]])
  }
}
