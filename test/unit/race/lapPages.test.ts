import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  type Fact,
  Head,
  LAP_PAGE_BIBS,
  type LapLine,
  LapPage,
  type Phase,
  type Race
} from '#contract'
import { foldFacts } from '#race/facts'
import { type PageWrite, type Publication, pageId, publication } from '#race/publication'
import { packState, type RaceState, unpackState } from '#race/state'
import { correctionFact, lapFact, laps, runEndFact, runFact } from '../../stories/facts.ts'
import { expectedLaps, expectedRacing, expectedValidity } from '../../stories/lapOracle.ts'
import { aRace, DISTANCE, enter, FASTEST_LAP, GAME, GUN, running } from '../../stories/races.ts'
import { repeated, timeTrials, trialRaces } from '../../stories/timeTrials.ts'

const RUNS = 250
const race = aRace(FASTEST_LAP, { minLapMs: 2_001 })

/** A state that was stored and read again after each fact. */
function told(facts: Fact[], of: Race = race): RaceState {
  let state = running(of)
  for (const fact of facts) {
    foldFacts(state, [fact])
    state = unpackState(JSON.parse(JSON.stringify(packState(state))))
  }
  return state
}

const lapPagesOf = ({ pages }: Publication): LapPage[] =>
  pages.flatMap(one => (one.kind === 'lapPage' ? [one.page] : []))
const published = (facts: Fact[], of?: Race) => publication(told(facts, of), 1, GUN)
const racingOf = (facts: Fact[], of?: Race) => published(facts, of).head.racing

function validityIn(phase: Phase, facts: Fact[], of: Race) {
  const state = told(facts, of)
  enter(state, phase)
  return publication(state, 1, GUN).head.validity
}

function acknowledge(state: RaceState, { head, written }: Publication): void {
  state.version = head.version
  state.published = { etag: `v${head.version}`, at: head.closedAt, changedAt: 0, ...written }
}

describe('the pages of laps and who is racing', () => {
  it('are as an independent count has them, whatever the order in which facts arrive and however often', () => {
    const deliveries = timeTrials.chain(all => fc.tuple(fc.constant(all), repeated(all)))
    fc.assert(
      fc.property(trialRaces(FASTEST_LAP), deliveries, (race, [all, shuffled]) => {
        const once = published(all, race)
        const { head } = once
        const pages = lapPagesOf(once)
        expect(pages.flatMap(page => page.laps)).toEqual(expectedLaps(race, all))
        expect(head.racing).toEqual(expectedRacing(race, all))
        expect(head.lapPages).toEqual(pages.map(() => ({ version: 1, slot: 0 })))
        for (const [i, page] of pages.entries()) {
          expect(v.is(LapPage, page)).toBe(true)
          expect(page.page).toBe(i)
          expect(page.laps.length).toBeLessThanOrEqual(LAP_PAGE_BIBS)
        }
        expect(v.safeParse(Head, head).issues).toBeUndefined()
        expect(JSON.stringify(published(shuffled, race))).toBe(JSON.stringify(once))
        expect(validityIn('running', all, race)).toBe('provisional')
        expect(validityIn('provisional', all, race)).toBe(expectedValidity(race, all))
        expect(validityIn('official', all, race)).toBe('official')
      }),
      { numRuns: RUNS }
    )
  })

  it('stay the same when the race is over, but nobody races once it is official', () => {
    const facts = [runFact(1), ...laps(1, [3_000, 2_900])]
    const state = told(facts)
    const live = publication(state, 1, GUN)
    enter(state, 'provisional')
    const final = publication(state, 1, GUN)
    expect(lapPagesOf(final)).toEqual(lapPagesOf(live))
    expect(final.head.racing).toEqual(live.head.racing)
    enter(state, 'official')
    expect(publication(state, 1, GUN).head.racing).toEqual([])
  })

  it('are empty in rides and games, whatever facts come', () => {
    for (const format of [DISTANCE, GAME]) {
      const { head, pages } = published([runFact(1), ...laps(1, [3_000])], aRace(format))
      expect([head.lapPages, head.racing]).toEqual([[], []])
      expect(pages.filter(({ kind }) => kind === 'lapPage')).toEqual([])
    }
  })
})

