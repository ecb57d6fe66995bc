import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  BIB_PAGE_ROWS,
  BibPage,
  Head,
  type PageRef,
  RANK_PAGE_ROWS,
  RankPage,
  TOP_ROWS
} from '#contract'
import { type PageWrite, type Publication, pageId, publication } from '#race/publication'
import { foldReadings } from '#race/readings'
import type { RaceState } from '#race/state'
import { closeAll } from '#race/window'
import { aRace, DISTANCE, GUN, running } from '../../stories/races.ts'
import { reading } from '../../stories/readings.ts'

const RUNS = 200

/** A field over more than one page of each family: bib → value at each of several closes. */
const seasons = fc.array(
  fc.array(fc.record({ bib: fc.integer({ min: 1, max: 640 }), more: fc.nat({ max: 900 }) }), {
    maxLength: 12
  }),
  { minLength: 2, maxLength: 6 }
)

function crowd(): RaceState {
  const state = running(aRace(DISTANCE))
  const all = Array.from({ length: 250 }, (_, i) => reading(DISTANCE, i * 2 + 1, 500, 5_000 - i))
  foldReadings(state, '0', all, GUN)
  return state
}

function rideOn(
  state: RaceState,
  close: number,
  moves: { bib: number; more: number }[]
): Publication {
  for (const [i, { bib, more }] of moves.entries()) {
    const seq = close * 100 + i + 1
    foldReadings(state, '0', [reading(DISTANCE, bib, 500 + close, 3_000 + more, { seq })], GUN)
  }
  closeAll(state)
  return publication(state, state.version + 1, GUN + close * 1_000)
}

function acknowledge(state: RaceState, { head, written }: Publication): void {
  state.version = head.version
  state.published = { etag: `v${head.version}`, at: head.closedAt, changedAt: 0, ...written }
}

const refs = (head: Head): { id: string; ref: PageRef }[] => [
  ...head.rankPages.map((ref, page) => ({ id: pageId('rank', page, ref.slot), ref })),
  ...head.bibPages.map((ref, page) => ({ id: pageId('bib', page, ref.slot), ref }))
]

describe('a publication', () => {
  it('writes changed pages alone, to the slots that the head before it does not name', () => {
    fc.assert(
      fc.property(seasons, closes => {
        const state = crowd()
        const store = new Map<string, PageWrite['page']>()
        let before: Head | undefined
        closes.forEach((moves, close) => {
          const next = rideOn(state, close, moves)
          const named = new Set(before ? refs(before).map(({ id }) => id) : [])
          for (const { id, page } of next.pages) {
            expect(named).not.toContain(id)
            const old = store.get(id.replace(/[01]$/, slot => (slot === '0' ? '1' : '0')))
            if (before && old) expect({ ...page, version: 0 }).not.toEqual({ ...old, version: 0 })
            store.set(id, page)
          }
          acknowledge(state, next)
          before = next.head
          for (const { id, ref } of refs(next.head))
            expect(store.get(id)?.version).toBe(ref.version)
        })
      }),
      { numRuns: RUNS }
    )
  })

  it('writes no page when nothing changed', () => {
    const state = crowd()
    acknowledge(state, rideOn(state, 0, []))
    const again = rideOn(state, 1, [])
    expect(again.pages).toEqual([])
    expect(again.head.version).toBe(2)
  })

  it('gives a reader with the old head its own whole pages until the new head is there', () => {
    fc.assert(
      fc.property(seasons, closes => {
        const state = crowd()
        const store = new Map<string, PageWrite['page']>()
        let current: { head: Head; rows: unknown } | undefined
        const readersSeeWhole = () => {
          if (!current) return
          const ranks = current.head.rankPages.flatMap((ref, page) => {
            const found = store.get(pageId('rank', page, ref.slot)) as RankPage
            expect(found.version).toBe(ref.version)
            return found.rows
          })
          expect(ranks).toEqual(current.rows)
        }
        closes.forEach((moves, close) => {
          const next = rideOn(state, close, moves)
          for (const { id, page } of next.pages) {
            store.set(id, JSON.parse(JSON.stringify(page)))
            readersSeeWhole()
          }
          current = { head: next.head, rows: JSON.parse(JSON.stringify(next.rows)) }
          acknowledge(state, next)
          readersSeeWhole()
        })
      }),
      { numRuns: 60 }
    )
  })

  it('has pages by rank and by bib that say what the rows say', () => {
    fc.assert(
      fc.property(seasons, closes => {
        const state = crowd()
        const { head, pages, rows } = rideOn(state, 0, closes[0]!)
        expect(head.top).toEqual(rows.slice(0, TOP_ROWS))
        expect(head.competitors).toBe(rows.length)
        const ranks = pages.flatMap(one => (one.kind === 'rankPage' ? one.page.rows : []))
        expect(ranks).toEqual(rows)
        for (const one of pages) {
          if (one.kind === 'rankPage') {
            expect(one.page.rows.length).toBeLessThanOrEqual(RANK_PAGE_ROWS)
            expect(v.is(RankPage, one.page)).toBe(true)
            continue
          }
          expect(v.is(BibPage, one.page)).toBe(true)
          if (one.kind !== 'bibPage') throw new Error('a ride has no laps')
          one.page.rank.forEach((rank, i) => {
            const row = rows.find(({ bib }) => bib === one.page.page * BIB_PAGE_ROWS + i + 1)
            const { value = null, gap = null } = row ?? {}
            expect([rank, one.page.value[i], one.page.gap[i]]).toEqual([
              row?.rank ?? null,
              value,
              gap
            ])
          })
        }
        expect([head.lapPages, head.racing]).toEqual([[], []])
        expect(head.bibPages.length).toBe(
          Math.ceil(Math.max(...rows.map(r => r.bib)) / BIB_PAGE_ROWS)
        )
        expect(v.safeParse(Head, JSON.parse(JSON.stringify(head))).issues).toBeUndefined()
      }),
      { numRuns: 60 }
    )
  })

  it('counts every ranked competitor of a field of twelve or more in one bin, and shows none of fewer', () => {
    const state = crowd()
    const { field } = rideOn(state, 0, []).head
    expect(field!.bins.reduce((a, b) => a + b)).toBe(250)
    expect([field!.from, field!.to]).toEqual([4_751, 5_000])
    const few = running(aRace(DISTANCE))
    foldReadings(few, '0', [reading(DISTANCE, 1, 10, 10)], GUN)
    expect(rideOn(few, 0, []).head.field).toBeNull()
  })
})
