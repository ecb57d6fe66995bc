import { expect, test } from 'vitest'
import type { Head, Phase, Step } from '#contract'
import { createRaceSteps } from '../../../functions/stages/raceSteps.ts'
import { entryFact, lapFact, runFact } from '../../stories/facts.ts'
import { openFact } from '../../stories/ledger.ts'
import { ADA, anOfficeStore, BO, refusal, told } from '../../stories/officeStore.ts'
import { aRace, DISTANCE, FASTEST_LAP, GUN } from '../../stories/races.ts'

const attended = { attended: true, timetable: { countdownMs: 0, backlogMs: 0, protestMs: 0 } }
const trial = aRace(FASTEST_LAP, { ...attended, minLapMs: 5_000 })
const { raceId } = trial

/** A race in a phase, as its board shows it. */
async function office(phase?: Phase, race = trial) {
  const store = anOfficeStore(GUN + 60_000)
  await store.ports.createRace(race)
  if (phase) store.heads.set(raceId, phase)
  if (phase && phase !== 'scheduled') store.tell(openFact(race))
  return { ...store, step: createRaceSteps(store.ports) }
}
/** Signed when the classification rested on `below` facts: the opening alone, unless told. */
const proposal = (by: string, below = 1) =>
  told('propose', 50_000, { id: `propose.${by}.${below}`, by, below })

test('an opening freezes the race as it was changed last', async () => {
  const { step, tell, races } = await office()
  const changed = { ...trial, capacity: 7 }
  tell(told('configure', 0, { id: 'configure.1', before: trial, race: changed }))
  const stamp = { id: 'open', raceId, at: GUN + 60_000, recordedAt: GUN + 60_000, actor: ADA }
  expect(await step(raceId, 'open', ADA)).toEqual({ ...stamp, kind: 'open', race: changed })
  expect(races.get(raceId)?.race).toEqual(changed)
})

test.each<[Step, Phase]>([
  ['start', 'open'],
  ['close', 'running'],
  ['abort', 'scheduled'],
  ['abort', 'open'],
  ['abort', 'countdown'],
  ['abort', 'running']
])('%s is a fact of a race that is %s', async (asked, phase) => {
  const { step } = await office(phase)
  expect(await step(raceId, asked, ADA)).toMatchObject({ id: asked, kind: asked, actor: ADA })
})

test.each<[Step, Phase[]]>([
  ['open', ['running', 'official', 'aborted']],
  ['start', ['scheduled', 'countdown', 'running', 'finishing', 'aborted']],
  ['close', ['scheduled', 'open', 'countdown', 'finishing', 'provisional', 'aborted']],
  ['abort', ['finishing', 'provisional', 'official', 'aborted']],
  ['confirm', ['scheduled', 'open', 'running', 'finishing', 'official', 'aborted']]
])('%s makes no sense when a race is %s', async (asked, phases) => {
  for (const phase of phases) {
    const { step, facts, heads } = await office()
    heads.set(raceId, phase)
    const problem = await refusal(step(raceId, asked, ADA))
    expect(problem).toMatchObject({ status: 409, detail: expect.stringContaining(phase) })
    expect(facts()).toEqual([])
  }
})

test('a race that starts by its timetable is not started by hand', async () => {
  const { step } = await office('open', aRace(DISTANCE))
  expect((await refusal(step(raceId, 'start', ADA))).detail).toContain(new Date(GUN).toISOString())
})

test('a step that was taken is the same answer again, whatever the phase', async () => {
  const { step, heads, clock, facts } = await office('running')
  const first = await step(raceId, 'close', ADA)
  heads.set(raceId, 'official')
  clock.now += 1_000
  expect(await step(raceId, 'close', BO)).toEqual(first)
  expect(facts().filter(({ kind }) => kind === 'close')).toHaveLength(1)
})

test('of two who take a step at once both get the one fact', async () => {
  const { step, before, tell } = await office('running')
  const first = told('close', 0, { id: 'close', by: 'bo' })
  before.append = () => tell(first)
  expect(await step(raceId, 'close', ADA)).toEqual(first)
})

test('there are no steps of no race', async () => {
  const { step } = await office()
  expect(await refusal(step('no-race', 'open', ADA))).toMatchObject({ status: 404 })
})

