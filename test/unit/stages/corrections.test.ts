import { expect, test } from 'vitest'
import type { Fact } from '#contract'
import { createCorrections } from '../../../functions/stages/corrections.ts'
import {
  correctedTrial,
  missed,
  NOW,
  type Parts,
  REASON,
  toLap,
  toStatus,
  trial
} from '../../stories/correctedTrial.ts'
import { ADA, anOfficeStore, BO, refusal, told } from '../../stories/officeStore.ts'
import { GUN } from '../../stories/races.ts'

const { raceId } = trial

test('a correction says what stood before, why, who and when', async () => {
  const known = correctedTrial()
  const fact = await known.correct(toLap, { key: 'key-0001' })
  expect(fact).toEqual({
    ...{ id: 'run-1-1.0', raceId, kind: 'correct', lapId: 'run-1-1', lapMs: 9_000, valid: true },
    ...{ before: { lapMs: 10_000, valid: true }, reason: REASON, actor: ADA, key: 'key-0001' },
    ...{ at: NOW, recordedAt: NOW }
  })
  expect(known.resultOf(1)).toBe(9_000)
  const next = await known.correct({ ...toLap, valid: false, revision: 1 })
  expect(next).toMatchObject({ id: 'run-1-1.1', before: { lapMs: 9_000, valid: true } })
  expect(known.resultOf(1)).toBe(12_000)
})

test('a decision that does not know the latest one is a conflict that names both', async () => {
  const { correct, facts } = correctedTrial()
  await correct(toLap, { by: BO })
  const count = facts().length
  const problem = await refusal(correct({ ...toLap, lapMs: 8_000 }))
  expect(problem).toMatchObject({
    status: 409,
    errors: [
      {
        pointer: '/revision',
        detail: 'Revision 1 is there: the lap counts at 0:09.000, by bo, for: seen on video.'
      },
      { pointer: '', detail: 'Asked was: the lap counts at 0:08.000.' }
    ]
  })
  expect(await refusal(correct({ ...toStatus, revision: 1 }))).toMatchObject({
    status: 409,
    errors: [{ detail: 'Revision 0 is there: nothing was decided on it.' }, {}]
  })
  expect(facts()).toHaveLength(count)
})

test.each<[Parts, Fact]>([
  [toLap, told('correct', 1, { id: 'run-1-1.0', by: 'bo', lapId: 'run-1-1', valid: false })],
  [toLap, told('retract', 1, { id: 'run-1-1.0', by: 'bo', of: 'run-1-1' })],
  [toStatus, told('status', 1, { id: 'status.1.0', by: 'bo', bib: 1, status: 'dnf' })],
  [
    { kind: 'merge', bib: 1, from: 3 },
    told('merge', 1, { id: 'merge.3.0', by: 'bo', bib: 2, from: 3 })
  ],
  [{ kind: 'order', bibs: [2, 1] }, told('order', 1, { id: 'order.0', by: 'bo', bibs: [1, 2] })]
])('of two decisions at once the second is a conflict: %o', async (asked, other) => {
  const { correct, before, tell, facts } = correctedTrial()
  before.append = () => tell(other)
  const problem = await refusal(correct(asked))
  expect(problem).toMatchObject({ status: 409 })
  expect(problem.errors?.[0]?.detail).toMatch(/Revision 1 is there: .*, by bo/)
  expect(facts().at(-1)).toEqual(other)
})

test('a request that is repeated is one fact, whatever was decided since', async () => {
  const { correct, facts, clock } = correctedTrial()
  const sent: [Parts, string][] = [
    [toLap, 'key-lap-1'],
    [toStatus, 'key-status'],
    [missed, 'key-added'],
    [{ kind: 'order', bibs: [2, 1] }, 'key-order'],
    [{ kind: 'merge', bib: 2, from: 3 }, 'key-merge'],
    [{ kind: 'retract', of: 'run-1-1', revision: 1 }, 'key-retract'],
    [{ kind: 'protest', bib: 2 }, 'key-protest'],
    [{ kind: 'settle', of: 'protest.2.0' }, 'key-settle'],
    [{ kind: 'withdraw', bib: 2 }, 'key-withdraw']
  ]
  // The order is decided while both are equal.
  const order = [3, 0, 1, 2, 4, 5, 6, 7, 8].map(index => sent[index]!)
  const first = []
  for (const [asked, key] of order) {
    if (asked.kind === 'merge') await correct({ kind: 'status', bib: 2, status: 'nc', revision: 0 })
    first.push(await correct(asked, { key }))
  }
  const { length } = facts()
  clock.now += 1_000
  for (const [index, [asked, key]] of order.entries()) {
    expect(await correct(asked, { key })).toEqual(first[index])
  }
  expect(facts()).toHaveLength(length)
})

test('two copies of a request at once are one fact', async () => {
  const { correct, before, ports, facts } = correctedTrial()
  const twin = createCorrections(ports)
  const sent: Promise<Fact>[] = []
  before.append = () => {
    sent.push(twin({ raceId, key: 'key-0001', asked: { ...toStatus, reason: REASON } }, ADA))
  }
  const one = await correct(toStatus, { key: 'key-0001' })
  expect(await Promise.all(sent)).toEqual([one])
  expect(facts().filter(({ kind }) => kind === 'status')).toHaveLength(1)
})

