import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { type Cloud, startCloud } from '../../infra/local/cloud.ts'
import { endpointsOf } from '../../infra/local/endpoints.ts'
import type { Ports } from '../../infra/local/ports.ts'
import { openSecrets, SECRET_FILE } from '../../infra/local/secretFile.ts'
import { bundleApp } from './fixtures/bundleApp.ts'

const APPS = Object.keys(topology.apps)
/** How a key is written in connection strings and signed addresses. */
const KEY_INSIDE = /\b(AccountKey|SharedAccessKey|SharedAccessSignature|AccessKey|sig)=|PRIVATE KEY/

let dir = ''
let appDir = ''
let cloud: Cloud
/** What each app's process was started with, as it tells itself. */
const started = new Map<string, string>()

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'grandstand-secrets-'))
  appDir = await bundleApp('environmentApp.ts', { extensions: { http: { routePrefix: '' } } })
  cloud = await startCloud({ dir, appDir: () => appDir })
  for (const app of APPS) {
    const port = cloud.plan.ports[app as keyof Ports]
    started.set(app, await (await fetch(`http://127.0.0.1:${port}/environment`)).text())
  }
})
afterAll(async () => {
  await cloud.close()
  for (const path of [dir, appDir]) await rm(path, { recursive: true })
})

/** What clients from outside may hold and apps may not, and what all of it is made of. */
async function secretsOf({ plan }: Cloud): Promise<string[]> {
  const { storage } = endpointsOf(plan, {})
  const [, storageKey = ''] = /AccountKey=([^;]+)/.exec(storage.connectionString) ?? []
  return [
    ...[storageKey, plan.cosmosKey, plan.eventHubsKey.value, plan.webPubSubKey],
    ...plan.iotHub.devices.flatMap(({ key }) => key ?? []),
    ...plan.clients.map(({ secret }) => secret),
    await readFile(join(dir, SECRET_FILE), 'utf8')
  ]
}

test('no app process is given a key or a connection string', async () => {
  const secrets = await secretsOf(cloud)
  expect(secrets.filter(secret => secret.length < 32)).toEqual([])
  for (const app of APPS) {
    const text = started.get(app) ?? ''
    expect(text).toContain('AZURE_CLIENT_ID')
    expect(secrets.filter(secret => text.includes(secret))).toEqual([])
    expect(KEY_INSIDE.exec(text)?.[0]).toBeUndefined()
  }
})

test('what clients from outside are given holds such keys, so that the test above looks for the right ones', async () => {
  const { eventHubs, cosmos, webPubSub, storage } = endpointsOf(cloud.plan, {})
  const text = JSON.stringify({ eventHubs, cosmos, webPubSub, storage })
  expect((await secretsOf(cloud)).filter(secret => text.includes(secret))).toHaveLength(4)
  expect(text).toMatch(KEY_INSIDE)
})

test('each app process holds the header of its own identity and of no other', async () => {
  const headerOf = await openSecrets(dir)
  for (const [app, text] of started)
    expect(cloud.plan.apps.filter(name => text.includes(headerOf(name)))).toEqual([app])
})
