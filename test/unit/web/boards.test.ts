import { expect, test } from 'vitest'
import type { Head, Row } from '#contract'
import { searchOf, shownAt } from '../../../web/boards/address.ts'
import { formatOf } from '../../../web/boards/boardFormat.ts'
import { linesOf, linesOfClass } from '../../../web/boards/classified.ts'
import { ordinal } from '../../../web/boards/ordinal.ts'
import { holderOf } from '../../../web/boards/passHolder.ts'
import type { Held } from '../../../web/mobile/held.ts'
import { manyNames } from '../../browser/bigField.ts'
import { rowOf, timeTrial } from '../../browser/boards.ts'
import { PlayedPages } from '../../browser/playedPages.ts'

const RACE = 'final'

/** All of a race's pages as a page holds them; the head has the first rows. */
function heldOf(rows: Row[], top: number): Held {
  const pages = new PlayedPages()
  pages.set(RACE, 1, { rows })
  const refs = pages.refs()
  const head: Head = { ...timeTrial(RACE, 0), ...refs, top: rows.slice(0, top) }
  const all = <T>(kind: 'ranks' | 'bibs', count: number) =>
    new Map(Array.from({ length: count }, (_, i) => [i, pages.page(kind, i) as T]))
  return {
    head,
    directory: manyNames(RACE, rows.length),
    ranks: all('ranks', refs.rankPages.length),
    bibs: all('bibs', refs.bibPages.length),
    laps: new Map()
  }
}

const ranked = (bib: number, rank: number) => rowOf(bib, { rank, value: 7_000 + rank })

test('a competitor who moves between head and page stands on the board once, where the head says', () => {
  const held = heldOf([ranked(1, 1), ranked(2, 2), ranked(3, 3), ranked(4, 4)], 2)
  const head = { ...held.head, top: [ranked(3, 1), ranked(1, 2)] }
  expect(linesOf({ ...held, head }).map(({ bib }) => bib)).toEqual([3, 1, 4])
})

test('places in a class are counted in it, shared where the whole place is, and none where there is none', () => {
  // Bibs 1, 3, 5, 7 and 9 are of class A; 3 and 5 share the second place of all.
  const rows = [ranked(2, 1), ranked(3, 2), ranked(5, 2), ranked(1, 4), ranked(4, 5)]
  const held = heldOf([...rows, rowOf(9, { status: 'dnf' }), rowOf(7), rowOf(6), rowOf(8)], 1)
  const lines = linesOfClass({ ...held, ranks: new Map() }, 'A')
  expect(lines.map(({ bib, place, shared }) => [bib, place, shared])).toEqual([
    [3, 1, true],
    [5, 1, true],
    [1, 3, false],
    [7, null, false],
    [9, null, false]
  ])
})

test.each([
  ['distance-300', { format: { kind: 'ride', metric: 'distance' }, durationMs: 300_000 }],
  ['game-600', { format: { kind: 'game' }, durationMs: 600_000 }],
  ['fastest-lap', { format: { kind: 'fastestLap' }, durationMs: undefined }],
  ['average-lap-3', { format: { kind: 'averageLap', laps: 3 }, durationMs: undefined }],
  ['most-laps-300', { format: { kind: 'mostLaps' }, durationMs: 300_000 }],
  ['jumps-3', undefined]
])('board %s says what its values are', (board, format) => {
  expect(formatOf(board)).toEqual(format)
})

test('English places end as they are said', () => {
  const said = [1, 2, 3, 4, 11, 12, 13, 21, 112].map(place => ordinal(place, `${place}`, 'en'))
  expect(said).toEqual(['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '112th'])
  expect(ordinal(1, '1', 'fr')).toBe('1er')
})

test('an address leads to what it was made of, and what is wrong in it is left out', () => {
  const shown = shownAt('?view=ever&course=harbour&board=distance-300&class=B&lang=de')
  expect(shownAt(searchOf(shown, '?lang=de'))).toEqual(shown)
  expect(searchOf(shown, '?lang=de')).toContain('lang=de')
  expect(shownAt('?view=all&race=No%20Race&board=%3C')).toEqual({
    ...{ tab: undefined, race: undefined, course: undefined, board: undefined, group: '' }
  })
})

test('who holds a pass is read from it, and from nothing that is none', () => {
  const claims = (body: object) => `e30.${btoa(JSON.stringify(body))}.x`
  expect(holderOf(claims({ sub: 'rider-33' }))).toBe('rider-33')
  for (const wrong of [undefined, '', 'a.b.c', claims({ sub: 'No Id' })]) {
    expect(holderOf(wrong)).toBeUndefined()
  }
})