test.each<[string, Partial<Parts>]>([
  ['another reason', { reason: 'changed my mind' }],
  ['another lap', { lapId: 'run-1-2' }],
  ['another time', { lapMs: 9_001 }],
  ['no time', { lapMs: undefined }],
  ['another verdict', { valid: false }]
])('a key is not used again for %s', async (_, change) => {
  const { correct } = correctedTrial()
  await correct(toLap, { key: 'key-0001' })
  const other = { ...toLap, ...change }
  expect(await refusal(correct(other, { key: 'key-0001' }))).toMatchObject({ status: 422 })
})

test('the latest decision holds although the clock of its server is behind', async () => {
  const known = correctedTrial()
  known.tell(told('status', 200_000, { bib: 1, status: 'dnf' }))
  const fact = await known.correct({ ...toStatus, status: 'running', revision: 1 })
  expect(fact).toMatchObject({ at: GUN + 200_001, recordedAt: NOW, before: 'dnf' })
})

test('a missed lap counts, although another person timed the run, and is added once', async () => {
  const known = correctedTrial()
  known.tell(told('run', 0, { id: 'run-3', runId: 'run-3', bib: 3, by: 'timekeeper' }))
  const added = await known.correct(missed)
  expect(added).toMatchObject({
    kind: 'lap',
    source: 'hand',
    valid: true,
    at: NOW,
    reason: REASON,
    actor: ADA
  })
  expect(known.resultOf(3)).toBe(8_000)
  expect(await refusal(known.correct({ ...missed, lapMs: 7_000 }))).toMatchObject({ status: 409 })
  await known.correct({ kind: 'retract', of: added.id, revision: 1 })
  expect(known.resultOf(3)).toBe(null)
})

test('a missed lap whose request is repeated after a crash counts, and what was decided since holds', async () => {
  const known = correctedTrial()
  const key = 'key-0001'
  const { ports, before } = known
  before.append = () => {
    before.append = () => {
      throw new Error('crashed')
    }
  }
  await expect(known.correct(missed, { key })).rejects.toThrow('crashed')
  const added = await known.correct(missed, { key })
  expect(known.resultOf(3)).toBe(8_000)
  await known.correct({ kind: 'lap', lapId: added.id, valid: false, revision: 1 })
  await createCorrections(ports)({ raceId, key, asked: { ...missed, reason: REASON } }, ADA)
  expect(known.resultOf(3)).toBe(null)
})

test('who is withdrawn is off the race in the ledger, and marked so where the name stands', async () => {
  const { correct, competitors, rows } = correctedTrial()
  const fact = await correct({ kind: 'withdraw', bib: 1 })
  expect(fact).toMatchObject({ kind: 'withdraw', bib: 1, reason: REASON })
  expect(rows().some(({ bib }) => bib === 1)).toBe(false)
  expect(competitors.get('rider-1')?.entries).toEqual([
    { raceId: 'last-year', bib: 3 },
    { raceId, bib: 1, withdrawn: true }
  ])
})

test('a withdrawal is completed by its repetition after a crash, and survives another writer', async () => {
  const { correct, competitors, before, facts } = correctedTrial()
  const key = 'key-0001'
  before.replace = () => {
    throw new Error('crashed')
  }
  const asked = { kind: 'withdraw', bib: 1 } as const
  await expect(correct(asked, { key })).rejects.toThrow('crashed')
  const withdrawals = () => facts().filter(({ kind }) => kind === 'withdraw')
  expect(withdrawals()).toHaveLength(1)
  before.replace = () => {
    const competitor = competitors.get('rider-1')!
    competitors.set('rider-1', { ...competitor, name: 'Rider One' })
  }
  await correct(asked, { key })
  expect(competitors.get('rider-1')).toMatchObject({
    name: 'Rider One',
    entries: [{}, { withdrawn: true }]
  })
  expect(withdrawals()).toHaveLength(1)
})

test('who was entered again since keeps the name when a withdrawal is repeated', async () => {
  const { correct, competitors, tell } = correctedTrial()
  const key = 'key-0001'
  await correct({ kind: 'withdraw', bib: 1 }, { key })
  tell(told('enter', 150_000, { id: 'again', bib: 1, competitorId: 'rider-1' }))
  const competitor = competitors.get('rider-1')!
  competitors.set('rider-1', { ...competitor, entries: [{ raceId, bib: 1 }] })
  await correct({ kind: 'withdraw', bib: 1 }, { key })
  expect(competitors.get('rider-1')?.entries).toEqual([{ raceId, bib: 1 }])
})

test('no race is corrected that is not there or has not opened', async () => {
  const store = anOfficeStore(NOW)
  const correct = createCorrections(store.ports)
  const request = { raceId, key: 'key-0001', asked: { ...toStatus, reason: REASON } }
  expect(await refusal(correct(request, ADA))).toMatchObject({ status: 404 })
  await store.ports.createRace(trial)
  expect(await refusal(correct(request, ADA))).toMatchObject({ status: 409 })
})
