import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { WebSocketServer } from 'ws'
import { type Board, type Directory, type Frame, type RaceSummary, TOP_ROWS } from '#contract'
import { diff } from '#race/delta'
import { securityHeaders } from '../../infra/deploy/headers.ts'
import { directory as directoryOf } from './boards.ts'
import { type Classification, PlayedPages } from './playedPages.ts'
import { servePages } from './servedPages.ts'

/** The headers that the deployed pages have; they must work under them. */
const headersOf = (origin: string): Record<string, string> =>
  securityHeaders({ lookupsUrl: origin, gatewayUrl: origin, webPubSubEndpoint: origin })

export const SCREEN_LINK = 'screen-link'

const summaryOf = (board: Board): RaceSummary => ({
  raceId: board.raceId,
  name: board.name,
  place: board.place,
  format: board.format,
  phase: board.phase,
  validity: board.validity,
  startsAt: board.startsAt,
  endsAt: board.endsAt,
  competitors: board.competitors
})

type Answered = { path: string; status: number; bytes: number }

/** Serves built pages and plays the API and the socket from boards that the test sets. */
export async function startPlayedRace(pages: string) {
  const boards = new Map<string, Board>()
  const directories = new Map<string, Directory>()
  const pagesOf = new Map<string, PlayedPages>()
  const requests: string[] = []
  const answers: Answered[] = []
  /** Answers with names that are still those before, as of a cache that is behind. */
  let behind: { times: number; names: Directory } | undefined
  let down: boolean | 'all' = false
  let refusal: { status: number; retryAfter: string } | undefined

  let statics = servePages(pages)
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: offered => [...offered][0] ?? false
  })
  sockets.on('connection', socket => {
    socket.send(
      JSON.stringify({ type: 'system', event: 'connected', connectionId: 'c', userId: null })
    )
    socket.on('message', text => {
      if (JSON.parse(String(text)).type === 'ping') socket.send('{"type":"pong"}')
    })
  })

  const namesOf = (raceId: string): Directory => directories.get(raceId) ?? directoryOf(raceId)
  const answer = (path: string, method: string, authorization: string | undefined): unknown => {
    if (path === '/races') {
      const races = [...boards.values()].map(summaryOf)
      return {
        races: races.sort((a, b) => (b.startsAt ?? 0) - (a.startsAt ?? 0)),
        continuation: null
      }
    }
    const [, raceId = '', action, kind, page] =
      /^\/races\/([^/]+)\/(\w+)(?:\/(ranks|bibs|laps)\/(\d+))?$/.exec(path) ?? []
    const board = boards.get(raceId)
    const paged = pagesOf.get(raceId)
    if (kind) return paged?.page(kind as 'ranks' | 'bibs' | 'laps', Number(page))
    if (action === 'standings' && board && board.phase !== 'scheduled') {
      const names = namesOf(raceId).version
      return { ...board, names, rankPages: [], bibPages: [], lapPages: [], ...paged?.refs() }
    }
    if (action === 'competitors' && behind && behind.times-- > 0) return behind.names
    if (action === 'competitors') return namesOf(raceId)
    if (action === 'negotiate' && method === 'POST' && authorization === `Bearer ${SCREEN_LINK}`) {
      return { url: `ws://127.0.0.1:${port}/client?race=${raceId}`, now: Date.now() }
    }
    return undefined
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (down === 'all') return request.socket.destroy()
    response.setHeaders(new Map(Object.entries(headersOf(url()))))
    if (pathname === '/config.json') return response.end(`{"apiBase":"${url()}/api"}`)
    if (!pathname.startsWith('/api')) return statics(request, response)
    if (down) return request.socket.destroy()
    const path = pathname.slice(4)
    requests.push(`${request.method} ${path}`)
    if (refusal) {
      response.writeHead(refusal.status, { 'Retry-After': refusal.retryAfter })
      return response.end()
    }
    const body = answer(path, request.method ?? '', request.headers.authorization)
    const done = (status: number, bytes: number) => answers.push({ path, status, bytes })
    if (body === undefined) {
      done(404, 0)
      response.writeHead(404, { 'Content-Type': 'application/problem+json' })
      return response.end(
        '{"type":"https://grandstand.example/problems/not-found","title":"Not found","status":404,"detail":"No such thing."}'
      )
    }
    const etag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}"`
    if (request.headers['if-none-match'] === etag) {
      done(304, 0)
      return response.writeHead(304, { ETag: etag }).end()
    }
    const packed = gzipSync(JSON.stringify(body))
    done(200, packed.length)
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip',
      ETag: etag
    })
    response.end(packed)
  })
  server.on('upgrade', (request, socket, head) => {
    if (down) return socket.destroy()
    sockets.handleUpgrade(request, socket, head, client =>
      sockets.emit('connection', client, request)
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  function url(): string {
    return `http://127.0.0.1:${port}`
  }

  const send = (frame: Frame): void => {
    const message = { type: 'message', from: 'group', group: 'race', dataType: 'json', data: frame }
    for (const client of sockets.clients) client.send(JSON.stringify(message))
  }

  return {
    url: url(),
    /** What the API was asked, oldest first, as `GET /races`. */
    requests,
    /** What the API answered, oldest first; bytes as they went over the wire. */
    answers,
    /** Sockets open now. */
    connected: (): number => sockets.clients.size,
    /** Sets a board without telling sockets. */
    set(board: Board): void {
      boards.set(board.raceId, board)
    },
    /** Sets the whole classification of a race whose board is set: the head holds its first rows, pages the rest. */
    classify(raceId: string, classification: Classification): void {
      const before = boards.get(raceId)
      if (!before) throw new Error(`no board of ${raceId}`)
      const version = before.version + 1
      const { rows } = classification
      boards.set(raceId, {
        ...before,
        version,
        competitors: rows.length,
        top: rows.slice(0, TOP_ROWS)
      })
      const paged = pagesOf.get(raceId) ?? new PlayedPages()
      paged.set(raceId, version, classification)
      pagesOf.set(raceId, paged)
    },
    /** Closes a new version: stores it and sends what changed. */
    play(raceId: string, change: Partial<Board>): void {
      const before = boards.get(raceId)
      if (!before) throw new Error(`no board of ${raceId}`)
      const next = { ...before, ...change, version: before.version + 1 }
      boards.set(raceId, next)
      send(diff(before, next))
    },
    /** Changes the names and tells sockets; the API answers with those before so many times more. */
    rename(directory: Directory, times = 0): void {
      behind = { times, names: namesOf(directory.raceId) }
      directories.set(directory.raceId, directory)
      send({ type: 'directory', raceId: directory.raceId, version: directory.version })
    },
    /** Sets the names without telling sockets; the API answers with those before so many times more. */
    name(directory: Directory, times = 0): void {
      behind = { times, names: namesOf(directory.raceId) }
      directories.set(directory.raceId, directory)
    },
    /** Answers every request to the API so, until told otherwise. */
    refuse(as: { status: number; retryAfter: string } | undefined): void {
      refusal = as
    },
    /** Serves other pages from now on: a deployment. */
    deploy(other: string): void {
      statics = servePages(other)
    },
    /** Cuts every socket and answers nothing more, not even the pages if so wanted; or comes back. */
    cut(off: boolean | 'all'): void {
      down = off
      if (off) for (const client of sockets.clients) client.terminate()
    },
    forget(): void {
      boards.clear()
      directories.clear()
      pagesOf.clear()
      requests.length = 0
      answers.length = 0
      refusal = undefined
      behind = undefined
    },
    async close(): Promise<void> {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}
