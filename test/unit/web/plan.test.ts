import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Head, Row } from '#contract'
import type { Held } from '../../../web/mobile/held.ts'
import { around, indexOf, lapsOf, resultOf } from '../../../web/mobile/places.ts'
import {
  isDirectoryDue,
  keyOf,
  type PageDue,
  pagesDue,
  type Wanted
} from '../../../web/mobile/plan.ts'
import { rowOf, timeTrial } from '../../browser/boards.ts'
import { type Classification, PlayedPages } from '../../browser/playedPages.ts'

const RACE = 'final'
const TOP = 20

/** A service that plays a classification, and says what it was asked. */
function service(classification: Classification, version = 1) {
  const pages = new PlayedPages()
  pages.set(RACE, version, classification)
  const headAt = (now: number, { rows }: Classification): Head => ({
    ...timeTrial(RACE, 0),
    version: now,
    competitors: rows.length,
    top: rows.slice(0, TOP),
    ...pages.refs()
  })
  return {
    head: headAt(version, classification),
    close(next: number, { ...changed }: Classification): Head {
      pages.set(RACE, next, changed)
      return headAt(next, changed)
    },
    page: ({ kind, page }: PageDue) => pages.page(kind, page)
  }
}

const nothing = (head: Head): Held => ({
  head,
  directory: undefined,
  ranks: new Map(),
  bibs: new Map(),
  laps: new Map()
})

/** Asks as the plan says until it says nothing; gives what is then held, and what was asked in which order. */
function follow(start: Held, wanted: Wanted, { page }: Pick<ReturnType<typeof service>, 'page'>) {
  let held = start
  const asked: string[] = []
  for (let due = pagesDue(held, wanted); due.length > 0; due = pagesDue(held, wanted)) {
    for (const each of due) {
      asked.push(`${each.kind}/${each.page}`)
      const body = page(each)
      if (!body) throw new Error(`asked for ${each.kind}/${each.page}, which is not there`)
      held = { ...held, [each.kind]: new Map<number, object>(held[each.kind]).set(each.page, body) }
    }
  }
  return { held, asked }
}

/** So many rows: the first ones placed, with shared places here and there, the rest without a result. */
const fieldOf = (size: number, placed: number, shared: (index: number) => boolean): Row[] => {
  const rows: Row[] = []
  for (let i = 0; i < size; i++) {
    const before = rows[i - 1]
    const tied = i > 0 && i < placed && shared(i)
    // Bibs are spread over the classification: 7 has no common factor with the sizes used.
    const bib = ((i * 7) % size) + 1
    rows.push(
      i >= placed
        ? rowOf(bib)
        : rowOf(bib, {
            rank: tied && before?.rank ? before.rank : i + 1,
            tied,
            value: 7_000 + i,
            gap: i
          })
    )
  }
  return rows
}

const sizes = fc.integer({ min: 1, max: 1_200 }).map(size => (size % 7 === 0 ? size + 1 : size))
const field = sizes.chain(size =>
  fc
    .record({ placed: fc.integer({ min: 0, max: size }), every: fc.integer({ min: 2, max: 9 }) })
    .map(({ placed, every }) => fieldOf(size, placed, i => i % every !== 0))
)

