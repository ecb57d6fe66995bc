import * as v from 'valibot'
import type { Board, Row } from '#contract'
import { RANK_PAGE_ROWS } from '#contract/race'
import { Head, RankPage } from '#contract/standings'
import { boardOf } from '#race/delta'
import { type Api, createApi } from '../api.ts'
import { type Call, createCall } from '../call.ts'
import type { FollowSink } from '../follow.ts'
import { ROOM_ROWS } from './layout.ts'

/** The room's board changes this often at most, in ms. */
export const ROOM_MS = 1_500

type RoomOptions = {
  api: Api
  call: Call
  /** Where boards with all rows go. */
  sink: FollowSink
}

/** The room's feed over the API behind `apiBase`. */
export const createRoomFeed = (apiBase: string, sink: FollowSink) =>
  openRoomFeed({ api: createApi(apiBase), call: createCall(apiBase), sink })

/**
 * Stands between a race's feed and the view, and makes boards of first rows boards of all rows: pages of ranks are read
 * when the head says that they changed. Give its `api` and `sink` to the feed.
 */
export function openRoomFeed({ api, call, sink }: RoomOptions) {
  let raceId: string | undefined
  /** The newest board that there is; what is shown; the newest head, which alone tells of pages. */
  let wanted: Board | undefined
  let shown = -1
  let head: Head | undefined
  let pages: (RankPage | undefined)[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  const begin = (next: string | undefined): void => {
    raceId = next
    wanted = head = undefined
    shown = -1
    pages = []
  }

  const readHead = async (id: string): Promise<Head> => {
    const answer = await call(`/races/${id}/standings`)
    return v.parse(Head, await answer.json())
  }

  /** Reads the pages that are older than the head says, and gives all rows in their order, each competitor once. */
  const readRows = async (current: Head): Promise<Row[]> => {
    if (current.competitors <= current.top.length) return current.top
    const refs = current.rankPages.slice(0, ROOM_ROWS / RANK_PAGE_ROWS)
    const read = await Promise.all(
      refs.map(async ({ version }, page) => {
        const held = pages[page]
        if (held && held.version >= version) return held
        const answer = await call(`/races/${current.raceId}/standings/ranks/${page}`)
        return v.parse(RankPage, await answer.json())
      })
    )
    if (current.raceId === raceId) pages = read
    // A cache may give pages of two versions: who has moved from one to the other stands where the first says.
    const rows = new Map<number, Row>()
    for (const row of read.flatMap(page => page.rows)) {
      if (!rows.has(row.bib)) rows.set(row.bib, row)
    }
    return [...rows.values()]
  }

  const round = async (): Promise<void> => {
    const board = wanted
    if (!board || board.version <= shown) return
    const known = head?.raceId === board.raceId && head.version >= board.version
    const current = known && head ? head : await readHead(board.raceId)
    const rows = await readRows(current)
    if (board.raceId !== raceId) return
    // What a cache tells may be behind the board: then this comes again.
    shown = current.version
    sink.board({ ...(current.version >= board.version ? boardOf(current) : board), top: rows })
  }

  /** Rounds follow one another at their distance; without anything new there is none. */
  const look = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      if (wanted && wanted.version > shown) run()
    }, ROOM_MS)
  }
  const run = (): void => {
    look()
    round().catch(sink.error)
  }

  return {
    api: {
      ...api,
      async head(id: string, etag: string | null) {
        const headers: Record<string, string> = etag ? { 'If-None-Match': etag } : {}
        const answer = await call(`/races/${id}/standings`, { headers })
        if (answer.status === 304) return 'same' as const
        head = v.parse(Head, await answer.json())
        return { board: boardOf(head), etag: answer.headers.get('ETag') }
      }
    } satisfies Api,
    sink: {
      ...sink,
      follow(race) {
        if (race?.raceId !== raceId) begin(race?.raceId)
        sink.follow(race)
      },
      board(board) {
        if (board.raceId !== raceId) begin(board.raceId)
        wanted = board
        if (timer === undefined) run()
      },
      // The first rows may be current while the others are not.
      alive: by => sink.alive(wanted && wanted.version > shown ? 'link' : by)
    } satisfies FollowSink,
    close(): void {
      clearTimeout(timer)
      begin(undefined)
    }
  }
}
