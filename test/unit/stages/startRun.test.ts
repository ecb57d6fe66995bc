import { expect, test } from 'vitest'
import type { Fact, Race, RunRequest } from '#contract'
import { createStartRun } from '../../../functions/stages/startRun.ts'
import { ADA, BO, CONFLICT, deskRun, openDesk, refusalOf } from '../../stories/desk.ts'
import {
  entryFact,
  officialFact,
  retractionFact,
  runEndFact,
  withdrawalFact
} from '../../stories/facts.ts'
import { aRace, DISTANCE, FASTEST_LAP, GUN } from '../../stories/races.ts'

const race = aRace(FASTEST_LAP, {
  timetable: { ...aRace(FASTEST_LAP).timetable, durationMs: 600_000 }
})
const { raceId } = race
const MINUTE = 60_000

type Story = { of?: Race; facts?: Fact[]; open?: boolean; seated?: number[] }

/** A desk a minute after the gun; bibs 1 to 3 are on the start list. */
function desk({ of = race, facts = [], ...state }: Story = {}) {
  const { ports, clock, tell, all } = openDesk(of, state)
  tell(officialFact('start', 0), entryFact(1), entryFact(2), entryFact(3), ...facts)
  clock.now = GUN + MINUTE
  const begin = createStartRun(ports)
  return {
    clock,
    ports,
    tell,
    /** Begins run-9 of bib 1 now, unless told otherwise. */
    start: (changes: Partial<RunRequest> = {}, by = ADA) =>
      begin(raceId, { runId: 'run-9', bib: 1, proxy: false, at: clock.now, ...changes }, by),
    runs: () => all().filter(({ kind }) => kind === 'run')
  }
}

test('a run begins at its own instant, with its devices, by the person', async () => {
  const { start, runs } = desk()
  const devices = { deviceId: 'car-1', sensorId: 'line-1' }
  const fact = await start({ ...devices, proxy: true, at: GUN + 58_000 })
  expect(fact).toEqual({
    ...devices,
    id: 'run.run-9',
    raceId,
    kind: 'run',
    runId: 'run-9',
    bib: 1,
    proxy: true,
    at: GUN + 58_000,
    recordedAt: GUN + MINUTE,
    actor: ADA
  })
  expect(runs()).toEqual([fact])
})

test('the same run again is the same fact, also when it could not begin any more', async () => {
  const { start, runs, clock, tell } = desk()
  const at = clock.now
  const first = await start({ at })
  clock.now += 1_000
  tell(withdrawalFact(1))
  expect(await start({ at }, BO)).toEqual(first)
  expect(runs()).toHaveLength(1)
})

test('a run that another instance stored at the same time is the answer', async () => {
  const { start, ports, runs, clock } = desk()
  const first = await start()
  const told = (await ports.readLedger(raceId)).filter(({ kind }) => kind !== 'run')
  const blind = createStartRun({ ...ports, readLedger: async () => told })
  const asked = { runId: 'run-9', bib: 1, proxy: false, at: clock.now }
  expect(await blind(raceId, asked, BO)).toEqual(first)
  expect(await refusalOf(blind(raceId, { ...asked, bib: 2 }, BO))).toMatchObject(CONFLICT)
  expect(runs()).toHaveLength(1)
})

test.each([
  [{ bib: 2 }, '/bib', 'is 1 in the run that is there, not 2'],
  [{ deviceId: 'car-2' }, '/deviceId', 'is not given in the run that is there, not car-2'],
  [{ at: GUN + 1 }, '/at', `is ${GUN + MINUTE} in the run that is there, not ${GUN + 1}`],
  [{ proxy: true }, '/proxy', 'is false in the run that is there, not true']
])('another run under a known id is refused with both: %o', async (change, pointer, detail) => {
  const { start, runs } = desk()
  await start()
  expect(await refusalOf(start(change))).toMatchObject({
    ...CONFLICT,
    errors: [{ pointer, detail }]
  })
  expect(runs()).toHaveLength(1)
})

