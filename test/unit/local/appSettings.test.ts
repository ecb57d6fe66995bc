import { expect, test } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { appSettings } from '../../../infra/local/appSettings.ts'
import type { CloudPlan } from '../../../infra/local/plan.ts'
import { PORT_NAMES, type Ports } from '../../../infra/local/ports.ts'
import { clientIdOf } from '../../../infra/local/stableId.ts'

const ports = Object.fromEntries(PORT_NAMES.map((name, at) => [name, 7_000 + at])) as Ports
const plan = { ports, caFile: 'ca.pem', tenantId: 'a-tenant', apiAudience: 'an-api' } as CloudPlan

test.each(Object.keys(topology.apps))('%s reaches every service as its own identity', app => {
  const settings = appSettings(app, plan)
  expect(settings.AZURE_CLIENT_ID).toBe(clientIdOf(app))
  const services = new Set(Object.keys(settings).flatMap(name => name.match(/^.+(?=__)/) ?? []))
  expect(services).toContain('COSMOS')
  for (const service of services)
    expect(settings).toMatchObject({
      [`${service}__credential`]: 'managedidentity',
      [`${service}__clientId`]: clientIdOf(app)
    })
})

test('no two apps have one identity', () => {
  const ids = Object.keys(topology.apps).map(clientIdOf)
  expect(new Set(ids).size).toBe(ids.length)
})

test.each(Object.keys(topology.apps))('%s knows whose tokens hold, and the gateway', app => {
  expect(appSettings(app, plan)).toMatchObject({
    ENTRA_ISSUER: `http://127.0.0.1:${ports.issuer}/a-tenant/v2.0`,
    API_AUDIENCE: 'an-api',
    GATEWAY_PRINCIPAL_ID: clientIdOf('gateway')
  })
})
