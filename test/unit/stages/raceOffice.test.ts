import { expect, test } from 'vitest'
import type { Actor, Fact, Race } from '#contract'
import { Refused } from '../../../functions/stages/problem.ts'
import { createRaceOffice } from '../../../functions/stages/raceOffice.ts'
import { aRace, DISTANCE } from '../../stories/races.ts'

const ADA: Actor = { kind: 'person', tenant: 'a-tenant', object: 'ada' }
const NOW = 1_772_000_000_000

/** An office whose store may fail once at the ledger. */
function office() {
  const races = new Map<string, Race>()
  const facts = new Map<string, Fact>()
  const ledger = { away: false }
  const stage = createRaceOffice({
    createRace: async race =>
      !races.has(race.id) && Boolean(races.set(race.id, structuredClone(race))),
    readRace: async raceId => races.get(raceId),
    async appendFact(fact) {
      if (ledger.away) throw new Error('crashed')
      return !facts.has(fact.id) && Boolean(facts.set(fact.id, fact))
    },
    now: () => NOW
  })
  return { ...stage, races, facts, ledger }
}
const race = aRace(DISTANCE, { capacity: 3 })

test('a race is stored, and its life begins by the one fact of whoever created it', async () => {
  const { create, races, facts } = office()
  expect(await create(race, ADA)).toEqual({ race, created: true })
  expect([...races.values()]).toEqual([race])
  const { raceId } = race
  expect([...facts.values()]).toEqual([
    { id: 'schedule', raceId, kind: 'schedule', at: NOW, actor: ADA }
  ])
})

test('the same request again gives the same race and no second fact', async () => {
  const { create, facts } = office()
  await create(race, ADA)
  expect(await create(structuredClone(race), ADA)).toEqual({ race, created: false })
  expect(facts.size).toBe(1)
})

test('a request repeated after a crash between race and fact writes the fact', async () => {
  const { create, facts, ledger } = office()
  ledger.away = true
  await expect(create(race, ADA)).rejects.toThrow('crashed')
  expect(facts.size).toBe(0)
  ledger.away = false
  expect(await create(race, ADA)).toEqual({ race, created: false })
  expect(facts.size).toBe(1)
})

test.each<[string, Partial<Race>]>([
  ['/capacity', { capacity: 4 }],
  ['/format/kind', { format: { kind: 'game' } }],
  ['/timetable/protestMs', { timetable: { ...race.timetable, protestMs: 7 } }],
  ['/course/line/x1', { course: { ...race.course, line: { x1: 8, y1: 0, x2: 11, y2: 0 } } }]
])('another race under the same id is refused and its %s named', async (pointer, change) => {
  const { create, races } = office()
  await create(race, ADA)
  const refused = await create({ ...race, ...change }, ADA).catch((error: unknown) => error)
  if (!(refused instanceof Refused)) throw refused
  expect(refused.problem).toMatchObject({ status: 409, errors: [{ pointer }] })
  expect(refused.problem.detail).toContain(pointer)
  expect([...races.values()]).toEqual([race])
})
