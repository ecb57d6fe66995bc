import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Board, Head, RankPage, Row } from '#contract'
import type { Api } from '../../../web/api.ts'
import type { Call } from '../../../web/call.ts'
import type { FollowSink } from '../../../web/follow.ts'
import { openRoomFeed, ROOM_MS } from '../../../web/room/roomFeed.ts'
import { playerRows, session } from '../../browser/arcadeBoards.ts'

const RACE = 'room-1'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A room over an API that a test sets. */
function open() {
  const api = { rows: playerRows(150), version: 10, versions: [10, 10], down: false }
  const asked: string[] = []
  const shown: { at: number; board: Board }[] = []
  const alive: string[] = []
  const errors: unknown[] = []
  const boardOf = (): Board => session(RACE, api.rows, { version: api.version })
  const head = (): Head => ({
    ...boardOf(),
    rankPages: api.versions.map(version => ({ version, slot: 0 })),
    bibPages: [],
    lapPages: [],
    records: []
  })
  const pageOf = (page: number): RankPage => ({
    raceId: RACE,
    version: api.versions[page] ?? 0,
    page,
    rows: api.rows.slice(100 * page, 100 * page + 100)
  })
  const call: Call = async path => {
    asked.push(path)
    if (api.down) throw new Error('down')
    const page = /ranks\/(\d)$/.exec(path)?.[1]
    return Response.json(page === undefined ? head() : pageOf(Number(page)))
  }
  const nothing = () => undefined
  const sink: FollowSink = {
    ...{ follow: nothing, next: nothing, directory: nothing, serverTime: nothing },
    board: board => shown.push({ at: Date.now(), board }),
    alive: by => alive.push(by),
    error: error => errors.push(error)
  }
  const room = openRoomFeed({ api: {} as Api, call, sink })
  const bibs = () => shown.at(-1)?.board.top.map(({ bib }: Row) => bib)
  return { api, asked, shown, alive, errors, room, boardOf, bibs }
}

test('the first rows become all rows, by the pages that the head names', async () => {
  const { room, boardOf, bibs, asked } = open()
  room.sink.board(boardOf())
  await vi.advanceTimersByTimeAsync(1)
  expect(bibs()).toEqual(playerRows(150).map(({ bib }) => bib))
  expect(asked).toEqual(['', '/ranks/0', '/ranks/1'].map(path => `/races/${RACE}/standings${path}`))
  room.close()
})

test('however often boards come, the room changes every 1.5 s at most, and ends with the last', async () => {
  const { room, api, boardOf, shown } = open()
  for (let i = 0; i < 40; i++) {
    api.version += 1
    room.sink.board(boardOf())
    await vi.advanceTimersByTimeAsync(250)
  }
  await vi.advanceTimersByTimeAsync(ROOM_MS)
  const apart = shown.slice(1).map(({ at }, i) => at - shown[i]!.at)
  expect(shown.length).toBeGreaterThan(5)
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(ROOM_MS)
  expect(shown.at(-1)?.board.version).toBe(50)
  room.close()
})

test('a page that did not change is not read again', async () => {
  const { room, api, boardOf, asked } = open()
  room.sink.board(boardOf())
  await vi.advanceTimersByTimeAsync(ROOM_MS)
  api.version = 11
  api.versions = [11, 10]
  room.sink.board(boardOf())
  await vi.advanceTimersByTimeAsync(ROOM_MS)
  const of = (page: string) => asked.filter(path => path.endsWith(page)).length
  expect([of('/ranks/0'), of('/ranks/1')]).toEqual([2, 1])
  room.close()
})

test('who stands on two pages of different versions is shown once', async () => {
  const { room, api, boardOf, bibs } = open()
  room.sink.board(boardOf())
  await vi.advanceTimersByTimeAsync(ROOM_MS)
  // The first of the second page has moved up, and that page is still the one before.
  const moved = api.rows[100]!
  api.rows = [moved, ...api.rows.slice(0, 100), ...api.rows.slice(101)]
  api.version = 11
  api.versions = [11, 10]
  room.sink.board(boardOf())
  await vi.advanceTimersByTimeAsync(ROOM_MS)
  expect(bibs()?.filter(bib => bib === moved.bib)).toHaveLength(1)
  expect(bibs()?.[0]).toBe(moved.bib)
  room.close()
})

test('pages that cannot be read make the room old, whatever the head says', async () => {
  const { room, api, boardOf, shown, alive, errors } = open()
  api.down = true
  room.sink.board(boardOf())
  await vi.advanceTimersByTimeAsync(1)
  room.sink.alive('data')
  expect(alive).toEqual(['link'])
  expect([shown.length, errors.length]).toEqual([0, 1])
  api.down = false
  await vi.advanceTimersByTimeAsync(ROOM_MS)
  expect(shown).toHaveLength(1)
  room.sink.alive('data')
  expect(alive).toEqual(['link', 'data'])
  room.close()
})
