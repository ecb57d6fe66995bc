import * as v from 'valibot'
import { expect, test } from 'vitest'
import { RaceRequest, SeriesRequest } from '#contract'
import { correctionOf, judgedBy } from '../../../web/officials/director/deeds.ts'
import { ExtendView } from '../../../web/officials/director/extendView.svelte.ts'
import { newCode } from '../../../web/officials/director/newCode.ts'
import {
  changedParts,
  draftOf,
  newDraft,
  partsOf,
  seriesOf
} from '../../../web/officials/director/raceDraft.ts'

const ride = { ...newDraft(), raceId: 'lunch', name: 'Lunch', kind: 'ride' as const }

test('a ride or game has seats with its rules, a race of laps a start list', () => {
  const game = {
    ...{ ...ride, kind: 'game' as const, shotPoints: '100', shotMs: '250' },
    ...{ registration: 'code' as const, code: ' pedal-1234 ', trials: 'one' as const, idleS: '60' }
  }
  expect(v.parse(RaceRequest, partsOf(game, undefined))).toMatchObject({
    format: { kind: 'game', limits: { shotPoints: 100, shotMs: 250 } },
    registration: { kind: 'code', code: 'pedal-1234' },
    ...{ trials: 'one', lateJoin: 'join', idleMs: 60_000 }
  })
  const laps = partsOf({ ...game, kind: 'fastestLap' }, undefined)
  expect(Object.keys(laps)).not.toEqual(expect.arrayContaining(['registration']))
  const half = v.safeParse(RaceRequest, partsOf({ ...game, shotMs: '' }, undefined))
  expect(half.issues?.map(issue => v.getDotPath(issue))).toEqual(['format.limits.shotMs'])
})

test('a code that is kept stays unless another is typed', () => {
  const before = draftOf({ raceId: 'x', name: 'X', format: { kind: 'game' }, registration: 'code' })
  const parts = (changes: object) => {
    const changed = { ...before, ...changes }
    return changedParts(partsOf(changed, undefined), changed, before)
  }
  expect(parts({ idleS: '30' })).toEqual({ idleMs: 30_000 })
  expect(parts({ code: 'pedal-5678' })).toEqual({
    registration: { kind: 'code', code: 'pedal-5678' }
  })
  expect(parts({ registration: 'account' })).toEqual({ registration: { kind: 'account' } })
})

test('a series leaves to each race what is its own', () => {
  const draft = {
    ...{ ...ride, races: '3', startsAt: '2027-01-15T12:00:00', duration: '5:00' },
    ...{ every: '5:10', openMinutes: '1.5', capacity: '200' }
  }
  const series = v.parse(SeriesRequest, seriesOf(draft, undefined))
  expect(series).toMatchObject({
    ...{ seriesId: 'lunch', races: 3, everyMs: 310_000, openMs: 90_000 },
    startsAt: Date.parse('2027-01-15T12:00:00'),
    race: { course: { courseId: 'lunch' }, timetable: { durationMs: 300_000 } }
  })
})

test('a code is read aloud without doubt', () => {
  expect(newCode(new Uint8Array([0, 1, 2, 3, 4, 5, 6, 255]))).toBe('2345-678z')
  const all = newCode(Uint8Array.from({ length: 256 }, (_, byte) => byte))
  expect(all).not.toMatch(/[01lo]/)
})

test('a new end holds until the board tells another one', async () => {
  const sent: number[] = []
  const view = new ExtendView(async endsAt => {
    sent.push(endsAt)
    if (endsAt === 9) throw new Error('refused')
  })
  await view.to(200, 100)
  expect([view.endOf(100), view.endOf(200), view.endOf(300)]).toEqual([200, 200, 300])
  await view.to(9, 200)
  expect([sent, view.refusal, view.endOf(200)]).toEqual([[200, 9], 'refused', 200])
})

test('what is held is judged up to the value that was seen, with the decisions that were seen', () => {
  const draft = { time: '', runId: '', lapNumber: '', at: '', otherBib: '', bibs: [] }
  const asked = correctionOf(
    'refuse',
    { bib: 3, held: 99_999 },
    { ...draft, reason: 'No video' },
    2
  )
  expect(asked).toMatchObject({
    correction: { kind: 'judge', bib: 3, value: 99_999, accepted: false, revision: 2 }
  })
  expect([judgedBy('accept'), judgedBy('dsq'), judgedBy('time')]).toEqual([
    ...['judge', 'status', 'lap']
  ])
})
