import { describe, expect, it } from 'vitest'
import type { Head, Phase, Race } from '#contract'
import { Refused } from '../../../functions/stages/problem.ts'
import { createRaces, type RacesQuery, summaryOf } from '../../../functions/stages/races.ts'
import { boardOfRiders } from '../../stories/boards.ts'
import { aRace, DISTANCE, GUN } from '../../stories/races.ts'

const race = (raceId: string, startsAt?: number): Race => {
  const { startsAt: _, ...timetable } = aRace(DISTANCE).timetable
  return aRace(DISTANCE, {
    id: raceId,
    raceId,
    timetable: startsAt === undefined ? timetable : { ...timetable, startsAt }
  })
}
const head = (raceId: string, phase: Phase, startsAt: number | null): Head => ({
  ...boardOfRiders(1, 2).head,
  raceId,
  phase,
  startsAt
})

function programme(races: Race[], heads: Head[] = []) {
  const clock = { now: 0 }
  let reads = 0
  const stage = createRaces({
    async readRaces() {
      reads++
      return races
    },
    readHeads: async () => heads.map(summaryOf),
    readRace: async raceId => races.find(one => one.raceId === raceId),
    readHead: async raceId => heads.find(one => one.raceId === raceId),
    now: () => clock.now
  })
  const list = (query: Partial<RacesQuery> = {}) =>
    stage.list({ state: undefined, limit: 10, continuation: undefined, ...query })
  return { clock, list, detail: stage.detail, reads: () => reads }
}

describe('the list of races', () => {
  it('has the newest start first, those without a start before all, and planned ones without a board', async () => {
    const { list } = programme(
      [race('old', GUN), race('new', GUN + 9), race('open-end'), race('also', GUN)],
      [head('old', 'running', GUN + 5)]
    )
    const { races, continuation } = await list()
    expect(races.map(({ raceId, phase }) => [raceId, phase])).toEqual([
      ['open-end', 'scheduled'],
      ['new', 'scheduled'],
      ['old', 'running'],
      ['also', 'scheduled']
    ])
    expect(continuation).toBeNull()
  })

  it('comes in pages that together are the whole list', async () => {
    const { list } = programme(Array.from({ length: 7 }, (_, i) => race(`race-${i}`, GUN + i)))
    const seen: string[] = []
    let continuation: string | undefined
    do {
      const page = await list({ limit: 3, continuation })
      seen.push(...page.races.map(({ raceId }) => raceId))
      continuation = page.continuation ?? undefined
    } while (continuation)
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map(i => `race-${i}`))
  })

  it('has only the races of a phase that was asked for', async () => {
    const heads = [head('a', 'running', GUN), head('b', 'official', GUN)]
    const { list } = programme([race('a'), race('b'), race('c')], heads)
    const ids = async (state: Phase) => (await list({ state })).races.map(({ raceId }) => raceId)
    expect(await ids('running')).toEqual(['a'])
    expect(await ids('scheduled')).toEqual(['c'])
  })

  it('is read once every two seconds however many ask', async () => {
    const { clock, list, reads } = programme([race('a')])
    await Promise.all(Array.from({ length: 500 }, () => list()))
    clock.now = 1_999
    await list()
    expect(reads()).toBe(1)
    clock.now = 2_000
    await list()
    expect(reads()).toBe(2)
  })

  it('does not start over for a page after a race that left the state meanwhile', async () => {
    const races = ['a', 'b', 'c', 'd'].map((id, i) => race(id, GUN - i))
    const heads = races.map(({ raceId }, i) => head(raceId, 'running', GUN - i))
    const { clock, list } = programme(races, heads)
    const first = await list({ state: 'running', limit: 2 })
    expect(first.continuation).toBe('b')
    heads[1]!.phase = 'finishing'
    clock.now = 5_000
    const second = await list({ state: 'running', limit: 2, continuation: 'b' })
    expect(second.races.map(({ raceId }) => raceId)).toEqual(['c', 'd'])
  })
})

describe('an unlisted race', () => {
  it('is in no list, and told to who knows its name', async () => {
    const hidden = { ...race('hidden', GUN), unlisted: true }
    const { list, detail } = programme([race('a', GUN), hidden], [head('hidden', 'running', GUN)])
    expect((await list()).races.map(({ raceId }) => raceId)).toEqual(['a'])
    expect((await list({ state: 'running' })).races).toEqual([])
    expect(await detail('hidden')).toMatchObject({ raceId: 'hidden', phase: 'running' })
  })
})

describe('one race', () => {
  it('is told with its configuration and where it is in its life', async () => {
    const { detail } = programme([race('a', GUN)], [head('a', 'running', GUN + 3)])
    expect(await detail('a')).toMatchObject({
      raceId: 'a',
      phase: 'running',
      startsAt: GUN + 3,
      capacity: 10_000,
      ties: 'competition',
      competitors: 2
    })
  })

  it('is told with all that is public of it, and of its access code only that there is one', async () => {
    const {
      id: _,
      registration,
      unlisted,
      ...all
    } = {
      ...race('a', GUN),
      ...{ minLapMs: 5, maxRuns: 3, runMs: 60_000, allowedResets: 2, classes: ['A'] },
      ...{ lateJoin: 'wait', trials: 'one', idleMs: 30_000 },
      registration: { kind: 'code', hash: 'f'.repeat(64) }
    } satisfies Race
    const { detail } = programme([{ ...all, id: 'a', registration, unlisted }])
    const told = await detail('a')
    expect(told).toMatchObject({ ...all, registration: 'code' })
    expect(JSON.stringify(told)).not.toContain(registration.hash)
  })

  it('that is only planned is told with its planned start and end', async () => {
    const { detail } = programme([race('a', GUN)])
    const planned = { phase: 'scheduled', startsAt: GUN, endsAt: GUN + 20_000, competitors: 0 }
    expect(await detail('a')).toMatchObject(planned)
  })

  it('that does not exist is refused', async () => {
    await expect(programme([]).detail('a')).rejects.toBeInstanceOf(Refused)
  })
})
