import { expect, test } from 'vitest'
import type { Competitor } from '#contract'
import { createCourseBoards } from '../../../functions/stages/courseBoards.ts'
import { Refused } from '../../../functions/stages/problem.ts'
import { BOARD, COURSE, type Ridden, rankOf, SECONDS, wayOf } from '../../stories/courseRaces.ts'
import { aCourseStore } from '../../stories/courseStore.ts'

const faceOf = (id: string, competitorId: string): Competitor => ({
  ...{ id, competitorId, name: `Name of ${id}`, country: 'SWE', class: 'A' },
  entries: []
})

/** A course after some races, its API and its clock. */
async function aCourse(races: Ridden[][]) {
  const course = aCourseStore()
  const clock = { now: 0 }
  const faces = new Map<string, Competitor | undefined>()
  const asked: string[] = []
  const rank = rankOf(races, course)
  for (const number of races.keys()) await rank(`race-${number}`)
  const boards = createCourseBoards({
    read: course.store.read,
    readCourseHead: async courseId => course.head(courseId),
    async readFace(id, competitorId) {
      asked.push(id)
      return faces.has(id) ? faces.get(id) : faceOf(id, competitorId)
    },
    now: () => clock.now
  })
  course.reads.length = 0
  const board = (query: Partial<Parameters<typeof boards.board>[1]> = {}) =>
    boards.board(COURSE, { board: BOARD, group: '', page: 0, value: undefined, ...query })
  return { course, clock, faces, asked, rank, boards, board }
}

const riders = (count: number, worth = (i: number) => 90_000 - i): Ridden[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ competitorId: `rider-${i}`, class: i % 2 ? 'B' : 'A', value: worth(i), at: 20 }
  }))

const refusal = async (refused: Promise<unknown>): Promise<string> => {
  const error = await refused.then(
    () => undefined,
    (reason: unknown) => reason
  )
  if (!(error instanceof Refused)) throw new Error(`not refused: ${error}`)
  return `${error.problem.status} ${error.problem.detail}`
}

test('a board has its rows with places, names of that race, and how many are on it', async () => {
  const { board } = await aCourse([riders(4, i => [50, 70, 70, 20][i]!)])
  const all = await board()
  const { rows, ...rest } = all
  expect(rest).toMatchObject({
    ...{ courseId: COURSE, board: BOARD, class: '', of: 4, standing: null },
    ...{ boards: [BOARD], classes: ['A', 'B'] }
  })
  expect(rows.map(({ rank, tied, value, bib }) => [rank, tied, value, bib])).toEqual([
    [1, true, 70, 2],
    [1, true, 70, 3],
    [3, false, 50, 1],
    [4, false, 20, 4]
  ])
  expect(rows[0]).toMatchObject({ name: 'Name of race-0.2', country: 'SWE', class: 'B' })
})

test('a class has a board of its own', async () => {
  const { board } = await aCourse([riders(5)])
  const { of, rows } = await board({ group: 'B' })
  expect([of, rows.map(({ rank, bib }) => [rank, bib])]).toEqual([
    2,
    [
      [1, 2],
      [2, 4]
    ]
  ])
})

test('the place of any value is exact, and honest about who has the same', async () => {
  const { board } = await aCourse([riders(5, i => [9_000, 4_097, 4_097, 4_096, 1][i]!)])
  const placeOf = async (value: number) => {
    const { standing } = await board({ value })
    return [standing?.rank, standing?.same, standing?.of]
  }
  expect(await placeOf(9_001)).toEqual([1, 0, 5])
  expect(await placeOf(9_000)).toEqual([1, 1, 5])
  expect(await placeOf(4_097)).toEqual([2, 2, 5])
  expect(await placeOf(4_096)).toEqual([4, 1, 5])
  expect(await placeOf(2)).toEqual([5, 0, 5])
  expect(await placeOf(0)).toEqual([6, 0, 5])
})

test('beyond the rows that are named a place is still exact, and the last row says that it is shared', async () => {
  const { board } = await aCourse([riders(1_003, i => 90_000 - Math.min(i, 999))])
  const last = await board({ page: 9 })
  expect(last.of).toBe(1_003)
  expect(last.rows).toHaveLength(100)
  expect(last.rows.at(-1)).toMatchObject({ rank: 1_000, tied: true })
  expect(last.rows.at(-2)).toMatchObject({ rank: 999, tied: false })
  expect((await board({ value: 89_001 })).standing).toMatchObject({ rank: 1_000, same: 4 })
  expect(await refusal(board({ page: 10 }))).toMatch(/^404 .*it names 1000/)
})

