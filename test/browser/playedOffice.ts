import { createHmac } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import {
  type Actor,
  Correction,
  Extension,
  type Operations,
  PROBLEM_MEDIA_TYPE,
  RacePatch,
  RaceRequest,
  SeriesRequest,
  Step
} from '#contract'
import { createCorrections } from '../../functions/stages/corrections.ts'
import { createExtendRace } from '../../functions/stages/extendRace.ts'
import { createLapsCsv } from '../../functions/stages/lapsCsv.ts'
import { createLedgerView } from '../../functions/stages/ledgerView.ts'
import { createPeople } from '../../functions/stages/people.ts'
import { Refused } from '../../functions/stages/problem.ts'
import { createRaceOffice } from '../../functions/stages/raceOffice.ts'
import { createRaceSteps } from '../../functions/stages/raceSteps.ts'
import { createSeries } from '../../functions/stages/series.ts'
import { createStartLists } from '../../functions/stages/startList.ts'
import { PlayedLedger } from './playedLedger.ts'
import { actorOf, startPlayedSignIn } from './playedSignIn.ts'

const ROLES = {
  ...{ timekeeper: ['timekeeper'], admin: ['admin'], second: ['admin'] },
  both: ['admin', 'timekeeper']
}

/** What was asked for: method and path, and the body where there is one. */
export type Asked = { order: string; body: string; key: string | undefined }

/**
 * Serves built pages and plays the admin's routes by the product's own stages over a store in memory, for people whom the
 * real stand-in of Entra ID has signed in. What the gateway does is not played.
 */
export async function startPlayedOffice(pages: string) {
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
  const series = createSeries({ ...ports, ...office })
  const extend = createExtendRace(ports)
  const people = createPeople(ports)
  /** What the pipeline says of itself; a test puts in what it shows. */
  const pipeline: { operations: Operations | undefined } = { operations: undefined }
  const lists = createStartLists(ports)

  const signIn = await startPlayedSignIn(pages, ROLES, handle)

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
    const { searchParams } = new URL(request.url ?? '/', signIn.url)
    const method = request.method ?? ''
    const body = await text(request)
    const key = request.headers['idempotency-key']?.toString()
    if (method !== 'GET') asked.push({ order: `${method} ${path}`, body, key })
    if (path === '/me') return { ...actor, roles: ['admin'] }
    if (path === '/screens') return { token: 'screen.key', expiresAt: now() + 30 * 86_400_000 }
    if (path === '/operations' && pipeline.operations) return pipeline.operations
    if (path === '/series') return (await series(parsed(SeriesRequest, body), actor)).series
    if (path === '/races') return (await office.create(parsed(RaceRequest, body), actor)).race
    const [, of = '', id = '', what = '', more = ''] =
      /^\/(races|people)\/([\w-]+)\/?(\w*)\/?(\w*)$/.exec(path) ?? []
    if (of === 'people') return method === 'GET' ? people.look(id, actor) : people.erase(id, actor)
    if (method === 'PATCH') return office.change(id, parsed(RacePatch, body), actor)
    switch (what) {
      case 'steps':
        return step(id, v.parse(Step, more), actor)
      case 'extension':
        return extend(id, parsed(Extension, body), actor)
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
    const caller = await signIn.callerOf(request)
    if (!caller) throw new Refused('not-found', 'There is nothing yet.')
    if (!caller.roles.includes('admin')) throw new Refused('forbidden', 'Not yours.')
    return obey(request, path, caller.actor)
  }

  async function handle(
    request: IncomingMessage,
    response: ServerResponse,
    path: string
  ): Promise<void> {
    try {
      const said = await answer(request, path)
      response.writeHead(said === undefined ? 204 : 200)
      response.end(typeof said === 'string' ? said : JSON.stringify(said))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      response.writeHead(error.problem.status, { 'Content-Type': PROBLEM_MEDIA_TYPE })
      response.end(JSON.stringify(error.problem))
    }
  }

  return {
    url: signIn.url,
    store,
    pipeline,
    /** Orders as they came. */
    asked,
    close: signIn.close
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

export type PlayedOffice = Awaited<ReturnType<typeof startPlayedOffice>>