test('a classification is confirmed by another person than who proposed it', async () => {
  const { step, tell, facts } = await office('provisional')
  expect((await refusal(step(raceId, 'confirm', ADA))).detail).toContain('was not proposed')
  tell(proposal('ada'))
  expect(await refusal(step(raceId, 'confirm', ADA))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('yourself')
  })
  expect(facts().some(({ kind }) => kind === 'confirm')).toBe(false)
  expect(await step(raceId, 'confirm', BO)).toMatchObject({ id: 'confirm', actor: BO })
})

test('a proposal lapses when a lap, a correction or any other fact bears on the classification', async () => {
  const { step, tell } = await office('provisional')
  tell(proposal('ada'), told('protest', 1, { bib: 1 }), told('settle', 2, { of: 'protest-1' }))
  tell(entryFact(1))
  expect(await refusal(step(raceId, 'confirm', BO))).toMatchObject({
    status: 409,
    detail: expect.stringContaining('proposes it again')
  })
  tell(proposal('ada', 2))
  expect(await step(raceId, 'confirm', BO)).toMatchObject({ kind: 'confirm' })
})

test('who proposed too may confirm what another person proposed', async () => {
  const { step, tell } = await office('provisional')
  tell(proposal('ada'), proposal('bo'))
  expect(await step(raceId, 'confirm', ADA)).toMatchObject({ kind: 'confirm' })
})

test('the same object id of another tenant is another person', async () => {
  const { step, tell } = await office('provisional')
  tell(proposal('ada'))
  const namesake = { ...ADA, tenant: 'elsewhere' } as const
  expect(await step(raceId, 'confirm', namesake)).toMatchObject({ kind: 'confirm' })
})

test('nothing is confirmed while a lap is held or a protest is not settled, and the answer names them', async () => {
  const { step, tell } = await office('provisional')
  tell(
    ...[entryFact(1), runFact(1), told('start', 0, { id: 'start' })],
    lapFact(1, 1, 4_000, 4_000),
    told('protest', 20_000, { id: 'protest.1.0', bib: 1, reason: 'cut the corner' })
  )
  const both = await refusal(step(raceId, 'confirm', BO))
  expect(both.errors?.map(({ pointer }) => pointer)).toEqual(['run-1-1', 'protest.1.0'])
  expect(both.detail).toMatch(/below the shortest lap.*cut the corner/)
  tell(told('correct', 30_000, { lapId: 'run-1-1', valid: true }))
  const one = await refusal(step(raceId, 'confirm', BO))
  expect(one.errors?.map(({ pointer }) => pointer)).toEqual(['protest.1.0'])
  tell(told('settle', 40_000, { of: 'protest.1.0' }), proposal('ada', 6))
  expect(await step(raceId, 'confirm', BO)).toMatchObject({ kind: 'confirm' })
})

test('a protest in a ride holds its confirmation too', async () => {
  const { step, tell } = await office('provisional', aRace(DISTANCE))
  tell(proposal('ada'), told('protest', 1, { id: 'protest.1.0', bib: 1 }))
  const problem = await refusal(step(raceId, 'confirm', BO))
  expect(problem.errors).toEqual([
    { pointer: 'protest.1.0', detail: '1: The result is contested: no reason was given' }
  ])
})

test('nothing is confirmed while the board of a ride holds values that nobody judged, also beyond its first rows', async () => {
  const race = aRace(DISTANCE)
  const store = anOfficeStore(GUN + 60_000)
  await store.ports.createRace(race)
  store.tell(openFact(race), proposal('ada'))
  const board = { phase: 'provisional', validity: 'underReview', top: [{ bib: 7, held: 5_000 }] }
  const shows = (head: object) =>
    createRaceSteps({ ...store.ports, readHead: async () => head as Head })(raceId, 'confirm', BO)
  expect((await refusal(shows(board))).errors).toMatchObject([
    { detail: expect.stringMatching(/^7: More was sent than can be ridden/) }
  ])
  expect(await refusal(shows({ ...board, top: [{ bib: 7 }] }))).toMatchObject({
    status: 409,
    errors: [{ detail: expect.stringContaining('nobody judged') }]
  })
  expect(store.facts().some(({ kind }) => kind === 'confirm')).toBe(false)
  const settled = { ...board, validity: 'provisional', top: [{ bib: 7 }] }
  expect(await shows(settled)).toMatchObject({ kind: 'confirm' })
})

test('a judgement lapses a proposal: the classification rests on it', async () => {
  const { step, tell } = await office('provisional', aRace(DISTANCE))
  tell(proposal('ada'), told('judge', 1, { bib: 1, value: 5, accepted: true }))
  expect((await refusal(step(raceId, 'confirm', BO))).detail).toContain('proposes it again')
})
