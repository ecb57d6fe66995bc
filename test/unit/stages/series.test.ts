import * as v from 'valibot'
import { expect, test } from 'vitest'
import { SeriesRequest as Schema, SERIES_MAX_RACES, type SeriesRequest } from '#contract'
import { createRaceOffice } from '../../../functions/stages/raceOffice.ts'
import { createSeries } from '../../../functions/stages/series.ts'
import { ADA, anOfficeStore, refusal } from '../../stories/officeStore.ts'
import { GUN } from '../../stories/races.ts'

const MINUTE = 60_000
const asked = (changes: object = {}, race: object = {}): SeriesRequest =>
  v.parse(Schema, {
    ...{ seriesId: 'evening', races: 3, startsAt: GUN, everyMs: 5 * MINUTE + 3_000 },
    race: {
      ...{ name: 'Evening ride', format: { kind: 'ride', metric: 'distance' }, capacity: 1_000 },
      course: { courseId: 'flat', name: 'Flat road' },
      timetable: { durationMs: 5 * MINUTE },
      ...race
    },
    ...changes
  })

function office() {
  const store = anOfficeStore()
  const series = createSeries({
    ...createRaceOffice(store.ports),
    readRace: store.ports.readRace
  })
  return { ...store, make: (request: SeriesRequest) => series(request, ADA) }
}
const ids = ({ races }: ReturnType<typeof office>) => [...races.keys()]
const IDS = ['evening-1', 'evening-2', 'evening-3']

test('races of a series are numbered, start at their distance and open before', async () => {
  const known = office()
  const made = await known.make(asked())
  expect(made).toEqual({ created: true, series: { seriesId: 'evening', races: IDS } })
  expect([...known.races.values()].map(({ race }) => race)).toMatchObject(
    IDS.map((raceId, index) => ({
      ...{ id: raceId, raceId, name: `Evening ride ${index + 1}`, attended: false },
      timetable: {
        startsAt: GUN + index * 303_000,
        opensAt: GUN + index * 303_000 - 2 * MINUTE,
        durationMs: 5 * MINUTE
      }
    }))
  )
  expect(known.facts().map(({ kind, raceId }) => `${kind} ${raceId}`)).toEqual(
    IDS.map(raceId => `schedule ${raceId}`)
  )
})

test('the code of a series is stored as another hash in each race, and never itself', async () => {
  const known = office()
  await known.make(asked({}, { registration: { kind: 'code', code: 'Pedal1234' } }))
  const kept = [...known.races.values()].map(({ race }) => race.registration)
  expect(new Set(kept.map(one => one.kind === 'code' && one.hash)).size).toBe(3)
  expect(JSON.stringify(kept).toLowerCase()).not.toContain('pedal1234')
})

test('the same request again is the same answer, and completes what a crash left half done', async () => {
  const known = office()
  known.before.append = () => {
    throw new Error('crashed')
  }
  await expect(known.make(asked())).rejects.toThrow('crashed')
  expect(known.facts().length).toBeLessThan(3)
  expect((await known.make(asked())).series.races).toEqual(IDS)
  expect(known.facts()).toHaveLength(3)
  expect(await known.make(asked())).toEqual({
    created: false,
    series: { seriesId: 'evening', races: IDS }
  })
  expect(known.facts()).toHaveLength(3)
})

test('a series goes on where it ends', async () => {
  const known = office()
  await known.make(asked())
  expect((await known.make(asked({ races: 5 }))).created).toBe(true)
  expect(ids(known)).toEqual([...IDS, 'evening-4', 'evening-5'])
})

test.each([
  ['/timetable/opensAt', { startsAt: GUN + 1 }, {}],
  ['/capacity', {}, { capacity: 7 }],
  ['/timetable/opensAt', { everyMs: 6 * MINUTE }, {}],
  ['/races', { races: 2 }, {}]
])(
  'another series under the id is refused by its %s, and makes no race',
  async (pointer, changes, race) => {
    const known = office()
    await known.make(asked())
    expect(await refusal(known.make(asked(changes, race)))).toMatchObject({
      status: 409,
      errors: [{ pointer }]
    })
    expect(ids(known)).toEqual(IDS)
  }
)

test('races that would run into each other are refused with what to do', async () => {
  const known = office()
  const problem = await refusal(known.make(asked({ everyMs: 5 * MINUTE + 2_999 })))
  expect(problem).toMatchObject({ status: 400, errors: [{ pointer: '/everyMs' }] })
  expect(problem.detail).toContain('303 s apart')
  expect(ids(known)).toEqual([])
})

test('what a number makes too long is refused before any race is made', async () => {
  const known = office()
  const long = asked({ seriesId: 'x'.repeat(63), races: 10 })
  expect(await refusal(known.make(long))).toMatchObject({ errors: [{ pointer: '/seriesId' }] })
  const named = asked({ races: 10 }, { name: 'n'.repeat(78) })
  expect(await refusal(known.make(named))).toMatchObject({ errors: [{ pointer: '/race/name' }] })
  expect(ids(known)).toEqual([])
})

test('a day of races is made some at a time', async () => {
  const store = anOfficeStore()
  let now = 0
  let most = 0
  const { create, compare } = createRaceOffice(store.ports)
  const series = createSeries({
    ...{ compare, readRace: store.ports.readRace },
    async create(race, actor) {
      most = Math.max(most, ++now)
      const made = await create(race, actor)
      now--
      return made
    }
  })
  await series(asked({ races: SERIES_MAX_RACES }), ADA)
  expect(store.races.size).toBe(SERIES_MAX_RACES)
  expect(most).toBeLessThanOrEqual(8)
})
