import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { CosmosClient } from '@azure/cosmos'
import topology from '#topology' with { type: 'json' }
import { DIST } from '../../infra/build.ts'
import { eventually } from '../smoke/eventually.ts'
import { APP_SETTINGS, COSMOS, SCHEDULER_SETTINGS } from './settings.ts'

/** Azure's own Functions host (`func` of azure-functions-core-tools 4) on our bundles, beside the emulators. */

const PORT = 7071
const STARTING = { withinMs: 180_000, everyMs: 1_000 }

type Request = { method: string; path: string; answers: string }
const PROBLEM = 'application/problem+json'
/** One request that reaches our code: without the gateway's token it answers with a problem. */
const REQUESTS: Record<string, Request> = {
  public: { method: 'GET', path: '/races/Not_A_Slug', answers: PROBLEM },
  publish: { method: 'POST', path: '/races/any/negotiate', answers: PROBLEM },
  rider: { method: 'GET', path: '/.well-known/openid-configuration', answers: 'application/json' },
  timekeeper: { method: 'POST', path: '/races/any/runs/one/laps', answers: PROBLEM },
  admin: { method: 'POST', path: '/screens', answers: PROBLEM }
}

/** The containers that triggers read and keep their leases in. */
async function createContainers(): Promise<void> {
  const client = new CosmosClient(COSMOS)
  const { database, containers } = topology.cosmos
  const created = await client.databases.createIfNotExists({ id: database })
  for (const [id, { partitionKey }] of Object.entries(containers)) {
    await created.database.containers.createIfNotExists({ id, partitionKey })
  }
  client.dispose()
}

const read = async (path: string, method = 'GET'): Promise<Response> =>
  fetch(`http://127.0.0.1:${PORT}${path}`, { method, signal: AbortSignal.timeout(10_000) })

/** The functions that the host has found, sorted; undefined while it starts. Rejects when it has ended. */
async function foundBy(host: ChildProcess): Promise<string[] | undefined> {
  if (host.exitCode !== null) throw new Error(`func ended with ${host.exitCode}`)
  try {
    const answer = await read('/admin/functions')
    if (!answer.ok) return undefined
    const functions = (await answer.json()) as { name: string }[]
    return functions.length ? functions.map(({ name }) => name).sort() : undefined
  } catch {
    return undefined
  }
}

async function proveApp(app: string, settings: Record<string, string>): Promise<void> {
  const host = spawn('func', ['start', '--port', String(PORT)], {
    cwd: `${DIST}/${app}`,
    env: { ...process.env, ...APP_SETTINGS, ...settings },
    // A group of its own: the host has children that must end with it.
    detached: true,
    stdio: 'inherit'
  })
  const ended = new Promise(resolve => host.once('close', resolve))
  try {
    const found = await eventually(`functions of ${app}`, () => foundBy(host), STARTING)
    const { functions } = topology.apps[app as keyof typeof topology.apps]
    assert.deepEqual(found, [...functions].sort())
    const asked = REQUESTS[app]
    if (!asked) return
    const answer = await read(asked.path, asked.method)
    assert.equal(answer.headers.get('content-type')?.split(';')[0], asked.answers)
  } finally {
    if (host.pid && host.exitCode === null) process.kill(-host.pid, 'SIGTERM')
    await ended
  }
}

await createContainers()
let failed = 0
const cases = Object.keys(topology.apps).map(app => ({ app, backend: 'storage', settings: {} }))
for (const { app, backend, settings } of [
  ...cases,
  { app: 'aggregate', backend: 'scheduler', settings: SCHEDULER_SETTINGS }
]) {
  try {
    await proveApp(app, settings)
    console.log(`passed: ${app} on ${backend}`)
  } catch (error) {
    failed++
    console.error(`failed: ${app} on ${backend}:`, error)
  }
}
process.exitCode = failed ? 1 : 0
