import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { RaceRequest } from '#contract'
import { createRaceOffice } from '../../../functions/stages/raceOffice.ts'
import { openFact } from '../../stories/ledger.ts'
import { ADA, anOfficeStore, BO, refusal, told } from '../../stories/officeStore.ts'
import { aRace, DISTANCE, FASTEST_LAP, GUN } from '../../stories/races.ts'

const race = { ...aRace(DISTANCE, { capacity: 3 }), registration: { kind: 'open' as const } }
const { raceId } = race

function office() {
  const store = anOfficeStore()
  return { ...store, ...createRaceOffice(store.ports) }
}
/** An office with a race that has not opened. */
async function planned() {
  const known = office()
  await known.create(race, ADA)
  return known
}
const stored = ({ races }: ReturnType<typeof office>) => [...races.values()].map(one => one.race)
const changesIn = ({ facts }: ReturnType<typeof office>) =>
  facts().filter(fact => fact.kind === 'configure')

test('a race is stored, and its life begins by the one fact of whoever created it', async () => {
  const known = office()
  expect(await known.create(race, ADA)).toEqual({ race, created: true })
  expect(stored(known)).toEqual([race])
  expect(known.facts()).toEqual([{ id: 'schedule', raceId, kind: 'schedule', at: GUN, actor: ADA }])
})

test('the same request again gives the same race and no second fact', async () => {
  const { create, facts } = await planned()
  expect(await create(structuredClone(race), ADA)).toEqual({ race, created: false })
  expect(facts()).toHaveLength(1)
})

test('a request repeated after a crash between race and fact writes the fact', async () => {
  const { create, facts, before } = office()
  before.append = () => {
    throw new Error('crashed')
  }
  await expect(create(race, ADA)).rejects.toThrow('crashed')
  expect(facts()).toHaveLength(0)
  expect(await create(race, ADA)).toEqual({ race, created: false })
  expect(facts()).toHaveLength(1)
})

test.each<[string, Partial<RaceRequest>]>([
  ['/capacity', { capacity: 4 }],
  ['/format/kind', { format: { kind: 'game' } }],
  ['/timetable/protestMs', { timetable: { ...race.timetable, protestMs: 7 } }],
  ['/course/line/x1', { course: { ...race.course, line: { x1: 8, y1: 0, x2: 11, y2: 0 } } }]
])('another race under the same id is refused and its %s named', async (pointer, change) => {
  const known = await planned()
  const problem = await refusal(known.create({ ...race, ...change }, ADA))
  expect(problem).toMatchObject({ status: 409, errors: [{ pointer }] })
  expect(problem.detail).toContain(pointer)
  expect(stored(known)).toEqual([race])
})

test('a race that is not open is changed in parts, and the ledger has it before and after', async () => {
  const known = await planned()
  const changed = { ...race, capacity: 9, format: FASTEST_LAP }
  const after = await known.change(raceId, { capacity: 9, format: FASTEST_LAP }, BO)
  expect(after).toEqual(changed)
  expect(stored(known)).toEqual([changed])
  expect(changesIn(known)).toMatchObject([
    { id: 'configure.1', at: GUN, recordedAt: GUN, actor: BO, before: race, race: changed }
  ])
  await known.change(raceId, { capacity: 12 }, ADA)
  expect(changesIn(known)[1]).toMatchObject({ id: 'configure.2', before: changed })
  expect(stored(known)[0]).toMatchObject({ capacity: 12, format: FASTEST_LAP })
})

test('a change that changes nothing is no fact', async () => {
  const known = await planned()
  expect(await known.change(raceId, { capacity: 3, format: DISTANCE }, ADA)).toEqual(race)
  expect(changesIn(known)).toEqual([])
})

test('a race that is not there, is open or was aborted is not changed', async () => {
  const known = await planned()
  expect(await refusal(known.change('no-race', { capacity: 9 }, ADA))).toMatchObject({
    status: 404
  })
  known.tell(openFact(race))
  const open = await refusal(known.change(raceId, { capacity: 9 }, ADA))
  expect(open).toMatchObject({ status: 409, detail: expect.stringContaining('frozen') })
  const other = await planned()
  other.tell(told('abort', 0, { id: 'abort' }))
  const aborted = await refusal(other.change(raceId, { capacity: 9 }, ADA))
  expect(aborted).toMatchObject({ status: 409, detail: expect.stringContaining('aborted') })
  expect([...stored(known), ...stored(other)]).toEqual([race, race])
})

test('of two changes at once the second is a conflict that names both versions', async () => {
  const known = await planned()
  const first = { ...race, capacity: 20 }
  known.before.append = () =>
    known.tell(told('configure', 1, { id: 'configure.1', race: first, before: race }))
  const problem = await refusal(known.change(raceId, { capacity: 9 }, BO))
  expect(problem).toMatchObject({
    status: 409,
    errors: [{ pointer: '/capacity', detail: 'is now 20; asked was 9' }]
  })
  expect(stored(known)).toEqual([first])
})

test('a change whose write was lost is completed by the next look', async () => {
  const known = await planned()
  known.before.replace = () => {
    throw new Error('crashed')
  }
  await expect(known.change(raceId, { capacity: 9 }, ADA)).rejects.toThrow('crashed')
  expect(stored(known)).toEqual([race])
  expect(await known.change(raceId, { capacity: 9 }, ADA)).toEqual({ ...race, capacity: 9 })
  expect(stored(known)).toEqual([{ ...race, capacity: 9 }])
  expect(changesIn(known)).toHaveLength(1)
})

test('a change that comes too late for the opening is refused and put back', async () => {
  const known = await planned()
  known.before.append = () => known.tell(openFact(race))
  expect(await refusal(known.change(raceId, { capacity: 9 }, ADA))).toMatchObject({ status: 409 })
  expect(stored(known)).toEqual([race])
})

test('the tenth change is the latest', async () => {
  const known = await planned()
  for (let capacity = 10; capacity < 22; capacity++) {
    await known.change(raceId, { capacity }, ADA)
  }
  expect(stored(known)[0]?.capacity).toBe(21)
})

test('of a code its hash alone is stored, whoever asks again in other capitals asks the same', async () => {
  const known = office()
  const asked = (code: string) => ({ ...race, registration: { kind: 'code' as const, code } })
  await known.create(asked('Pedal1234'), ADA)
  expect(JSON.stringify([stored(known), known.facts()]).toLowerCase()).not.toContain('pedal1234')
  expect(stored(known)[0]?.registration).toEqual({
    kind: 'code',
    hash: createHash('sha256').update(`${raceId}:pedal1234`).digest('hex')
  })
  expect((await known.create(asked('PEDAL1234'), ADA)).created).toBe(false)
  const other = await refusal(known.create(asked('other-code'), ADA))
  expect(other).toMatchObject({ status: 409, errors: [{ pointer: '/registration/hash' }] })
  await known.change(raceId, { registration: { kind: 'code', code: 'other-code' } }, ADA)
  expect(stored(known)[0]?.registration).toEqual({
    kind: 'code',
    hash: createHash('sha256').update(`${raceId}:other-code`).digest('hex')
  })
})
