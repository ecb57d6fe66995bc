import { expect, test } from 'vitest'
import type { Actor, Fact, RaceDetail, ReviewItem, TimedLap } from '#contract'
import { ApiError } from '../../../web/call.ts'
import { hashOf, placeOf } from '../../../web/officials/director/address.ts'
import { DecisionView } from '../../../web/officials/director/decisionView.svelte.ts'
import { correctionOf, type Draft, lapDeeds } from '../../../web/officials/director/deeds.ts'
import { factWords } from '../../../web/officials/director/factWords.ts'
import { fieldTimeOf, instantOf, lapMsOf } from '../../../web/officials/director/lapText.ts'
import { filtered } from '../../../web/officials/director/ledgerFilter.ts'
import { LedgerView } from '../../../web/officials/director/ledgerView.svelte.ts'
import { compared, gained } from '../../../web/officials/director/pastView.svelte.ts'
import {
  changedParts,
  draftOf,
  newDraft,
  partsOf
} from '../../../web/officials/director/raceDraft.ts'
import { type StandingFacts, standingOf } from '../../../web/officials/director/standing.ts'
import { shortIn, whoOf } from '../../../web/officials/director/who.ts'
import { rowOf } from '../../browser/boards.ts'

const ADA = '3f2a91c0-0000-4000-8000-000000000001'
const BO = '7b11d2aa-0000-4000-8000-000000000002'
const person = (object: string): Actor => ({ kind: 'person', tenant: 't', object })
const me = { tenant: 't', object: ADA, roles: ['admin'] }
let ids = 0
const fact = (kind: Fact['kind'], parts: object = {}): Fact =>
  ({ id: `f${++ids}`, raceId: 'r', kind, at: ids, actor: person(BO), ...parts }) as Fact
const lap: TimedLap = {
  ...{ lapId: 'l', runId: 'run-1', bib: 5, lap: 2, ms: 7_802, state: 'counts', why: '' },
  ...{ source: 'hand', resets: 0, at: 0, recordedAt: 0, by: person(BO), revision: 1 }
}
const draft: Draft = {
  ...{ time: '', runId: '', lapNumber: '', at: '', otherBib: '', bibs: [], reason: 'Video' }
}

test('times are read as people write them, and nothing else is', () => {
  const read = ['7.731', '7,7', '1:07.731', '1:02:03', '90', ' 5:00 '].map(lapMsOf)
  expect(read).toEqual([7_731, 7_700, 67_731, 3_723_000, 90_000, 300_000])
  for (const wrong of ['', '0', '1:60', '1:60:00', '-1', '7.7311', '7s', '1e3'])
    expect(lapMsOf(wrong)).toBeUndefined()
})

test('an instant comes back from its field, to the second', () => {
  expect(instantOf(fieldTimeOf(1_795_257_777_000))).toBe(1_795_257_777_000)
  expect(instantOf('')).toBeUndefined()
})

test('an address says race, part and competitor, and a wrong one as much as it can', () => {
  const place = { raceId: 'final', part: 'board', bib: 33 } as const
  expect(placeOf(hashOf(place))).toEqual(place)
  expect(placeOf('#office/final/nowhere/0')).toEqual({
    ...{ raceId: 'final', part: 'ledger', bib: undefined }
  })
  expect(placeOf('#fleet/final')).toMatchObject({ raceId: undefined })
})

test('a lap that is judged keeps the time it has, and a decision without a reason is not sent', () => {
  expect(correctionOf('invalid', { bib: 5, lap }, draft, 1)).toEqual({
    correction: {
      ...{ kind: 'lap', lapId: 'l', lapMs: 7_802, valid: false, revision: 1, reason: 'Video' }
    }
  })
  const refused = correctionOf('time', { bib: 5, lap }, { ...draft, time: 'x', reason: '' }, 1)
  expect('faults' in refused && refused.faults.map(({ pointer }) => pointer)).toEqual([
    '/lapMs',
    '/reason'
  ])
  expect(correctionOf('merge', { bib: 5 }, { ...draft, otherBib: 'x' }, 0)).toMatchObject({
    faults: [{ pointer: '/from' }]
  })
})

test('what may be decided on a lap depends on how it stands', () => {
  expect(lapDeeds({ ...lap, state: 'retracted' })).toEqual(['restore'])
  expect(lapDeeds({ ...lap, state: 'held' })).toContain('counts')
  expect(lapDeeds(lap)).not.toContain('counts')
})

