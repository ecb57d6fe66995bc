import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import type { Board, DeviceOutcome, Directory, FleetDevice, FleetOutcome } from '#contract'
import { headersByFolder, securityHeaders } from '../../infra/deploy/headers.ts'
import { type Issuer, startIssuer } from '../../infra/local/issuer/server.ts'
import { stop } from '../../infra/local/jsonServer.ts'
import { servePages } from './servedPages.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const API = '22222222-3333-4444-8555-666666666666'
const PAGES = '44444444-5555-4666-8777-888888888888'
const OFFICIALS = ['timekeeper', 'admin']

/** One account for each set of roles that matters here; the password is the name. */
const PEOPLE = ['timekeeper', 'commentator', 'visitor'].map(name => ({
  userName: `${name}@grandstand.example`,
  name,
  password: name,
  roles: name === 'visitor' ? [] : [name]
}))

/** Serves built pages and plays the fleet's API, for people whom the real stand-in of Entra ID has signed in. */
export async function startPlayedFleet(pages: string) {
  const dir = await mkdtemp(join(tmpdir(), 'fleet-'))
  const orders: string[] = []
  let devices: FleetDevice[] = []
  let outcomes = new Map<string, DeviceOutcome>()
  let race: { board: Board; directory: Directory } | undefined
  let failures: number[] = []
  let down = false

  const statics = servePages(pages)
  const server = createServer((request, response) => {
    handle(request, response).catch(error => {
      console.error(error)
      response.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const callees = { lookupsUrl: url, gatewayUrl: url, webPubSubEndpoint: url }

  const startAuthority = (issuerPort: number): Promise<Issuer> =>
    startIssuer({
      dir,
      port: issuerPort,
      tenantId: TENANT,
      apiAudience: API,
      scope: 'access_as_user',
      clients: [],
      pages: { clientId: PAGES, redirectUris: [`${url}/officials/`, `${url}/redirect/`] },
      people: PEOPLE
    })
  let issuer = await startAuthority(0)
  const tenant = `${issuer.url}/${TENANT}`
  const keys = createRemoteJWKSet(new URL(`${tenant}/discovery/v2.0/keys`))
  const ownHeaders: Record<string, Record<string, string>> = headersByFolder(callees, tenant)
  const config = {
    apiBase: `${url}/api`,
    gatewayUrl: `${url}/api`,
    signIn: {
      authority: `${tenant.replace('http:', 'https:')}/v2.0`,
      clientId: PAGES,
      scope: `${API}/access_as_user`,
      metadata: {
        issuer: issuer.issuer,
        authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: issuer.tokenEndpoint,
        end_session_endpoint: `${tenant}/oauth2/v2.0/logout`,
        jwks_uri: `${tenant}/discovery/v2.0/keys`
      }
    }
  }

  async function callerOf({ headers }: IncomingMessage): Promise<JWTPayload | undefined> {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    const verified = await jwtVerify(token, keys, { audience: API }).catch(() => undefined)
    return verified?.payload
  }

  function obey(deviceId: string, method: string): DeviceOutcome {
    const device = devices.find(each => each.deviceId === deviceId)
    const given = outcomes.get(deviceId)
    if (device && method !== 'identify') {
      device.stopOrdered = method === 'stop'
      if (!given) device.reported.stopped = method === 'stop'
    }
    return given ?? { deviceId, outcome: 'done', detail: 'The device confirms.' }
  }

  function answer(method: string, path: string): unknown {
    if (path === '/fleet') return { asOf: Date.now(), devices }
    if (path === '/fleet/stop') {
      const cars = devices.filter(({ reported }) => reported.kind !== 'timer')
      return { devices: cars.map(car => obey(car.deviceId, 'stop')) } satisfies FleetOutcome
    }
    const [, deviceId = '', order] = /^\/fleet\/([\w-]+)\/(\w+)$/.exec(path) ?? []
    if (order && method === 'POST') return obey(deviceId, order)
    if (path === '/races') return { races: race ? [race.board] : [], continuation: null }
    if (path.endsWith('/standings') && race)
      return { ...race.board, rankPages: [], bibPages: [], lapPages: [] }
    if (path.endsWith('/competitors')) return race?.directory
    return undefined
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', url)
    const own = ownHeaders[pathname.split('/')[1] ?? '']
    response.setHeaders(new Map(Object.entries({ ...securityHeaders(callees), ...own })))
    if (pathname === '/config.json') {
      response.end(JSON.stringify(config))
      return
    }
    if (!pathname.startsWith('/api')) return statics(request, response)
    if (down) {
      request.socket.destroy()
      return
    }
    const path = pathname.slice(4)
    const refuse = (status: number, title: string) => {
      const problem = { type: 'about:blank', title, status, detail: 'As the test wants it.' }
      response.writeHead(status, { 'Content-Type': 'application/problem+json' })
      response.end(JSON.stringify(problem))
    }
    if (path.startsWith('/fleet')) {
      const caller = await callerOf(request)
      if (request.method === 'POST') orders.push(path)
      const failure = request.method === 'POST' ? failures.shift() : undefined
      if (failure) return refuse(failure, 'Not available at the moment')
      if (!caller) return refuse(401, 'Sign in or bring a token')
      const roles = (caller.roles ?? []) as string[]
      if (!roles.some(role => OFFICIALS.includes(role))) return refuse(403, 'Not allowed')
    }
    const body = answer(request.method ?? '', path)
    if (body === undefined) return refuse(404, 'Not found')
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(body))
  }

  return {
    url,
    /** Orders as they came, as `/fleet/car-1/stop`. */
    orders,
    /** What the hub says from now on, and how devices take orders; without an outcome they obey. */
    set(fleet: FleetDevice[], taken: DeviceOutcome[] = []): void {
      devices = structuredClone(fleet)
      outcomes = new Map(taken.map(outcome => [outcome.deviceId, outcome]))
    },
    /** The race under way. */
    race(board: Board, directory: Directory): void {
      race = { board, directory }
    },
    /** The next orders are refused with these. */
    fail(...statuses: number[]): void {
      failures = statuses
    },
    cut(now: boolean): void {
      down = now
    },
    /** Everybody is signed out everywhere: nothing renews a token any more. */
    async forgetSignIns(): Promise<void> {
      const issuerPort = Number(new URL(issuer.url).port)
      await issuer.close()
      issuer = await startAuthority(issuerPort)
    },
    async close(): Promise<void> {
      await stop(server)
      await issuer.close()
      await rm(dir, { recursive: true })
    }
  }
}
