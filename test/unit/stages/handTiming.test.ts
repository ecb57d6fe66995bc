import { expect, test } from 'vitest'
import type { Fact, LapRequest, Race, RunEvent } from '#contract'
import { createHandTiming } from '../../../functions/stages/handTiming.ts'
import { ADA, BO, deskRun, openDesk, refusalOf } from '../../stories/desk.ts'
import { runEndFact, runFact } from '../../stories/facts.ts'
import { aRace, DISTANCE, FASTEST_LAP, GAME, GUN } from '../../stories/races.ts'

const race = aRace(FASTEST_LAP)
const { raceId } = race
const KEY = 'key-0001'
const LAP: LapRequest = { bib: 1, lap: 2, lapMs: 9_870, valid: true }

/** A desk a minute after run-1 of bib 1 began, at the gun. */
function desk({
  open = true,
  of = race,
  run = runFact(1)
}: {
  open?: boolean
  of?: Race
  run?: Fact
} = {}) {
  const { ports, clock, tell, all } = openDesk(of, { open })
  tell(run)
  clock.now = GUN + 60_000
  const timing = createHandTiming(ports)
  return {
    clock,
    tell,
    ports,
    lap: (changes: Partial<LapRequest> = {}, { key = KEY, runId = 'run-1', by = ADA } = {}) =>
      timing.lap({ raceId, runId, key, told: { ...LAP, ...changes } }, by),
    event: (kind: RunEvent['kind'], ms: number, { key = KEY, runId = 'run-1' } = {}) =>
      timing.event({ raceId, runId, key, told: { kind, at: GUN + ms } }, ADA),
    captured: () => all().filter(({ id }) => id.startsWith('hand.'))
  }
}

test('a lap by hand is a fact by the person, at its own time and with that of the ledger', async () => {
  const { lap, captured } = desk()
  const fact = await lap({ at: GUN + 12_000 })
  expect(fact).toEqual({
    ...LAP,
    id: 'hand.run-1.key-0001',
    raceId,
    runId: 'run-1',
    kind: 'lap',
    at: GUN + 12_000,
    recordedAt: GUN + 60_000,
    key: KEY,
    actor: ADA,
    source: 'hand'
  })
  expect(captured()).toEqual([fact])
})

test('a lap without an instant is complete when the server hears of it', async () => {
  expect(await desk().lap()).toMatchObject({ at: GUN + 60_000 })
})

test('a lap that its timekeeper does not count keeps the reason', async () => {
  const fact = await desk().lap({ valid: false, reason: 'not finished' })
  expect(fact).toMatchObject({ valid: false, reason: 'not finished' })
})

test('the same lap under the same key is one entry with one answer, whoever sends it again, also when the run has ended before it since', async () => {
  const { lap, tell, captured } = desk()
  const first = await lap({ at: GUN + 30_000, reason: 'by eye' })
  tell(runEndFact('run-1', 10_000))
  expect(await lap({ at: GUN + 30_000, reason: 'by eye' }, { by: BO })).toEqual(first)
  expect(captured()).toHaveLength(1)
})

test('a lap that was marked is known again', async () => {
  const { lap, tell, captured } = desk()
  tell(runEndFact('run-1', 10_000))
  const first = await lap({ at: GUN + 30_000 })
  expect(await lap({ at: GUN + 30_000 })).toEqual(first)
  expect(captured()).toHaveLength(1)
})

test('a lap that another instance stored at the same time is the answer', async () => {
  const { lap, ports, captured } = desk()
  const first = await lap({ at: GUN + 30_000 })
  ports.readRun = async () => [runFact(1)]
  expect(await lap({ at: GUN + 30_000 })).toEqual(first)
  expect((await refusalOf(lap({ at: GUN + 31_000 }))).status).toBe(422)
  expect(captured()).toHaveLength(1)
})

test.each([
  { bib: 2 },
  { lap: 3 },
  { lapMs: 1 },
  { valid: false },
  { at: GUN + 31_000 },
  { reason: 'other' }
])('a key is not used again for another lap: %o', async change => {
  const { lap, captured } = desk()
  await lap({ at: GUN + 30_000 })
  expect(await refusalOf(lap({ at: GUN + 30_000, ...change }))).toMatchObject({ status: 422 })
  expect(captured()).toHaveLength(1)
})

test('a key of a lap is not used again for an event, nor for another event', async () => {
  const { lap, event, captured } = desk()
  await lap()
  expect((await refusalOf(event('pause', 30_000))).status).toBe(422)
  await event('pause', 30_000, { key: 'key-0002' })
  expect((await refusalOf(event('resume', 30_000, { key: 'key-0002' }))).status).toBe(422)
  expect((await refusalOf(event('pause', 30_001, { key: 'key-0002' }))).status).toBe(422)
  expect(captured()).toHaveLength(2)
})

test('the same lap under another key, and the same key in another run, are laps of their own', async () => {
  const { lap, tell, captured } = desk()
  tell(runFact(1, 'run-2', 20_000))
  await lap()
  await lap({}, { key: 'key-0002' })
  await lap({}, { runId: 'run-2' })
  expect(new Set(captured().map(({ id }) => id)).size).toBe(3)
})