test('facts are told in words, with who did them by a short id', () => {
  const told = fact('lap', { bib: 5, lap: 2, lapMs: 7_802, source: 'sensor', valid: true })
  const context = {
    nameOf: (bib: number) => `Number ${bib}`,
    factOf: (id: string) => (id === told.id ? told : undefined),
    isHeld: (id: string) => id === 'held',
    lang: 'en',
    markOf: () => undefined
  }
  const before = { lapMs: 7_802, valid: true }
  const correct = { lapId: told.id, before }
  expect(factWords(fact('correct', { ...correct, lapMs: 7_811, valid: true }), context)).toEqual({
    ...{ title: 'Time corrected', about: 'Number 5, lap 2', before: '7.802', after: '7.811' }
  })
  expect(factWords(fact('correct', { ...correct, valid: true }), context).title).toBe('Lap counts')
  expect(factWords(fact('correct', { ...correct, valid: false }), context)).toMatchObject({
    ...{ after: 'not valid', mark: 'invalid' }
  })
  expect(factWords({ ...told, id: 'held' }, context)).toMatchObject({ after: 'held', mark: 'held' })
  expect(factWords(fact('retract', { of: 'far' }), context).about).toBe('told further back')
  expect(whoOf(fact('correct'), me)).toEqual({ name: '7b11d2aa', role: 'race director' })
  expect(whoOf(fact('propose', { actor: person(ADA) }), me)).toEqual({
    ...{ name: 'You', role: 'timekeeper' }
  })
  const app: Actor = { kind: 'app', app: 'aggregate' }
  expect(whoOf({ ...told, actor: app }, me).name).toBe('Lap sensor')
  expect(shortIn(`it is so, by ${BO}, for: x`)).toBe('it is so, by 7b11d2aa, for: x')
})

test('a filter lets through what it says', () => {
  const facts = [
    ...[fact('lap'), fact('correct'), fact('protest'), fact('settle'), fact('merge')],
    fact('lap', { id: 'added.r.1.0' })
  ]
  const held: ReviewItem = { kind: 'held', bib: 1, runId: null, of: [facts[0]!.id], detail: '' }
  const kinds = (filter: Parameters<typeof filtered>[1]) =>
    filtered(facts, filter, [held]).map(({ kind }) => kind)
  expect(kinds('all')).toHaveLength(6)
  expect(kinds('corrections')).toEqual(['correct', 'merge', 'lap'])
  expect(kinds('held')).toEqual(['lap'])
  expect(kinds('protests')).toEqual(['protest', 'settle'])
})

const race = {
  ...{ phase: 'provisional', validity: 'provisional', startsAt: 0, endsAt: 60_000, attended: true },
  timetable: { backlogMs: 20_000, protestMs: 1_200_000, countdownMs: 0 }
} as RaceDetail
const standing = (parts: Partial<StandingFacts>) =>
  standingOf({
    ...{ race, phaseEndsAt: null, closedAt: 0, review: [], facts: [], areAll: true, me },
    ...{ now: 206_999, lang: 'en', ...parts }
  })

test('the second signature waits for the first, another person, and all that is open', () => {
  const why = (parts: Partial<StandingFacts>) => standing(parts).signature?.why
  const by = (object: string, below = 0) => fact('propose', { actor: person(object), below })
  expect(why({})).toContain('A timekeeper proposes')
  expect(why({ areAll: false })).toBeUndefined()
  expect(why({ facts: [by(ADA)] })).toContain('yourself')
  expect(why({ facts: [by(ADA), by(BO)] })).toBeUndefined()
  expect(why({ facts: [fact('correct'), by(BO)] })).toContain('has changed since')
  expect(why({ facts: [fact('correct'), by(BO)], areAll: false })).toContain('has changed since')
  const protest: ReviewItem = { kind: 'protest', bib: 1, runId: null, of: ['p'], detail: '' }
  expect(why({ facts: [by(BO)], review: [protest] })).toContain('1 protest to settle')
  expect(standing({}).signature?.detail).toBe('protests close in 17:53')
  expect(standing({ now: 1_280_000 }).signature?.detail).toContain('protests closed')
})

