import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { appSettings, identitySettings } from '../../infra/local/appSettings.ts'
import type { Binding } from '../../infra/local/functionsHost/core.ts'
import { planCloud } from '../../infra/local/plan.ts'
import { firstOutput, killChild } from './fixtures/hostChild.ts'

type App = {
  functions: string[]
  durable?: boolean
  cosmos?: Record<string, string[]>
  eventHubs?: string[]
}
type Running = { url: string; registered: { name: string; trigger: Binding }[] }

const HOST = join(import.meta.dirname, 'fixtures/packageProcess.ts')
/** What only Durable Functions has. */
const DURABLE = ['activityTrigger', 'entityTrigger', 'orchestrationTrigger']
/** Addresses that the gateway does not route: what the seat tokens' issuer publishes. */
const UNROUTED: Record<string, string> = {
  seatIssuer: 'GET /.well-known/openid-configuration',
  seatKeys: 'GET /keys'
}

const dir = mkdtempSync(join(tmpdir(), 'grandstand-packages-'))
/** Nothing listens at its ports: a package starts without any service. */
const plan = await planCloud(dir)
const identityOf = await identitySettings(plan)
afterAll(() => rmSync(dir, { recursive: true }))

/** Starts a copy of the folder that azd uploads for the app, with `code` before its own. */
async function startPackage(app: string, code = ''): Promise<Running & { stop(): Promise<void> }> {
  const appDir = mkdtempSync(join(dir, `${app}-`))
  cpSync(join('dist', app), appDir, { recursive: true })
  const bundle = join(appDir, 'index.cjs')
  if (code) writeFileSync(bundle, code + readFileSync(bundle, 'utf8'))
  const host = spawn(process.execPath, [HOST, appDir, join(appDir, 'state')], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...appSettings(app, plan), ...identityOf(app) }
  })
  const running: Running = JSON.parse(await firstOutput(host, /^(\{"url".*\})$/m))
  return { ...running, stop: () => killChild(host) }
}

it('a package that lacks a dependency does not start', async () => {
  for (let above = dir; above !== dirname(above); above = dirname(above))
    expect(existsSync(join(above, 'node_modules'))).toBe(false)
  await expect(startPackage('public', "require('valibot');")).rejects.toThrow('valibot')
})

describe.each(Object.entries<App>(topology.apps))('the package of %s, alone', (name, app) => {
  let running: Awaited<ReturnType<typeof startPackage>>

  beforeAll(async () => {
    running = await startPackage(name)
  })
  afterAll(() => running?.stop())

  const triggers = (...types: string[]) =>
    running.registered.filter(({ trigger }) => types.includes(trigger.type))

  it('registers the functions that the topology names, and no other', () => {
    expect(running.registered.map(each => each.name).sort()).toEqual([...app.functions].sort())
  })

  it('has the routes of the topology', () => {
    const expected = [
      ...topology.routes
        .filter(({ backend }) => backend === name)
        .map(({ operationId, method, path }) => [operationId, `${method} ${path}`]),
      ...Object.entries(UNROUTED).filter(([unrouted]) => app.functions.includes(unrouted))
    ]
    const found = triggers('httpTrigger').map(({ name, trigger }) => [
      name,
      `${trigger.methods} /${trigger.route}`
    ])
    expect(found.sort()).toEqual(expected.sort())
  })

  it('reads the hub as the topology lets it', () => {
    const found = triggers('eventHubTrigger').map(({ trigger }) => [
      trigger.connection,
      trigger.eventHubName,
      trigger.consumerGroup
    ])
    const expected = topology.eventHubs.consumerGroups
      .filter(group => group === name)
      .map(group => ['EVENT_HUBS', topology.eventHubs.hub, group])
    expect(found).toEqual(expected)
    expect(found.length > 0).toBe(app.eventHubs?.includes('receive') ?? false)
  })

  it('follows the containers whose feed the topology lets it read, with its own leases', () => {
    const { database, containers } = topology.cosmos
    const found = triggers('cosmosDBTrigger').map(({ trigger }) => trigger)
    const feeds = Object.entries(app.cosmos ?? {}).flatMap(([container, rights]) =>
      rights.includes('feed') ? [container] : []
    )
    expect(found.map(({ containerName }) => containerName).sort()).toEqual(feeds.sort())
    for (const { connection, databaseName, leaseContainerName } of found) {
      expect([connection, databaseName, leaseContainerName]).toEqual([
        'COSMOS',
        database,
        `leases-${name}`
      ])
      expect(Object.keys(containers)).toContain(leaseContainerName)
      expect(app.cosmos?.[`leases-${name}`]).toEqual(['all'])
    }
    // Two functions with one lease container need prefixes of their own.
    const prefixes = found.map(({ leaseContainerPrefix }) => leaseContainerPrefix)
    expect(new Set(prefixes).size).toBe(found.length)
  })

  it('is durable where the topology says so', () => {
    expect(triggers(...DURABLE).length > 0).toBe(app.durable ?? false)
  })

  it('answers on every route with its own word of what is wrong', async () => {
    for (const { method, path } of topology.routes.filter(({ backend }) => backend === name)) {
      const address = path.replaceAll(/\{\w+\}/g, 'No_Such_Id!')
      const answer = await fetch(running.url + address, { method })
      // The host's own refusals have no body.
      expect(answer.headers.get('content-type'), address).toBe('application/problem+json')
      expect(await answer.json()).toMatchObject({ status: answer.status })
      expect(answer.status, address).not.toBe(500)
    }
    if (app.functions.includes('seatIssuer')) {
      const answer = await fetch(`${running.url}/.well-known/openid-configuration`)
      expect(await answer.json()).toMatchObject({ issuer: appSettings(name, plan).SEAT_ISSUER })
    }
  })
})
