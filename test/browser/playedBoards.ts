import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type BestRow,
  BOARD_PAGE_ROWS,
  type Board,
  type CourseBoard,
  type Directory,
  type PersonalBest,
  PROBLEM_BASE,
  type RaceDetail,
  type RaceSummary,
  type Row,
  TOP_ROWS
} from '#contract'
import { securityHeaders } from '../../infra/deploy/headers.ts'
import { PlayedPages } from './playedPages.ts'
import { servePages } from './servedPages.ts'

const BASE = '/api'
/** Races of one answer of the list. */
const LIST_ROWS = 3

type PlayedRaceBoard = { board: Board; rows: Row[]; names: Directory; pages: PlayedPages }
/** Of an all-time board: everybody on it, and the classes that it has. */
type PlayedCourse = { board: string; rows: BestRow[]; of: number; classes: string[] }

/** Serves built pages and plays the public API: races by state, their pages, courses, boards and bests. */
export async function startPlayedBoards(pages: string) {
  const statics = servePages(pages)
  const races = new Map<string, PlayedRaceBoard>()
  const courses = new Map<string, PlayedCourse[]>()
  const bests = new Map<string, PersonalBest>()
  const requests: string[] = []
  let down = false

  const listed = (query: URLSearchParams) => {
    const all = [...races.values()]
      .map(({ board }): RaceSummary => board)
      .filter(({ phase }) => phase === query.get('state'))
      .sort((a, b) => (b.startsAt ?? 0) - (a.startsAt ?? 0))
    const from = all.findIndex(({ raceId }) => raceId === query.get('continuation')) + 1
    const some = all.slice(from, from + LIST_ROWS)
    const more = all.length > from + LIST_ROWS
    return { races: some, continuation: more ? some.at(-1)!.raceId : null }
  }

  const detailOf = ({ board }: PlayedRaceBoard): RaceDetail => ({
    ...board,
    ...{ ties: 'competition', course: { courseId: 'harbour', name: 'Harbour Loop' } },
    ...{ capacity: 1_000, minLapMs: 0, maxLapMs: 3_600_000, toleranceMs: 300, classes: [] },
    ...{ timedBy: 'telemetry', lateJoin: 'join', trials: 'many', idleMs: 120_000 },
    timetable: { countdownMs: 10_000, durationMs: 300_000, backlogMs: 20_000, protestMs: 0 },
    ...{ attended: false, registration: 'open' }
  })

  const courseBoard = (courseId: string, query: URLSearchParams): CourseBoard | undefined => {
    const boards = courses.get(courseId) ?? []
    const wanted = query.get('board')
    const found = wanted ? boards.find(({ board }) => board === wanted) : boards[0]
    if (!found) return undefined
    const group = query.get('class') ?? ''
    const from = Number(query.get('page')) * BOARD_PAGE_ROWS
    const rows = found.rows.filter(row => group === '' || row.class === group)
    return {
      ...{ courseId, board: found.board, class: group, version: 1, standing: null },
      of: group === '' ? found.of : rows.length,
      rows: rows.slice(from, from + BOARD_PAGE_ROWS),
      boards: boards.map(({ board }) => board),
      classes: found.classes
    }
  }

  const answer = (path: string, query: URLSearchParams): unknown => {
    const [, first, id = '', part, kind, page] = path.split('/')
    if (first === 'courses') {
      if (part === 'board') return courseBoard(id, query)
      return part === 'bests' ? bests.get(`${kind}/${query.get('board')}`) : undefined
    }
    if (id === '') return listed(query)
    const race = races.get(id)
    if (!race) return undefined
    if (part === undefined) return detailOf(race)
    if (part === 'competitors') return race.names
    if (part !== 'standings' || race.board.phase === 'scheduled') return undefined
    if (kind === 'ranks' || kind === 'bibs') return race.pages.page(kind, Number(page))
    return { ...race.board, names: race.names.version, ...race.pages.refs() }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams, search } = new URL(request.url ?? '/', url)
    response.setHeaders(new Map(Object.entries(headers)))
    if (pathname === '/config.json') {
      response.end(JSON.stringify({ apiBase: url + BASE }))
      return
    }
    if (!pathname.startsWith(BASE)) return statics(request, response)
    if (down) {
      request.socket.destroy()
      return
    }
    const path = pathname.slice(BASE.length)
    requests.push(path + search)
    const body = answer(path, searchParams)
    if (body === undefined) {
      const problem = { type: `${PROBLEM_BASE}not-found`, title: 'Not found', status: 404 }
      response.writeHead(404, { 'Content-Type': 'application/problem+json' })
      response.end(JSON.stringify({ ...problem, detail: 'There is no such thing.' }))
      return
    }
    const text = JSON.stringify(body)
    const etag = `"${createHash('sha256').update(text).digest('base64url')}"`
    const isSame = request.headers['if-none-match'] === etag
    response.writeHead(isSame ? 304 : 200, { 'Content-Type': 'application/json', ETag: etag })
    response.end(isSame ? undefined : text)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const headers: Record<string, string> = securityHeaders({
    ...{ lookupsUrl: url, gatewayUrl: url, webPubSubEndpoint: url }
  })

  return {
    url,
    /** What the API was asked, oldest first, as `/races?state=running`. */
    requests,
    courses,
    /** By competitor and board, as `rider-33/distance-300`. */
    bests,
    /** Sets a race with all its rows; the head has the first of them. */
    set(board: Board, rows: Row[], names: Directory): void {
      const paged = races.get(board.raceId)?.pages ?? new PlayedPages()
      paged.set(board.raceId, board.version, { rows })
      const head = { ...board, competitors: rows.length, top: rows.slice(0, TOP_ROWS) }
      races.set(board.raceId, { board: head, rows, names, pages: paged })
    },
    /** Nobody answers the API, or somebody does again. */
    cut(off: boolean): void {
      down = off
    },
    forget(): void {
      races.clear()
      courses.clear()
      bests.clear()
      requests.length = 0
      down = false
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}
