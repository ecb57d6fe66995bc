import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CourseRecord, Format, Row } from '#contract'
import { unpackSeries } from '#race/ghosts'
import { unpackBlock } from '#race/histogram'
import {
  type BestItem,
  type BlockItem,
  bestId,
  blockId,
  type GhostItem,
  ghostId,
  type ListItem,
  listId,
  type SpreadItem,
  spreadId
} from '../../../functions/stages/boardItems.ts'
import { createRankPerformances } from '../../../functions/stages/rankPerformances.ts'
import {
  aCourseRace,
  BOARD,
  COURSE,
  gunOf,
  portsOf,
  type Ridden,
  rankOf,
  SECONDS,
  someRaces,
  wayOf
} from '../../stories/courseRaces.ts'
import { aCourseStore, type CourseStore, type Failure } from '../../stories/courseStore.ts'
import { entryFact } from '../../stories/facts.ts'
import { aRace, averageOf, FASTEST_LAP } from '../../stories/races.ts'

const CLASSES = ['', 'A', 'Zoë / 1']

type Kept = Ridden & { race: number; bib: number }

/** Everybody's best of a class, by plain comparison. */
function bestsOf(races: Ridden[][], group: string): Kept[] {
  const bests = new Map<string, Kept>()
  for (const [race, all] of races.entries()) {
    for (const [i, one] of all.entries()) {
      if (group !== '' && one.class !== group) continue
      const known = bests.get(one.competitorId)
      if (!known || one.value > known.value) {
        bests.set(one.competitorId, { ...one, race, bib: i + 1 })
      }
    }
  }
  return [...bests.values()].sort(
    (a, b) => b.value - a.value || a.race - b.race || (a.competitorId < b.competitorId ? -1 : 1)
  )
}

/** What the boards hold, without counters that tell nothing of the races. */
function boardsOf(course: CourseStore) {
  const read = <T>(id: string) => course.items.get(`${COURSE}/${id}`) as T | undefined
  const lists = CLASSES.map(group => {
    const list = read<ListItem>(listId(BOARD, group))
    const values = (list?.sums.blocks ?? []).flatMap(block => {
      const item = read<BlockItem>(blockId(BOARD, group, block))!
      return [...unpackBlock(item)].flatMap((count, slot) =>
        new Array<number>(count).fill(block * 4_096 + slot)
      )
    })
    const top = (list?.top ?? []).map(best => {
      const item = read<BestItem>(bestId(BOARD, group, best.competitorId))
      expect(item).toMatchObject(best)
      return [best.competitorId, best.value, best.raceId, best.bib]
    })
    const inSums = (list?.sums.counts ?? []).reduce((sum, count) => sum + count, 0)
    return { group, top, values, inSums }
  })
  const ghosts = lists[0]!.top.map(([competitorId]) => {
    const ghost = read<GhostItem>(ghostId(BOARD, `${competitorId}`))!
    return [ghost.competitorId, ghost.raceId, ghost.bib, unpackSeries(ghost.values)]
  })
  const seconds = Array.from(
    { length: 5 },
    (_, block) => read<SpreadItem>(spreadId(BOARD, block))?.seconds ?? []
  ).flat()
  const { performances = 0, ghosts: version = 0 } = course.head(COURSE)?.boards[0] ?? {}
  return { lists, ghosts, seconds, performances, version }
}

/** The same from the races alone. */
function expectedBoards(races: Ridden[][]) {
  const lists = CLASSES.map(group => {
    const bests = bestsOf(races, group)
    return {
      group,
      top: bests.map(({ competitorId, value, race, bib }) => [
        competitorId,
        value,
        `race-${race}`,
        bib
      ]),
      values: bests.map(({ value }) => value).sort((a, b) => a - b),
      inSums: bests.length
    }
  })
  const ghosts = bestsOf(races, '').map(best => [
    best.competitorId,
    `race-${best.race}`,
    best.bib,
    wayOf(best)
  ])
  const ways = races.flat().map(wayOf)
  const seconds = Array.from({ length: SECONDS }, (_, second) => {
    const bins = ways.map(way => Math.floor(way[second]! / 10_000))
    const first = Math.min(...bins)
    const length = Math.max(...bins) - first + 1
    return {
      first,
      counts: Array.from({ length }, (_, i) => bins.filter(bin => bin === first + i).length)
    }
  })
  return { lists, ghosts, seconds, performances: ways.length, version: races.length }
}

