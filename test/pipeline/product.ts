import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Container, CosmosClient } from '@azure/cosmos'
import { type Head, IDLE_MS, LAP_MAX_MS, type Race, TOLERANCE_MS } from '#contract'
import type { FinalResult } from '../../functions/stages/race.ts'
import { type Cloud, startCloud } from '../../infra/local/cloud.ts'
import { type Endpoints, endpointsOf } from '../../infra/local/endpoints.ts'
import { createAppToken } from '../simulators/appToken.ts'
import { type Official, openOffice } from '../simulators/official.ts'

/** The whole product in a folder of its own, with an official's tool and a look into the database. */
export type Product = {
  cloud: Cloud
  endpoints: Endpoints
  office: Official
  container(name: string): Container
  /** The token of the app that has the role. */
  tokenOf(role: string): Promise<string>
  /** GET through the front door. */
  get(path: string, headers?: Record<string, string>): Promise<Response>
  close(): Promise<void>
}

export async function startProduct(appDir?: (app: string) => string): Promise<Product> {
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-'))
  const cloud = await startCloud({ dir, ...(appDir ? { appDir } : {}) })
  const endpoints = endpointsOf(cloud.plan, {})
  const { endpoint, key, database } = endpoints.cosmos
  const client = new CosmosClient({
    endpoint,
    key,
    connectionPolicy: { enableBackgroundEndpointRefreshing: false }
  })
  const { tokenEndpoint, apiAudience, accounts } = endpoints
  const tokens = new Map(
    accounts.map(({ role, clientId, secret }) => {
      const app = { tokenEndpoint, apiAudience, clientId, secret }
      return [role, createAppToken(app, Date.now)]
    })
  )
  return {
    cloud,
    endpoints,
    office: openOffice(endpoints.cosmos, Date.now),
    container: name => client.database(database).container(name),
    tokenOf: async role => (await tokens.get(role)?.()) ?? `no app has the role ${role}`,
    get: (path, headers = {}) => fetch(`${cloud.url}${path}`, { headers }),
    async close() {
      await cloud.close()
      await rm(dir, { recursive: true, force: true })
    }
  }
}

/** Looks every `everyMs` until `look` finds something; rejects after `withinMs`, saying what was waited for. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { withinMs = 60_000, everyMs = 100 } = {}
): Promise<T> {
  const until = Date.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > until) throw new Error(`waited ${withinMs} ms in vain for ${what}`)
    await pause(everyMs)
  }
}

/** Waits until the race's board satisfies `wanted`. */
export function boardOf(
  product: Product,
  raceId: string,
  wanted: (head: Head) => boolean,
  withinMs = 60_000
): Promise<Head> {
  return eventually(
    `the board of ${raceId}`,
    async () => {
      const answer = await product.get(`/races/${raceId}/standings`).catch(() => undefined)
      if (!answer?.ok) return undefined
      const head = (await answer.json()) as Head
      return wanted(head) ? head : undefined
    },
    { withinMs }
  )
}

/** A short timetabled ride that opens at once; `startsIn` and `seconds` from now. */
export function shortRide(
  raceId: string,
  { startsIn = 4, seconds = 8, backlog = 3, protest = 1, capacity = 100 } = {},
  format: Race['format'] = { kind: 'ride', metric: 'output' }
): Race {
  const now = Date.now()
  return {
    id: raceId,
    raceId,
    name: 'Short ride',
    place: 'Porto',
    event: '',
    sponsor: '',
    format,
    ties: 'competition',
    course: { courseId: 'flat-road', name: 'Flat road' },
    capacity,
    minLapMs: 0,
    maxLapMs: LAP_MAX_MS,
    toleranceMs: TOLERANCE_MS,
    classes: [],
    timedBy: 'telemetry',
    registration: { kind: 'open' },
    lateJoin: 'join',
    trials: 'many',
    idleMs: IDLE_MS,
    unlisted: false,
    attended: false,
    timetable: {
      opensAt: now,
      startsAt: now + startsIn * 1_000,
      countdownMs: 2_000,
      durationMs: seconds * 1_000,
      backlogMs: backlog * 1_000,
      protestMs: protest * 1_000
    }
  }
}

/** The newest final classification in the store. */
export async function latestFinal(product: Product, raceId: string): Promise<FinalResult> {
  const { resources } = await product
    .container('results')
    .items.query<FinalResult>('SELECT * FROM c', { partitionKey: raceId })
    .fetchAll()
  const latest = resources.sort((a, b) => b.revision - a.revision)[0]
  if (!latest) throw new Error(`${raceId} has no final`)
  return latest
}
