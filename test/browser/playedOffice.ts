import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as v from 'valibot'
import { type Actor, Correction, PROBLEM_MEDIA_TYPE, RacePatch, RaceRequest, Step } from '#contract'
import { createCorrections } from '../../functions/stages/corrections.ts'
import { createLapsCsv } from '../../functions/stages/lapsCsv.ts'
import { createLedgerView } from '../../functions/stages/ledgerView.ts'
import { createPeople } from '../../functions/stages/people.ts'
import { Refused } from '../../functions/stages/problem.ts'
import { createRaceOffice } from '../../functions/stages/raceOffice.ts'
import { createRaceSteps } from '../../functions/stages/raceSteps.ts'
import { createStartLists } from '../../functions/stages/startList.ts'
import { headersByFolder, securityHeaders } from '../../infra/deploy/headers.ts'
import { objectIdOf } from '../../infra/local/issuer/people.ts'
import { startIssuer } from '../../infra/local/issuer/server.ts'
import { stop } from '../../infra/local/jsonServer.ts'
import { PlayedLedger } from './playedLedger.ts'
import { servePages } from './servedPages.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const API = '22222222-3333-4444-8555-666666666666'
const PAGES = '44444444-5555-4666-8777-888888888888'

const person = (name: string, ...roles: string[]) => ({
  ...{ userName: `${name}@grandstand.example`, name, password: name },
  roles
})
const PEOPLE = [
  person('timekeeper', 'timekeeper'),
  person('admin', 'admin'),
  person('second', 'admin'),
  person('both', 'admin', 'timekeeper')
]

/** The deed of somebody of the accounts. */
export const actorOf = (name: string): Actor => ({
  kind: 'person',
  tenant: TENANT,
  object: objectIdOf({ userName: `${name}@grandstand.example` })
})

/** What was asked for: method and path, and the body where there is one. */
export type Asked = { order: string; body: string; key: string | undefined }

/**
 * Serves built pages and plays the admin's routes by the product's own stages over a store in memory, for people whom the
 * real stand-in of Entra ID has signed in. What the gateway does is not played.
 */
