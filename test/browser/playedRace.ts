import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sirv from 'sirv'
import { WebSocketServer } from 'ws'
import type { Board, Directory, Frame, RaceSummary } from '#contract'
import { diff } from '#race/delta'
import { directory as directoryOf } from './boards.ts'

/** What a strict front door would send; the pages must work under it. */
const POLICY = (port: number): string =>
  `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self' ws://127.0.0.1:${port}`

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

/** Serves built pages and plays the API and the socket from boards that the test sets. */
export async function startPlayedRace(pages: string) {
  const boards = new Map<string, Board>()
  const directories = new Map<string, Directory>()
  const requests: string[] = []
  let down = false

  const statics = sirv(pages, { dev: true })
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

  const answer = (path: string, method: string, authorization: string | undefined): unknown => {
    if (path === '/races') {
      const races = [...boards.values()].map(summaryOf)
      return {
        races: races.sort((a, b) => (b.startsAt ?? 0) - (a.startsAt ?? 0)),
        continuation: null
      }
    }
    const [, raceId = '', action] = /^\/races\/([^/]+)\/(\w+)$/.exec(path) ?? []
    const board = boards.get(raceId)
    if (action === 'standings' && board) return { ...board, rankPages: [], bibPages: [] }
    if (action === 'competitors') return directories.get(raceId) ?? directoryOf(raceId)
    if (action === 'negotiate' && method === 'POST' && authorization === `Bearer ${SCREEN_LINK}`) {
      return { url: `ws://127.0.0.1:${port}/client?race=${raceId}`, now: Date.now() }
    }
    return undefined
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    response.setHeader('Content-Security-Policy', POLICY(port))
    if (pathname === '/config.json') return response.end(`{"apiBase":"/api"}`)
    if (!pathname.startsWith('/api')) return statics(request, response)
    if (down) return request.socket.destroy()
    requests.push(`${request.method} ${pathname.slice(4)}`)
    const body = answer(pathname.slice(4), request.method ?? '', request.headers.authorization)
    if (body === undefined) {
      response.writeHead(404, { 'Content-Type': 'application/problem+json' })
      return response.end(
        '{"type":"https://grandstand.example/problems/not-found","title":"Not found","status":404,"detail":"No such thing."}'
      )
    }
    const etag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}"`
    if (request.headers['if-none-match'] === etag) return response.writeHead(304).end()
    response.writeHead(200, { 'Content-Type': 'application/json', ETag: etag })
    response.end(JSON.stringify(body))
  })
  server.on('upgrade', (request, socket, head) => {
    if (down) return socket.destroy()
    sockets.handleUpgrade(request, socket, head, client =>
      sockets.emit('connection', client, request)
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const send = (frame: Frame): void => {
    const message = { type: 'message', from: 'group', group: 'race', dataType: 'json', data: frame }
    for (const client of sockets.clients) client.send(JSON.stringify(message))
  }

  return {
    url: `http://127.0.0.1:${port}`,
    /** What the API was asked, oldest first, as `GET /races`. */
    requests,
    /** Sockets open now. */
    connected: (): number => sockets.clients.size,
    /** Sets a board without telling sockets. */
    set(board: Board): void {
      boards.set(board.raceId, board)
    },
    /** Closes a new version: stores it and sends what changed. */
    play(raceId: string, change: Partial<Board>): void {
      const before = boards.get(raceId)
      if (!before) throw new Error(`no board of ${raceId}`)
      const next = { ...before, ...change, version: before.version + 1 }
      boards.set(raceId, next)
      send(diff(before, next))
    },
    rename(directory: Directory): void {
      directories.set(directory.raceId, directory)
      send({ type: 'directory', raceId: directory.raceId, version: directory.version })
    },
    /** Cuts every socket and answers nothing more, or comes back. */
    cut(off: boolean): void {
      down = off
      if (off) for (const client of sockets.clients) client.terminate()
    },
    forget(): void {
      boards.clear()
      directories.clear()
      requests.length = 0
    },
    async close(): Promise<void> {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}