test('a list and a block are read once a second, however many ask', async () => {
  const { course, clock, board } = await aCourse([riders(3)])
  await Promise.all(Array.from({ length: 200 }, () => board({ value: 90_000 })))
  expect(course.reads.map(id => id.split('.')[0]).sort()).toEqual(['block', 'list'])
  clock.now = 1_000
  await board({ value: 90_000 })
  // The block is as it was in the list's version.
  expect(course.reads.map(id => id.split('.')[0]).sort()).toEqual(['block', 'list', 'list'])
})

test('a block that is newer than the list as it was read makes the list read again', async () => {
  const races = [riders(3, i => 70 + i), riders(3, i => 80 + i)]
  const { course, board, rank } = await aCourse(races.slice(0, 1))
  await board()
  await rankOf(races, course)('race-1')
  expect((await board({ value: 82 })).standing).toEqual({ value: 82, rank: 1, same: 1, of: 3 })
  expect(await rank('race-0')).toEqual(await rankOf(races, course)('race-0'))
})

test('a name is remembered for five seconds, and an erased one is gone then', async () => {
  const { clock, faces, asked, board } = await aCourse([riders(1)])
  const name = async () => (await board()).rows[0]?.name
  expect(await name()).toBe('Name of race-0.1')
  faces.set('race-0.1', undefined)
  clock.now = 4_999
  expect(await name()).toBe('Name of race-0.1')
  clock.now = 5_000
  expect(await name()).toBe('')
  expect(asked).toHaveLength(2)
})

test('a personal best has the race that it is of and its exact place', async () => {
  const { boards } = await aCourse([riders(4), riders(2, i => 10 + i), [riders(3)[2]!]])
  expect(await boards.personalBest(COURSE, 'rider-2', BOARD)).toEqual({
    ...{ courseId: COURSE, board: BOARD, competitorId: 'rider-2', raceId: 'race-0', bib: 3 },
    standing: { value: 89_998, rank: 3, same: 1, of: 4 }
  })
  expect(await refusal(boards.personalBest(COURSE, 'nobody', BOARD))).toMatch(/^404 nobody/)
})

test('ghosts are of every second and every performance', async () => {
  const { boards } = await aCourse([riders(4), riders(2)])
  const ghosts = await boards.ghosts(COURSE, BOARD)
  expect(ghosts).toMatchObject({ performances: 6, version: 2, width: 10_000 })
  expect(ghosts.seconds).toHaveLength(SECONDS)
  expect(ghosts.seconds[19]).toEqual({ first: 0, counts: [6] })
  expect(ghosts.seconds[149]).toEqual({ first: 8, counts: [4, 2] })
})

test("a ghost is somebody's best way, or the course's", async () => {
  const races = [riders(3, i => [80_000, 90_000, 85_000][i]!)]
  const { boards } = await aCourse(races)
  expect(await boards.ghost(COURSE, BOARD, 'rider-2')).toMatchObject({
    ...{ competitorId: 'rider-2', name: 'Name of race-0.3', raceId: 'race-0', bib: 3 },
    values: wayOf(races[0]![2]!)
  })
  expect(await boards.ghost(COURSE, BOARD, 'best')).toMatchObject({ competitorId: 'rider-1' })
  expect(await refusal(boards.ghost(COURSE, BOARD, 'nobody'))).toMatch(/^404 .*nobody/)
})

test('an unknown board or class is refused naming those that are there, an unknown course as such', async () => {
  const { boards, board } = await aCourse([riders(2)])
  const wrong = 'distance-999'
  expect(await refusal(board({ board: wrong }))).toMatch(/^404 .*it has distance-150\.$/)
  expect(await refusal(boards.ghosts(COURSE, wrong))).toMatch(/^404 .*it has distance-150\.$/)
  expect(await refusal(board({ group: 'C' }))).toMatch(/^404 .*it has A, B\.$/)
  expect(await refusal(boards.ghosts('moon', BOARD))).toMatch(/^404 .*course moon/)
  expect((await board({ board: undefined })).board).toBe(BOARD)
})