test.each([
  ['that ended more than five seconds before', { at: GUN + 15_001 }, 'after the run ended'],
  ['that began more than five seconds later', { at: GUN - 5_001 }, 'before the run began'],
  [
    'and a reason of its own',
    { at: GUN + 20_000, reason: 'cut the bend' },
    'after the run ended; cut the bend'
  ]
])('a lap of a run %s is recorded, and left to a person to judge', async (_what, told, reason) => {
  const { lap, tell } = desk()
  tell(runEndFact('run-1', 10_000), { ...runEndFact('run-1', 40_000), id: 'later-end' })
  expect(await lap(told)).toMatchObject({ ...told, valid: false, reason })
})

test.each([GUN + 15_000, GUN - 5_000])(
  'clocks may differ by five seconds: a lap counts at %d of a run from the gun to ten seconds later',
  async at => {
    const { lap, tell } = desk()
    tell(runEndFact('run-1', 10_000))
    const fact = await lap({ at })
    expect(fact.valid).toBe(true)
    expect(fact.reason).toBeUndefined()
  }
)

test("another competitor's lap is refused, naming whose run it is", async () => {
  const { lap, captured } = desk()
  const problem = await refusalOf(lap({ bib: 2 }))
  expect(problem).toMatchObject({ status: 409, errors: [{ pointer: '/bib' }] })
  expect(problem.detail).toContain("competitor 1's")
  expect(captured()).toEqual([])
})

test('there are no laps in no race, in no run, nor in a race that was not opened', async () => {
  const nowhere = openDesk(race).ports
  const timing = createHandTiming({
    ...nowhere,
    readRace: async () => undefined,
    readFact: async () => undefined
  })
  const entry = { raceId: 'nowhere', runId: 'run-1', key: KEY, told: LAP }
  expect((await refusalOf(timing.lap(entry, ADA))).status).toBe(404)
  expect((await refusalOf(desk().lap({}, { runId: 'run-7' }))).status).toBe(404)
  expect((await refusalOf(desk({ open: false }).lap())).type).toContain('race-not-open')
})

test.each([DISTANCE, GAME])('a race by $kind takes no laps by hand', async format => {
  expect((await refusalOf(desk({ of: aRace(format) }).lap())).status).toBe(409)
})

test.each([
  ['more than five seconds to come', GUN + 65_001],
  ['more than five seconds before the race opened', GUN - 65_001]
])('an instant %s is refused', async (_what, at) => {
  const { lap, event, captured } = desk()
  expect(await refusalOf(lap({ at }))).toMatchObject({ status: 400, errors: [{ pointer: '/at' }] })
  expect((await refusalOf(event('pause', at - GUN))).status).toBe(400)
  expect(captured()).toEqual([])
})

test.each([
  ['pause', {}],
  ['resume', {}],
  ['reset', { bib: 1, source: 'hand' }]
] as const)('a %s is a fact of the run', async (kind, parts) => {
  const { event, captured } = desk()
  const fact = await event(kind, 30_000)
  expect(fact).toEqual({
    ...parts,
    id: 'hand.run-1.key-0001',
    raceId,
    kind,
    runId: 'run-1',
    at: GUN + 30_000,
    recordedAt: GUN + 60_000,
    key: KEY,
    actor: ADA
  })
  expect(await event(kind, 30_000)).toEqual(fact)
  expect(captured()).toHaveLength(1)
})

test('an end names the devices of the run', async () => {
  const run = deskRun(1, 0, { deviceId: 'car-1', sensorId: 'line-1' })
  const { event } = desk({ run })
  expect(await event('end', 30_000)).toMatchObject({
    kind: 'runEnd',
    runId: 'run-1',
    deviceId: 'car-1',
    sensorId: 'line-1'
  })
  const byHand = desk({ run: deskRun(1, 0) })
  const fact = await byHand.event('end', 30_000)
  expect(Object.keys(fact)).not.toContain('deviceId')
})

test('an end that another person saw too is recorded beside the first', async () => {
  const { event, tell, captured } = desk()
  tell(runEndFact('run-1', 10_000))
  await event('end', 40_000)
  expect(captured()).toMatchObject([{ kind: 'runEnd', at: GUN + 40_000 }])
})

test('a pause or reset after the end is recorded with a mark', async () => {
  const { event, tell } = desk()
  tell(runEndFact('run-1', 10_000))
  expect(await event('reset', 30_000)).toMatchObject({ reason: 'after the run ended' })
})

test.each([
  ['pause', -5_001],
  ['reset', -5_001],
  ['end', -1]
] as const)('a %s %d ms from the beginning of its run is of another one', async (kind, ms) => {
  const { event, captured } = desk()
  expect(await refusalOf(event(kind, ms))).toMatchObject({
    status: 409,
    errors: [{ pointer: '/at' }]
  })
  expect(captured()).toEqual([])
})

test('a run is submitted once it has ended', async () => {
  const { event, tell } = desk()
  expect((await refusalOf(event('submit', 30_000))).status).toBe(409)
  tell(runEndFact('run-1', 10_000))
  const fact = await event('submit', 30_000)
  expect(fact).toMatchObject({ kind: 'submit', runId: 'run-1', actor: ADA })
  expect(fact.reason).toBeUndefined()
})