describe('what a phone asks for', () => {
  it('leads to the owner and three neighbours each way, asking for no page twice', () => {
    fc.assert(
      fc.property(
        field.chain(rows => fc.record({ rows: fc.constant(rows), at: fc.nat(rows.length - 1) })),
        ({ rows, at }) => {
          const me = rows[at]?.bib ?? 1
          const played = service({ rows })
          const { held, asked } = follow(nothing(played.head), { me, bibs: [] }, played)
          expect(new Set(asked).size).toBe(asked.length)
          expect(asked.length).toBeLessThanOrEqual(1 + 3 + 1)
          expect(resultOf(held, me).rank).toBe(rows[at]?.rank)
          // Far down among those without a place nobody is searched for page by page.
          if (rows[at]?.rank === null && indexOf(held, me) === undefined) return
          expect(around(held, me)).toEqual(rows.slice(Math.max(0, at - 3), at + 4))
        }
      )
    )
  })

  it('is nothing while the head stays the same, and only what is both changed and shown', () => {
    const rows = fieldOf(1_000, 1_000, () => false)
    const laps = new Map([[rows[449]?.bib ?? 0, [lap(9_000)]]])
    const played = service({ rows, laps })
    const me = rows[449]?.bib ?? 0
    const { held, asked } = follow(nothing(played.head), { me, bibs: [] }, played)
    expect(asked.toSorted()).toEqual([
      `bibs/${Math.floor((me - 1) / 500)}`,
      `laps/${Math.floor((me - 1) / 50)}`,
      'ranks/4'
    ])
    expect(pagesDue({ ...held, head: { ...held.head, version: 2 } }, { me, bibs: [] })).toEqual([])

    const elsewhere = rows.with(910, { ...rowOf(rows[910]?.bib ?? 0), rank: 911, laps: 9 })
    const second = { ...held, head: played.close(2, { rows: elsewhere, laps }) }
    const bibsOnly = pagesDue(second, { me, bibs: [] }).filter(({ kind }) => kind !== 'bibs')
    expect(bibsOnly).toEqual([])

    const corrected = new Map([[me, [lap(9_100)]]])
    const third = { ...held, head: played.close(3, { rows, laps: corrected }) }
    const after = follow(third, { me, bibs: [] }, played)
    expect(after.asked).toContain(`laps/${Math.floor((me - 1) / 50)}`)
    expect(lapsOf(after.held, me)).toEqual([lap(9_100)])
  })

  it('finds the places around although a cache answers with a page older than its head', () => {
    const rows = fieldOf(1_000, 1_000, () => false)
    const played = service({ rows, laps: new Map() })
    const me = rows[449]?.bib ?? 0
    const { held } = follow(nothing(played.head), { me, bibs: [] }, played)
    const bibPages = held.head.bibPages.map(ref => ({ ...ref, version: 2 }))
    const newer = { ...held, ranks: new Map(), head: { ...held.head, version: 2, bibPages } }
    const own = { kind: 'bibs', page: Math.floor((me - 1) / 500) } as const
    expect(pagesDue(newer, { me, bibs: [] })).toEqual([own])
    expect(pagesDue(newer, { me, bibs: [] }, new Set([keyOf(own)]))).toEqual([
      { kind: 'ranks', page: 4 }
    ])
  })

  it('needs no page by rank where the head itself holds the neighbours', () => {
    const played = service({ rows: fieldOf(1_000, 1_000, () => false) })
    const first = played.head.top[10]?.bib ?? 0
    const { asked } = follow(nothing(played.head), { me: first, bibs: [] }, played)
    expect(asked.filter(path => path.startsWith('ranks'))).toEqual([])
    const last = played.head.top[18]?.bib ?? 0
    const edge = follow(nothing(played.head), { me: last, bibs: [] }, played)
    expect(edge.asked).toContain('ranks/0')
    expect(around(edge.held, last)).toHaveLength(7)
  })

  it('is both pages where the neighbours are on two', () => {
    const rows = fieldOf(1_000, 1_000, () => false)
    const played = service({ rows })
    const me = rows[200]?.bib ?? 0
    const { held, asked } = follow(nothing(played.head), { me, bibs: [] }, played)
    expect(asked).toEqual(expect.arrayContaining(['ranks/1', 'ranks/2']))
    expect(around(held, me)).toEqual(rows.slice(197, 204))
  })

  it('is each page by bib once, however many are followed', () => {
    const played = service({ rows: fieldOf(1_200, 1_200, () => false) })
    const due = pagesDue(nothing(played.head), { me: undefined, bibs: [1, 2, 500, 501, 1_200] })
    expect(due).toEqual([
      { kind: 'bibs', page: 0 },
      { kind: 'bibs', page: 1 },
      { kind: 'bibs', page: 2 }
    ])
  })

  it('is no page that the head does not name', () => {
    const played = service({ rows: fieldOf(10, 10, () => false) })
    const wanted = { me: 9_000, bibs: [800] }
    expect(pagesDue(nothing(played.head), wanted)).toEqual([])
  })
})

describe('the directory is asked for', () => {
  const head = { ...timeTrial(RACE, 0), rankPages: [], lapPages: [], bibPages: [] }
  const isDue = (names: number | undefined, version: number | undefined) =>
    isDirectoryDue({
      ...nothing({ ...head, names }),
      directory: version === undefined ? undefined : { raceId: RACE, version, entries: [] }
    })

  it('when the head tells of a newer one than is held, and at no other time', () => {
    expect([isDue(7, undefined), isDue(7, 6)]).toEqual([true, true])
    expect([isDue(7, 7), isDue(6, 7), isDue(0, undefined)]).toEqual([false, false, false])
  })

  it('until there is one where the head does not tell', () => {
    expect([isDue(undefined, undefined), isDue(undefined, 1)]).toEqual([true, false])
  })
})

it('an older page never hides where somebody stands now', () => {
  const rows = fieldOf(1_000, 1_000, () => false)
  const played = service({ rows })
  const me = rows[450]?.bib ?? 0
  const { held } = follow(nothing(played.head), { me, bibs: [] }, played)
  const moved = rows.toSpliced(450, 1).toSpliced(250, 0, rows[450] ?? rowOf(1))
  const placed = moved.map((row, i) => ({ ...row, rank: i + 1 }))
  const next = { ...held, head: played.close(2, { rows: placed }) }
  const after = follow(next, { me, bibs: [] }, played)
  expect(indexOf(after.held, me)).toBe(250)
  expect(resultOf(after.held, me).rank).toBe(251)
})

function lap(ms: number) {
  return {
    lap: 1,
    runId: 'run-1',
    ms,
    valid: true,
    source: 'sensor' as const,
    resets: 0,
    at: 20_000
  }
}