test('the way to an official result says where one is', () => {
  const current = (parts: Partial<RaceDetail>) =>
    standing({ race: { ...race, ...parts } })
      .stages.filter(({ isCurrent }) => isCurrent)
      .map(({ title }) => title)
  expect(current({})).toEqual(['Provisional'])
  expect(current({ validity: 'underReview' })).toEqual(['Under review'])
  expect(current({ phase: 'running' })).toEqual(['Running'])
  expect(current({ phase: 'official', validity: 'official' })).toEqual(['Official'])
  expect(current({ phase: 'aborted' })).toEqual(['Aborted'])
  expect(standing({ race: { ...race, attended: false } }).signature).toBeUndefined()
})

test('boards of two moments stand side by side, whoever came or went', () => {
  const rows = compared(
    [rowOf(1, { rank: 1 }), rowOf(2, { rank: 2 })],
    [rowOf(2, { rank: 1 }), rowOf(3, { rank: 2 })]
  )
  expect(rows.map(({ bib }) => bib)).toEqual([1, 2, 3])
  expect(rows.map(gained)).toEqual([undefined, 1, undefined])
})

test('a ledger grows at its new end, reads on at its old one, and begins anew after a gap', async () => {
  const facts = Array.from({ length: 5 }, (_, i) => fact('lap', { id: `n${i}` }))
  let known = facts.slice(0, 3)
  const view = new LedgerView(async continuation => {
    const newest = known.toReversed()
    const from = continuation ? newest.findIndex(({ id }) => id === continuation) + 1 : 0
    const page = newest.slice(from, from + 2)
    return {
      raceId: 'r',
      facts: page,
      continuation: from + 2 < newest.length ? page.at(-1)!.id : null
    }
  })
  const shown = () => view.facts.map(({ id }) => id)
  await view.refresh()
  expect([shown(), view.areAll]).toEqual([['n2', 'n1'], false])
  await view.readOn()
  expect([shown(), view.areAll]).toEqual([['n2', 'n1', 'n0'], true])
  known = facts.slice(0, 4)
  expect(await view.refresh()).toBe(true)
  expect(shown()).toEqual(['n3', 'n2', 'n1', 'n0'])
  expect(await view.refresh()).toBe(false)
  known = [...facts, fact('lap', { id: 'n5' })]
  await view.refresh()
  expect([shown(), view.areAll]).toEqual([['n5', 'n4'], false])
})

test('a race is changed by the parts that were touched, and what is no number is kept to be refused', () => {
  const before = draftOf({ raceId: 'final', name: 'Final', capacity: 40, minLapMs: 6_500 })
  const parts = (changes: object) => {
    const changed = { ...before, ...changes }
    return changedParts(partsOf(changed, undefined), changed, before)
  }
  expect(parts({})).toEqual({})
  expect(parts({ minLap: '7' })).toEqual({ minLapMs: 7_000 })
  expect(parts({ protestMinutes: '5', capacity: 'many' })).toEqual({
    capacity: 'many',
    timetable: expect.objectContaining({ protestMs: 300_000 })
  })
  expect(partsOf({ ...newDraft(), raceId: 'x', name: 'X' }, undefined)).toMatchObject({
    course: { courseId: 'x', name: 'X' },
    id: 'x'
  })
})

test('a decision goes again under its key, another under a new one, and a conflict waits for a person', async () => {
  const sent: [number, string][] = []
  let failure: unknown = new ApiError(0, 'no link')
  let revision = 1
  let keys = 0
  const view = new DecisionView({
    async send(correction, key) {
      sent.push(['revision' in correction ? correction.revision : -1, key])
      if (failure) throw failure
    },
    revisionOf: () => revision,
    refresh: async () => undefined,
    newKey: () => `key-${keys++}`
  })
  view.open('invalid', { bib: 5, lap })
  view.draft.reason = 'Off the track'
  await view.send()
  expect(view.refusal).toContain('not reached')
  failure = new ApiError(409, 'conflict', 0, {
    ...{ type: 't', title: 'Conflict', status: 409, detail: 'Otherwise.' },
    errors: [
      { pointer: '/revision', detail: `Revision 2 is there: it counts, by ${BO}.` },
      { pointer: '', detail: 'Asked was: it does not.' }
    ]
  })
  revision = 2
  await view.send()
  expect(view.conflict).toEqual({
    there: 'Revision 2 is there: it counts, by 7b11d2aa.',
    asked: 'Asked was: it does not.'
  })
  failure = undefined
  await view.insist()
  expect(sent).toEqual([
    [1, 'key-0'],
    [1, 'key-0'],
    [2, 'key-1']
  ])
  expect([view.deed, view.done]).toEqual([undefined, 'Not valid: recorded.'])
})
