import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  type Board,
  type Ghost,
  type Ghosts,
  type PersonalBest,
  PROBLEM_BASE,
  type Problem,
  type ProblemKind,
  type RaceDetail,
  type RideReading
} from '#contract'
import { headersByFolder, securityHeaders } from '../../infra/deploy/headers.ts'
import { directory } from './boards.ts'
import { servePages } from './servedPages.ts'

/** The bib that every seat gives. */
export const BIB = 33
const SESSION = 7
const BASE = '/api'

const claims = Buffer.from(JSON.stringify({ session: SESSION })).toString('base64url')
/** A token whose claims can be read, and which nobody checks. */
const TOKEN = `e30.${claims}.x`

/** A refusal as the product words it. */
export const refusalOf = (
  kind: ProblemKind,
  status: number,
  more: Partial<Problem> = {}
): Problem => ({
  ...{ type: `${PROBLEM_BASE}${kind}`, title: kind, status, detail: `It is ${kind}.` },
  ...more
})

/** Answers that a test sets; a `Problem` in place of an answer is a refusal. */
type Answers = {
  details: Map<string, RaceDetail>
  boards: Map<string, Board>
  ghosts: Ghosts | undefined
  ghost: Record<string, Ghost>
  best: PersonalBest | undefined
  /** What stands against a seat, a renewal and readings. */
  seat: Problem | undefined
  renewal: Problem | undefined
  telemetry: Problem | undefined
  idleMs: number
  /** Nobody answers the API. */
  down: boolean
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'type' in body && 'detail' in body

/** Serves built pages and plays the API of one rider's race, without sockets: the page polls. */
export async function startPlayedRide(pages: string) {
  const statics = servePages(pages)
  const fresh = (): Answers => ({
    ...{ details: new Map(), boards: new Map(), ghosts: undefined, ghost: {}, best: undefined },
    ...{ seat: undefined, renewal: undefined, telemetry: undefined, idleMs: 120_000, down: false }
  })
  let answers = fresh()
  const readings: RideReading[] = []
  const requests: { line: string; body: string; key: string | undefined }[] = []

  const seatOf = (raceId: string, nickname: string) => ({
    ...{ raceId, bib: BIB, competitorId: 'rider-33', nickname, token: TOKEN, pass: 'a-pass' },
    ...{ expiresAt: Date.now() + 900_000, idleMs: answers.idleMs }
  })

  const answer = (method: string, path: string, query: URLSearchParams, body: string): unknown => {
    if (path === '/time') return { now: Date.now() }
    if (path === '/races') return { races: [...answers.details.values()], continuation: null }
    if (path.startsWith('/courses/')) {
      const [, , , kind = '', who = ''] = path.split('/')
      if (!query.get('board')) return undefined
      if (kind === 'ghosts') return who ? answers.ghost[who] : answers.ghosts
      return kind === 'bests' ? answers.best : undefined
    }
    const [, , raceId = '', part, bib, action] = path.split('/')
    const board = answers.boards.get(raceId)
    if (part === undefined) return answers.details.get(raceId)
    if (part === 'standings' && board) {
      return { ...board, names: 1, rankPages: [], bibPages: [], lapPages: [] }
    }
    if (part === 'competitors') return directory(raceId)
    if (part === 'telemetry') {
      if (answers.telemetry) return answers.telemetry
      const sent: RideReading[] = [JSON.parse(body)].flat()
      readings.push(...sent.filter(({ seq }) => !readings.some(known => known.seq === seq)))
      return {}
    }
    if (part !== 'seats') return undefined
    if (action === 'renewal') return answers.renewal ?? seatOf(raceId, 'Turbo Toast')
    if (method === 'DELETE') return {}
    return bib === undefined
      ? (answers.seat ?? seatOf(raceId, JSON.parse(body).nickname))
      : undefined
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    response.setHeaders(
      new Map(Object.entries({ ...headers, ...own[pathname.split('/')[1] ?? ''] }))
    )
    if (pathname === '/config.json') {
      response.end(JSON.stringify({ apiBase: url + BASE, gatewayUrl: url + BASE, signIn }))
      return
    }
    if (!pathname.startsWith(BASE)) return statics(request, response)
    if (answers.down) {
      request.socket.destroy()
      return
    }
    const path = pathname.slice(BASE.length)
    const body = await text(request)
    const key = request.headers['idempotency-key']
    requests.push({ line: `${request.method} ${path}`, body, key: key ? String(key) : undefined })
    const found =
      answer(request.method ?? '', path, searchParams, body) ?? refusalOf('not-found', 404)
    const problem = isProblem(found)
    response.writeHead(problem ? found.status : 200, {
      'Content-Type': problem ? 'application/problem+json' : 'application/json'
    })
    response.end(JSON.stringify(found))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const callees = { lookupsUrl: url, gatewayUrl: url, webPubSubEndpoint: url }
  const headers = securityHeaders(callees)
  const own: Record<string, Record<string, string>> = headersByFolder(callees, url)
  const signIn = { authority: url, clientId: 'pages', scope: 'api/access' }

  return {
    url,
    /** Readings that were taken, each once. */
    readings,
    requests,
    answers: (): Answers => answers,
    forget(): void {
      answers = fresh()
      readings.length = 0
      requests.length = 0
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}
