import { expect, test } from 'vitest'
import type { Actor, Fact } from '#contract'
import { createHandTiming } from '../../../functions/stages/handTiming.ts'
import { Refused } from '../../../functions/stages/problem.ts'
import { aRace, DISTANCE } from '../../stories/races.ts'

const ADA: Actor = { kind: 'person', tenant: 'a-tenant', object: 'ada' }
const NOW = 1_772_000_000_000
const race = aRace(DISTANCE)
const { raceId } = race
const lap = { bib: 1, lap: 2, lapMs: 9_870, valid: true }
const entry = { raceId, runId: 'run-1', key: 'key-0001', lap }

/** A timekeeper's desk, a second later at each entry; the race is open unless told. */
function desk({ open = true } = {}) {
  const ledger = new Map<string, Fact>()
  const base = { raceId, at: NOW, actor: ADA }
  if (open) ledger.set('open', { ...base, id: 'open', kind: 'open', race })
  let now = NOW
  const { record } = createHandTiming({
    readRace: async asked => (asked === raceId ? race : undefined),
    readFact: async (_raceId, id) => ledger.get(id),
    appendFact: async fact => !ledger.has(fact.id) && Boolean(ledger.set(fact.id, fact)),
    now: () => (now += 1_000)
  })
  return { record, laps: () => [...ledger.values()].filter(fact => fact.kind === 'lap') }
}
const statusOf = async (recorded: Promise<unknown>) => {
  const error = await recorded.catch((reason: unknown) => reason)
  return error instanceof Refused ? error.problem.status : error
}

test('a lap by hand is a fact by the person, at the time of its entry', async () => {
  const { record, laps } = desk()
  const fact = await record(entry, ADA)
  expect(fact).toEqual({
    ...lap,
    id: 'hand.run-1.key-0001',
    raceId,
    runId: 'run-1',
    kind: 'lap',
    at: NOW + 1_000,
    actor: ADA,
    source: 'hand'
  })
  expect(laps()).toEqual([fact])
})

test('the same lap under the same key is one entry with one answer, whoever sends it again', async () => {
  const { record, laps } = desk()
  const first = await record(entry, ADA)
  expect(await record({ ...entry, lap: { ...lap } }, { ...ADA, object: 'bo' })).toEqual(first)
  expect(laps()).toHaveLength(1)
})

test.each([{ bib: 2 }, { lap: 3 }, { lapMs: 1 }, { valid: false }])(
  'a key is not used again for another lap: %o',
  async change => {
    const { record, laps } = desk()
    await record(entry, ADA)
    const other = record({ ...entry, lap: { ...lap, ...change } }, ADA)
    expect(await statusOf(other)).toBe(422)
    expect(laps()).toHaveLength(1)
  }
)

test('the same lap under another key, and the same key in another run, are laps of their own', async () => {
  const { record, laps } = desk()
  await record(entry, ADA)
  await record({ ...entry, key: 'key-0002' }, ADA)
  await record({ ...entry, runId: 'run-2' }, ADA)
  expect(new Set(laps().map(({ id }) => id)).size).toBe(3)
})

test('there are no laps in no race, nor in one that was not opened', async () => {
  const { record, laps } = desk({ open: false })
  expect(await statusOf(record({ ...entry, raceId: 'no-race' }, ADA))).toBe(404)
  expect(await statusOf(record(entry, ADA))).toBe(409)
  expect(laps()).toEqual([])
})
