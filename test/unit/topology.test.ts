import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import topology from '#topology' with { type: 'json' }
import rights from '../../infra/rights.json' with { type: 'json' }

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const files = (path: string, extension: string) =>
  readdirSync(new URL(`../../${path}`, import.meta.url))
    .filter(file => file.endsWith(extension))
    .map(file => file.slice(0, -extension.length))
    .sort()

const policyOf = (name: string) => text(`infra/gateway/policies/${name}.xml`)
const distinct = (names: string[]) => [...new Set(names)].sort()
const host = JSON.parse(text('host.json'))
const containers = Object.keys(topology.cosmos.containers)

type App = {
  cosmos?: Record<string, string[]>
  eventHubs?: string[]
  webPubSub?: string[]
  keyVault?: string[]
  iotHub?: string[]
  entra?: string[]
}
const apps = Object.entries<App>(topology.apps)

describe('The topology', () => {
  it('names every policy file but the global one, and none that is missing', () => {
    expect(distinct(['global', ...topology.routes.map(route => route.policy)])).toEqual(
      files('infra/gateway/policies', '.xml')
    )
  })

  it.each(topology.routes)('sends $operationId where its policy sends it', route => {
    const sent =
      route.backend === 'eventHubs'
        ? policyOf(route.policy).includes('fragment-id="to-event-hubs"')
        : policyOf(route.policy).includes(`base-url="{{${route.backend}-url}}"`)
    expect(sent).toBe(true)
  })

  it('has an app, or the hub, behind each route, and a function of its operation there', () => {
    const functions: Record<string, { functions: string[] }> = topology.apps
    for (const { backend, operationId } of topology.routes)
      if (backend !== 'eventHubs') expect(functions[backend]?.functions).toContain(operationId)
  })

  it('has each policy fragment used, and each used one there', () => {
    const used = [
      ...files('infra/gateway/policies', '.xml').map(policyOf),
      ...files('infra/gateway/policies/fragments', '.xml').map(name =>
        policyOf(`fragments/${name}`)
      )
    ].flatMap(policy => [...policy.matchAll(/fragment-id="([^"]+)"/g)].map(([, id = '']) => id))
    expect(distinct(used)).toEqual(files('infra/gateway/policies/fragments', '.xml'))
  })

  it('names the task hub and the empty route prefix of host.json', () => {
    expect(host.extensions.http.routePrefix).toBe('')
    expect(host.extensions.durableTask.hubName).toMatch(/^[a-z][a-z0-9]{2,44}$/)
  })

  it.each(apps)('gives %s rights that Azure knows, to containers that exist', (_name, app) => {
    const known: Record<string, Record<string, unknown>> = {
      ...rights.dataActions,
      eventHubs: rights.builtIn.eventHubs
    }
    for (const [container, given] of Object.entries(app.cosmos ?? {})) {
      expect(containers).toContain(container)
      for (const right of given) expect(known.cosmos).toHaveProperty(right)
    }
    for (const service of ['eventHubs', 'webPubSub', 'keyVault', 'iotHub'] as const)
      for (const right of app[service] ?? []) expect(known[service]).toHaveProperty(right)
    for (const role of app.entra ?? []) expect(topology.entra.roles).toHaveProperty(role)
  })

  it('gives every container a writer and a reader', () => {
    const given = (container: string) => apps.flatMap(([, app]) => app.cosmos?.[container] ?? [])
    for (const container of containers) {
      const known = given(container)
      const isWritten = known.some(right => /create|upsert|replace|all/.test(right))
      const isRead = known.some(right => /read|feed|all/.test(right))
      expect([container, isWritten, isRead]).toEqual([container, true, true])
    }
  })

  it('lets each app with a change feed keep leases of its own', () => {
    const readers = apps.filter(([, app]) =>
      Object.values(app.cosmos ?? {})
        .flat()
        .includes('feed')
    )
    expect(readers.length).toBeGreaterThan(0)
    for (const [name, app] of readers) expect(app.cosmos?.[`leases-${name}`]).toEqual(['all'])
  })
})