/** What speaks against a run of bib 1 with car-1 and line-1 that begins a minute after the gun. */
const DOUBTS: [string, { of?: Race; facts: Fact[] }, string, string][] = [
  [
    'a competitor who was withdrawn',
    { facts: [withdrawalFact(1, 30_000)] },
    '/bib',
    'not on the start list'
  ],
  [
    'a competitor who has had all runs',
    { of: { ...race, maxRuns: 1 }, facts: [deskRun(1, 0), runEndFact('run-1', 9_000)] },
    '/bib',
    'has had 1 of 1 runs'
  ],
  ['a competitor on the track', { facts: [deskRun(1, 0)] }, '/bib', 'on the track in run run-1'],
  [
    'a car that drives',
    { facts: [deskRun(2, 0, { deviceId: 'car-1' })] },
    '/deviceId',
    'competitor 2 in run run-2'
  ],
  [
    'a timer that times',
    { facts: [deskRun(2, 0, { sensorId: 'line-1' })] },
    '/sensorId',
    'competitor 2 in run run-2'
  ],
  ['a race that was closed', { facts: [officialFact('close', 50_000)] }, '/at', 'The race ended']
]
const ASKED = { deviceId: 'car-1', sensorId: 'line-1', at: GUN + MINUTE }

test.each(DOUBTS)('at the line, %s is refused', async (_who, story, pointer, words) => {
  const { start, runs, clock } = desk(story)
  const known = runs().length
  clock.now += 5_000
  const problem = await refusalOf(start(ASKED))
  expect(problem).toMatchObject({ ...CONFLICT, errors: [{ pointer }] })
  expect(problem.detail).toContain(words)
  expect(runs()).toHaveLength(known)
})

test.each(DOUBTS)(
  'once it was driven, a run of %s is recorded with what speaks against it',
  async (_who, story, _pointer, words) => {
    const { start, clock } = desk(story)
    clock.now += 5_001
    expect((await start(ASKED)).reason).toContain(words)
  }
)

test('a run begins beside others, after those that have ended, and before those that began later', async () => {
  const others = [
    deskRun(2, 0, { deviceId: 'car-2', sensorId: 'line-2' }),
    deskRun(1, 10_000, { deviceId: 'car-1' }),
    runEndFact('run-1', 50_000),
    deskRun(1, 61_000, { runId: 'run-3', deviceId: 'car-1', sensorId: 'line-1' })
  ]
  const { start, clock } = desk({ of: { ...race, maxRuns: 3 }, facts: others })
  clock.now += 4_000
  expect((await start(ASKED)).reason).toBeUndefined()
})

test('who took a seat is known without an entry', async () => {
  const { start } = desk({ seated: [4] })
  expect((await start({ bib: 4 })).bib).toBe(4)
  expect((await refusalOf(start({ runId: 'run-8', bib: 5 }))).detail).toContain(
    'Competitor 5 is not on the start list'
  )
})

test('a run whose beginning was taken back is none that the competitor has had', async () => {
  const facts = [deskRun(1, 0), retractionFact('run.run-1', 'retract', 20_000)]
  const { start, runs } = desk({ of: { ...race, maxRuns: 1 }, facts })
  await start()
  expect(runs()).toHaveLength(2)
})

test('no run begins in no race, in one that is not open, by readings, or at an instant that cannot be', async () => {
  const { ports } = desk()
  const begin = createStartRun(ports)
  const asked = { runId: 'run-9', bib: 1, proxy: false, at: GUN }
  expect((await refusalOf(begin('nowhere', asked, ADA))).status).toBe(404)
  expect((await refusalOf(desk({ open: false }).start())).type).toContain('race-not-open')
  expect((await refusalOf(desk({ of: aRace(DISTANCE) }).start())).status).toBe(409)
  expect((await refusalOf(desk().start({ at: GUN + MINUTE + 5_001 }))).status).toBe(400)
})
