import { beforeAll, expect, it } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { evaluate } from '../../../infra/check/bicep/evaluate.ts'
import { loadGrammar } from '../../../infra/check/bicep/tokens.ts'
import { CASES } from '../../../infra/check/cases.ts'
import type { Deployment } from '../../../infra/check/model.ts'
import { ofType } from '../../../infra/check/rules/read.ts'
import { secrets } from '../../../infra/check/rules/secrets.ts'
import { settingsOf } from '../../../infra/check/rules/sites.ts'
import { filesOf, readTemplate } from '../../../infra/check/template.ts'
import { loadTypes } from '../../../infra/check/types/library.ts'
import { appSettings } from '../../../infra/local/appSettings.ts'
import { PORT_NAMES, type Ports } from '../../../infra/local/ports.ts'

const APPS = Object.keys(topology.apps)
const ports = Object.fromEntries(PORT_NAMES.map((name, at) => [name, 7_000 + at])) as Ports
const addresses = { ports, caFile: 'ca.pem', tenantId: 'a-tenant', apiAudience: 'an-api' }

const deployments = new Map<string, Deployment>()
beforeAll(async () => {
  await loadGrammar()
  const template = readTemplate(filesOf(process.cwd()))
  const types = loadTypes()
  for (const { name, parameters } of CASES)
    deployments.set(name, evaluate(template, parameters, types))
})

it.each(CASES)('$name gives no app a key', ({ name }) => {
  const deployment = deployments.get(name)
  const sites = deployment ? ofType(deployment, 'Microsoft.Web/sites') : []
  expect(sites.map(site => settingsOf(site).size > 0)).toEqual(APPS.map(() => true))
  expect(secrets({ resources: sites, outputs: new Map(), modules: [], faults: [] })).toEqual([])
})

it('each app has a storage account of its own on the laptop too', () => {
  const accounts = APPS.map(app => appSettings(app, addresses).AzureWebJobsStorage__blobServiceUri)
  expect(new Set(accounts).size).toBe(APPS.length)
})