describe('a page of laps', () => {
  it('is written only when its laps changed, to the slot that the head does not name', () => {
    const state = told([...laps(1, [3_000]), ...laps(51, [3_100])])
    const first = publication(state, 1, GUN)
    expect(first.head.lapPages).toEqual([0, 1].map(() => ({ version: 1, slot: 0 })))
    acknowledge(state, first)
    foldFacts(state, [correctionFact('run-51-1', { lapMs: 3_050 }), runFact(1)])
    const second = publication(state, 2, GUN)
    expect(lapPagesOf(second).map(({ page }) => page)).toEqual([1])
    expect(second.head.lapPages).toEqual([
      { version: 1, slot: 0 },
      { version: 2, slot: 1 }
    ])
    expect(second.pages.map(({ id }) => id)).toContain('lap-1-1')
    acknowledge(state, second)
    expect(lapPagesOf(publication(state, 3, GUN))).toEqual([])
  })

  it('is whole to a reader with the old head until the new head is there', () => {
    fc.assert(
      fc.property(fc.array(timeTrials, { minLength: 2, maxLength: 5 }), closes => {
        const state = running(race)
        const store = new Map<string, PageWrite['page']>()
        let current: { head: Head; laps: LapLine[][] } | undefined
        const readersSeeWhole = () => {
          const seen = current?.head.lapPages.flatMap((ref, page) => {
            const found = v.parse(LapPage, store.get(pageId('lap', page, ref.slot)))
            expect(found.version).toBe(ref.version)
            return found.laps
          })
          expect(seen).toEqual(current?.laps)
        }
        const all: Fact[] = []
        for (const facts of closes) {
          // An id is in the ledger once.
          const added = facts.filter(({ id }) => all.every(known => known.id !== id))
          foldFacts(state, added)
          all.push(...added)
          const next = publication(state, state.version + 1, GUN)
          for (const { id, page } of next.pages) {
            store.set(id, JSON.parse(JSON.stringify(page)))
            readersSeeWhole()
          }
          current = { head: next.head, laps: expectedLaps(race, all) }
          acknowledge(state, next)
          readersSeeWhole()
        }
      }),
      { numRuns: 100 }
    )
  })
})

describe('who is racing', () => {
  it('is a run that began and did not end, with its laps as corrections leave them', () => {
    const run = [runFact(7, 'r', 1_000), ...laps(7, [3_000, 2_800, 2_900], 'r', 1_000)]
    expect(racingOf(run)).toEqual([
      {
        runId: 'r',
        bib: 7,
        deviceId: 'car-7',
        since: GUN + 1_000,
        laps: 3,
        last: { ms: 2_900, valid: true },
        best: 2_800,
        resets: 0,
        allowedResets: null,
        pausedAt: null,
        pausedMs: 0,
        runMs: null
      }
    ])
    const voided = ['r-2', 'r-3'].map(lap => correctionFact(lap, { valid: false }))
    expect(racingOf([...run, ...voided])).toMatchObject([
      { laps: 3, last: { ms: 2_900, valid: false }, best: 3_000 }
    ])
    expect(racingOf([...run, runEndFact('r', 12_000)])).toEqual([])
  })

  it('is nobody whose end was heard of before the beginning', () => {
    expect(racingOf([runEndFact('r', 12_000)])).toEqual([])
    expect(racingOf([runEndFact('r', 12_000), runFact(7, 'r')])).toEqual([])
  })

  it('stands in the order in which runs began, each with the laps of its own run', () => {
    const facts = [
      runFact(1, 'b', 2_000),
      runFact(2, 'a', 1_000),
      lapFact(1, 1, 3_000, 3_000, { run: 'earlier' }),
      lapFact(2, 1, 3_100, 4_100, { run: 'a' })
    ]
    expect(racingOf(facts).map(({ runId, laps, best }) => [runId, laps, best])).toEqual([
      ['a', 1, 3_100],
      ['b', 0, null]
    ])
  })

  it('counts in what was folded once, whatever the order, or a redelivery never catches up', () => {
    const facts = [runFact(1), { ...runFact(1, 'run-1', 5), id: 'again' }, runEndFact('run-1', 9)]
    const later = { ...runEndFact('run-1', 10), id: 'end-again' }
    const counted = told([...facts, later]).folded
    expect(told([later, ...facts.toReversed()]).folded).toBe(counted)
  })
})
