import { expect, test } from 'vitest'
import { type Head, Phase, type Race } from '#contract'
import { createNextRace } from '../../../functions/stages/nextRace.ts'
import { aRace, DISTANCE, FASTEST_LAP, GAME, GUN } from '../../stories/races.ts'

/** A race that begins so many minutes after the gun. */
function at(raceId: string, minutes: number, changes: Partial<Race> = {}, format = DISTANCE): Race {
  const race = aRace(format, { lateJoin: 'join', unlisted: false })
  const timetable = { ...race.timetable, startsAt: GUN + minutes * 60_000 }
  return { ...race, id: raceId, raceId, timetable, ...changes }
}
const OWN = at('own', 0)
const elsewhere = { course: { courseId: 'hill', name: 'Hill' } }

/** The next race after `OWN`. */
function nextOf(races: Race[], phases: Record<string, Phase> = {}) {
  const heads = Object.entries(phases).map(([raceId, phase]) => {
    const startsAt = races.find(race => race.raceId === raceId)?.timetable.startsAt ?? null
    return { raceId, phase, startsAt }
  })
  const ports = { readRaces: async () => [OWN, ...races], readSummaries: async () => heads }
  return createNextRace({ ...ports, now: () => GUN })(OWN, undefined)
}

test('the next race is the earliest of those that begin later on the same course', async () => {
  const races = [at('c', 30), at('b', 20), at('far', 5, elsewhere), at('before', -5)]
  expect(await nextOf(races)).toBe('b')
})

test('where the course has none it is one of the same kind elsewhere, and else none', async () => {
  const far = [at('later', 20, elsewhere), at('far', 5, elsewhere)]
  const others = [at('game', 1, {}, GAME), at('laps', 1, {}, FASTEST_LAP)]
  expect(await nextOf([...far, ...others])).toBe('far')
  expect(await nextOf(others)).toBeUndefined()
})

test('it is listed', async () => {
  expect(await nextOf([at('measured', 5, { unlisted: true }), at('b', 10)])).toBe('b')
})

test('it takes riders or will, and late ones where it is running', async () => {
  const found = new Map<string, string | undefined>()
  for (const phase of Phase.options) found.set(phase, await nextOf([at('b', 5)], { b: phase }))
  const taking = [...found].filter(([, next]) => next === 'b').map(([phase]) => phase)
  expect(taking).toEqual(['scheduled', 'open', 'countdown', 'running'])
  const waits = [at('b', 5, { lateJoin: 'wait' })]
  expect(await nextOf(waits, { b: 'running' })).toBeUndefined()
  expect(await nextOf(waits, { b: 'countdown' })).toBe('b')
})

test('who goes on from race to race never comes back, also between races of one start', async () => {
  const races = [OWN, at('a', 0), at('z', 0), at('attended', 0, { timetable: OWN.timetable })]
  const unplanned = at('unplanned', 0)
  const { startsAt: _none, ...timetable } = unplanned.timetable
  const all = [...races, { ...unplanned, timetable }]
  const ports = { readRaces: async () => all, readSummaries: async () => [], now: () => GUN }
  const next = createNextRace(ports)
  const way = ['a']
  for (;;) {
    const here = all.find(({ raceId }) => raceId === way.at(-1))!
    const onward = await next(here, undefined)
    if (!onward) break
    way.push(onward)
  }
  expect(way).toEqual(['a', 'attended', 'own', 'z', 'unplanned'])
})

test('races are read once in two seconds, however many ask', async () => {
  let reads = 0
  let now = GUN
  const next = createNextRace({
    async readRaces() {
      reads++
      return [OWN, at('b', 5)]
    },
    readSummaries: async () => [],
    now: () => now
  })
  const head = { phase: 'open', startsAt: GUN } as Head
  await Promise.all(Array.from({ length: 300 }, () => next(OWN, head)))
  expect(reads).toBe(1)
  now += 2_000
  expect(await next(OWN, head)).toBe('b')
  expect(reads).toBe(2)
})