/** Records of the last of some races. */
function expectedRecords(races: Ridden[][]): CourseRecord[] {
  const before = races.slice(0, -1)
  const last = races.at(-1)!
  const raced = CLASSES.filter(group => group === '' || last.some(one => one.class === group))
  return raced.flatMap(group => {
    const known = bestsOf(before, group)[0]?.value ?? null
    const value = bestsOf([last], group)[0]!.value
    if (known !== null && value <= known) return []
    return last.flatMap((one, i) =>
      one.value === value && (group === '' || one.class === group)
        ? [{ bib: i + 1, class: group, value, before: known }]
        : []
    )
  })
}

test('boards hold what plain comparison of all races makes of them, and records fell as it says', async () => {
  await fc.assert(
    fc.asyncProperty(someRaces, async races => {
      const course = aCourseStore()
      const rank = rankOf(races, course)
      for (const number of races.keys()) {
        const expected = expectedRecords(races.slice(0, number + 1))
        expect(await rank(`race-${number}`)).toEqual(expected)
      }
      expect(boardsOf(course)).toEqual(expectedBoards(races))
    }),
    { numRuns: 40 }
  )
})

test('a crash between any two batches, before or after one is stored, changes nothing of the end', async () => {
  const failure = fc.option(fc.constantFrom<Failure>('before', 'after'), { nil: undefined })
  const failures = fc.array(failure, { maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(someRaces, failures, async (races, failing) => {
      const smooth = aCourseStore()
      const rough = aCourseStore()
      rough.failing.push(...failing)
      for (const number of races.keys()) {
        const expected = await rankOf(races, smooth)(`race-${number}`)
        let records: CourseRecord[] | undefined
        while (!records) {
          // Each attempt is another process.
          records = await rankOf(races, rough)(`race-${number}`).catch(() => undefined)
        }
        expect(records).toEqual(expected)
        expect(await rankOf(races, rough)(`race-${number}`)).toEqual(expected)
      }
      expect(Object.fromEntries(rough.items)).toEqual(Object.fromEntries(smooth.items))
    }),
    { numRuns: 40 }
  )
})

test('two races that come in at the same time lose nothing of one another', async () => {
  await fc.assert(
    fc.asyncProperty(someRaces, async races => {
      const course = aCourseStore()
      const numbers = [...races.keys()]
      await Promise.all(numbers.map(number => rankOf(races, course)(`race-${number}`)))
      const { lists, ghosts, ...rest } = boardsOf(course)
      const expected = expectedBoards(races)
      expect(rest).toEqual({
        seconds: expected.seconds,
        performances: expected.performances,
        version: expected.version
      })
      // Of equal bests of one competitor either may have been first.
      const figures = (all: typeof lists) =>
        all.map(({ top, ...list }) => ({ ...list, top: top.map(([, value]) => value) }))
      expect(figures(lists)).toEqual(figures(expected.lists))
      expect(ghosts).toHaveLength(expected.ghosts.length)
    }),
    { numRuns: 25 }
  )
})

test('a class that changes between two attempts makes no second best of one', async () => {
  const race = Array.from({ length: 12 }, (_, i) => ({
    ...{ competitorId: `rider-${i}`, class: 'A', value: 11_000 * (i + 1), at: 20 }
  }))
  const course = aCourseStore()
  course.failing.push(undefined, undefined, undefined, 'before')
  await expect(rankOf([race], course)('race-0')).rejects.toThrow('failed')
  const moved = race.map(one => ({ ...one, class: 'Zoë / 1', value: one.value * 2 }))
  await rankOf([moved], course)('race-0')
  const { lists } = boardsOf(course)
  expect(lists).toEqual(expectedBoards([race]).lists)
})

test('batches keep within what the database takes', async () => {
  const race = Array.from({ length: 600 }, (_, i) => ({
    ...{ competitorId: `rider-${i}`, class: `class ${i % 3}`, value: 50 * i + 1, at: 20 + (i % 9) }
  }))
  const again = race.map(one => ({ ...one, value: one.value + 7_000 }))
  const course = aCourseStore()
  await rankOf([race], course)('race-0')
  await rankOf([race, again], course)('race-1')
  expect(Math.max(...course.batches.map(({ operations }) => operations))).toBeLessThanOrEqual(100)
  expect(Math.max(...course.batches.map(({ bytes }) => bytes))).toBeLessThan(1_000_000)
})

test('a race without a final, or that nothing compares with, brings nothing', async () => {
  const course = aCourseStore()
  const ports = portsOf([[]], course)
  expect(await createRankPerformances(ports)('race-0')).toEqual([])
  const open = { ...aCourseRace(0), timetable: { ...aCourseRace(0).timetable, durationMs: 1_500 } }
  const closed = { readRace: async () => open, readHead: async () => undefined }
  expect(await createRankPerformances({ ...ports, ...closed })('race-0')).toEqual([])
  expect(course.items.size).toBe(0)
})

test('a race that ended late is on the board of the time that it had', async () => {
  const course = aCourseStore()
  const races = [[{ competitorId: 'rider-1', class: '', value: 11_000, at: 20 }]]
  const ports = portsOf(races, course)
  const readHead = async (raceId: string) => {
    const head = await ports.readHead(raceId)
    return head && { ...head, endsAt: gunOf(0) + 180_000 }
  }
  await createRankPerformances({ ...ports, readHead })('race-0')
  expect(course.head(COURSE)?.boards.map(({ board }) => board)).toEqual(['distance-180'])
})

for (const format of [FASTEST_LAP, averageOf(3)] satisfies Format[]) {
  test(`laps (${format.kind}) have bests by the start list, the lower the better, and no ghosts`, async () => {
    const course = aCourseStore()
    const ports = portsOf([], course)
    const row = (bib: number, rank: number | null, value: number): Row => ({
      ...{ bib, rank, tied: false, status: 'finished', value, at: 1, gap: 0, interval: null },
      ...{ lapsDown: 0, laps: 4, last: null }
    })
    const race = aRace(format)
    const rank = createRankPerformances({
      ...ports,
      readRace: async raceId => ({ ...race, raceId }),
      readFinal: async raceId => ({
        ...{ id: 'final-2', raceId, revision: 2, validity: 'official' },
        rows: [row(4, 1, 7_400), { ...row(5, 2, 7_500), proxy: true }, row(6, null, 7_300)]
      }),
      readEntries: async () => [
        { ...entryFact(4, 1), competitorId: 'before', at: 1, kind: 'enter' },
        { ...entryFact(4, 2), competitorId: 'driver-4', at: 2, kind: 'enter' },
        { ...entryFact(5, 2), competitorId: 'driver-5', at: 2, kind: 'enter' },
        { ...entryFact(6, 2), competitorId: 'driver-6', at: 2, kind: 'enter' }
      ],
      readDirectory: async raceId => ({
        ...{ raceId, version: 1 },
        entries: [{ bib: 4, name: 'Åsa', country: 'SWE', class: 'Pro' }]
      }),
      replay: () => Promise.reject(new Error('laps are not ridden again'))
    })
    expect(await rank('race-0')).toEqual([
      { bib: 4, class: '', value: 7_400, before: null },
      { bib: 4, class: 'Pro', value: 7_400, before: null }
    ])
    const [head] = course.head(COURSE)!.boards
    const list = course.items.get(`${COURSE}/${listId(head!.board, 'Pro')}`) as ListItem
    expect(list.top).toMatchObject([{ competitorId: 'driver-4', value: 7_400, bib: 4 }])
    expect([...course.items.keys()].filter(id => id.includes('ghost'))).toEqual([])
  })
}