export async function startPlayedOffice(pages: string) {
  const dir = await mkdtemp(join(tmpdir(), 'office-'))
  const store = new PlayedLedger(actorOf('timekeeper'))
  const asked: Asked[] = []
  const { now } = Date
  let ids = 0
  const ports = Object.assign(store, { now, newId: () => `${ids++}`, digest })
  const view = createLedgerView(ports)
  const tables = createLapsCsv(ports)
  const correct = createCorrections(ports)
  const step = createRaceSteps(ports)
  const office = createRaceOffice(ports)
  const people = createPeople(ports)
  const lists = createStartLists(ports)

  const statics = servePages(pages)
  const server = createServer((request, response) => {
    handle(request, response).catch(error => {
      console.error(error)
      response.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const callees = { lookupsUrl: url, gatewayUrl: url, webPubSubEndpoint: url }
  const issuer = await startIssuer({
    ...{ dir, port: 0, tenantId: TENANT, apiAudience: API, scope: 'access_as_user', clients: [] },
    pages: { clientId: PAGES, redirectUris: [`${url}/officials/`, `${url}/redirect/`] },
    people: PEOPLE
  })
  const tenant = `${issuer.url}/${TENANT}`
  const keys = createRemoteJWKSet(new URL(`${tenant}/discovery/v2.0/keys`))
  const ownHeaders: Record<string, Record<string, string>> = headersByFolder(callees, tenant)
  const config = {
    ...{ apiBase: `${url}/api`, gatewayUrl: `${url}/api` },
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

  /** What everybody may read; undefined for everything else. */
  async function read(path: string): Promise<object | undefined> {
    if (path === '/races') {
      const races = await Promise.all([...store.races.keys()].map(id => store.detailOf(id)))
      return { races, continuation: null }
    }
    const [, raceId = '', rest = ''] = /^\/races\/([\w-]+)(\/.*)?$/.exec(path) ?? []
    const row = /^\/competitors\/(\d+)$/.exec(rest)?.[1]
    if (rest === '') return store.detailOf(raceId)
    if (rest === '/standings') return store.readHead(raceId)
    if (rest === '/competitors') return store.readDirectory(raceId)
    if (rest.startsWith('/standings/ranks/')) {
      const page = Number(rest.split('/').at(-1))
      return { raceId, version: 1, page, rows: page === 0 ? store.rowsOf(raceId) : [] }
    }
    if (!row) return undefined
    const { entries } = await store.readDirectory(raceId)
    const bib = Number(row)
    const found = store.rowsOf(raceId).find(each => each.bib === bib) ?? null
    const competitor = entries.find(entry => entry.bib === bib)
    return { raceId, version: 1, competitor, row: found, laps: [] }
  }

  async function obey(request: IncomingMessage, path: string, actor: Actor): Promise<unknown> {
    const { searchParams } = new URL(request.url ?? '/', url)
    const method = request.method ?? ''
    const body = await text(request)
    const key = request.headers['idempotency-key']?.toString()
    if (method !== 'GET') asked.push({ order: `${method} ${path}`, body, key })
    if (path === '/me') return { ...actor, roles: ['admin'] }
    if (path === '/screens') return { token: 'screen.key', expiresAt: now() + 30 * 86_400_000 }
    if (path === '/races') return (await office.create(parsed(RaceRequest, body), actor)).race
    const [, of = '', id = '', what = '', more = ''] =
      /^\/(races|people)\/([\w-]+)\/?(\w*)\/?(\w*)$/.exec(path) ?? []
    if (of === 'people') return method === 'GET' ? people.look(id, actor) : people.erase(id, actor)
    if (method === 'PATCH') return office.change(id, parsed(RacePatch, body), actor)
    switch (what) {
      case 'steps':
        return step(id, v.parse(Step, more), actor)
      case 'corrections':
        return correct({ raceId: id, key: key ?? '', asked: parsed(Correction, body) }, actor)
      case 'ledger':
        return view.page(id, searchParams.get('continuation') ?? undefined)
      case 'explanations':
        return view.explanation(id, Number(more))
      case 'board':
        return view.boardAt(id, Number(searchParams.get('at')))
      case 'startlist':
        return lists.take({ raceId: id, csv: body, apply: searchParams.has('apply') }, actor)
      case 'exports':
        return tables[more === 'laps' ? 'laps' : 'racers'](id)
      default:
        throw new Refused('not-found', path)
    }
  }

  async function answer(request: IncomingMessage, path: string): Promise<unknown> {
    const open = request.method === 'GET' ? await read(path) : undefined
    if (open) return open
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (!token) throw new Refused('not-found', 'There is nothing yet.')
    const { payload } = await jwtVerify(token, keys, { audience: API })
    if (!(payload.roles as string[]).includes('admin')) throw new Refused('forbidden', 'Not yours.')
    return obey(request, path, { kind: 'person', tenant: TENANT, object: String(payload.oid) })
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', url)
    const own = ownHeaders[pathname.split('/')[1] ?? '']
    response.setHeaders(new Map(Object.entries({ ...securityHeaders(callees), ...own })))
    if (pathname === '/config.json') response.end(JSON.stringify(config))
    else if (!pathname.startsWith('/api')) statics(request, response)
    else {
      try {
        const said = await answer(request, pathname.slice(4))
        response.writeHead(said === undefined ? 204 : 200)
        response.end(typeof said === 'string' ? said : JSON.stringify(said))
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        response.writeHead(error.problem.status, { 'Content-Type': PROBLEM_MEDIA_TYPE })
        response.end(JSON.stringify(error.problem))
      }
    }
  }

  return {
    url,
    store,
    /** Orders as they came. */
    asked,
    async close(): Promise<void> {
      await stop(server)
      await issuer.close()
      await rm(dir, { recursive: true })
    }
  }
}

function parsed<const S extends v.GenericSchema>(schema: S, body: string): v.InferOutput<S> {
  const read = v.safeParse(schema, JSON.parse(body))
  if (read.success) return read.output
  const errors = read.issues.map(issue => ({
    pointer: `/${(v.getDotPath(issue) ?? '').replaceAll('.', '/')}`,
    detail: issue.message
  }))
  throw new Refused('bad-body', 'The body is not valid.', errors)
}

const digest = (key: string, said: string): string =>
  createHmac('sha256', key).update(said).digest('hex')
