import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../../infra/check/model.ts'
import { resource } from './build.ts'
import { edited, type Which, without } from './edit.ts'
import { whatIsSaid } from './said.ts'

const said = whatIsSaid()
const SITE: Which = ['Microsoft.Web/sites', 'aggregate-']
const APP: Which = ['Microsoft.Graph/applications', 'grandstand-api']

describe('Entra', () => {
  const scope = ['api', 'oauth2PermissionScopes', 0]
  test.each<[(string | number)[], unknown, string]>([
    [['appRoles', 0, 'value'], 'boss', 'app role'],
    [['appRoles', 0, 'isEnabled'], false, 'an app role must be as the topology says'],
    [[...scope, 'value'], 'everything', 'scope access_as_user'],
    [['api', 'requestedAccessTokenVersion'], 1, 'tokens of version 2'],
    [['api', 'preAuthorizedApplications'], [], 'the pages alone'],
    [['passwordCredentials'], [{ displayName: 'x' }], 'passwordCredentials must be left out'],
    [['identifierUris'], ['api://x'], 'identifierUris'],
    [['uniqueName'], 'x', 'uniqueName must be']
  ])('the API must keep %s', (path, to, message) => {
    const api = (all: Deployment): Which => {
      const index = all.resources.findIndex(
        ({ body, type }) => type === APP[0] && body.properties.has('appRoles')
      )
      return [APP[0], all.resources[index]?.name ?? '']
    }
    expect(said('dev', all => edited(all, api(all), path, to)).join('\n')).toContain(message)
  })

  test('the API lets in who has a role alone', () => {
    expect(
      said('dev', all => without(all, ['Microsoft.Graph/servicePrincipals', '*'])).join('\n')
    ).toContain('needs a service principal')
  })
})

describe('alerts', () => {
  const METRIC: Which = ['Microsoft.Insights/metricAlerts', '*']
  const QUERY: Which = ['Microsoft.Insights/scheduledQueryRules', '*']
  const BUDGET: Which = ['Microsoft.Consumption/budgets', '*']
  const criterion = ['properties', 'criteria', 'allOf', 0]
  const warning = ['properties', 'notifications']
  test.each<[Which, (string | number)[], unknown, string]>([
    [METRIC, [...criterion, 'metricName'], 'Requests', 'has no metric Requests'],
    [METRIC, [...criterion, 'dimensions'], [{ name: 'x', values: [] }], 'must be counted by'],
    [METRIC, ['properties', 'scopes', 0], '/another', 'watches what is not deployed'],
    [METRIC, ['properties', 'actions'], [], 'must tell the action group'],
    [METRIC, ['properties', 'windowSize'], 'PT7M', 'duration of Azure Monitor'],
    [METRIC, ['name'], 'venue', 'words in small letters'],
    [QUERY, [...criterion, 'query'], 'AppRequest | where Success', 'must begin with a table'],
    [QUERY, [...criterion, 'query'], 'AppRequests | were Success', 'must not do'],
    [QUERY, [...criterion, 'query'], 'AppRequests | where Succes', 'asks for Succes'],
    [
      QUERY,
      [...criterion, 'query'],
      'Operation | where Detail has "Quota"',
      'knows no Detail Quota'
    ],
    [QUERY, ['properties', 'scopes', 0], '/another', 'must ask the workspace'],
    [BUDGET, [...warning, 'at50', 'threshold'], 90, 'thresholds of the budget must rise'],
    [BUDGET, [...warning, 'at50', 'enabled'], false, 'must be enabled'],
    [BUDGET, ['properties', 'timePeriod', 'startDate'], '2026-01-02', 'first of a month']
  ])('%s must keep %s', (which, path, to, message) => {
    expect(said('dev', all => edited(all, which, path, to)).join('\n')).toContain(message)
  })
})

describe('azd', () => {
  test('each service has its tag once, and no tag is of nobody', () => {
    const tag = ['tags', 'azd-service-name']
    const faults = said('dev', all => edited(all, SITE, tag, 'other')).join('\n')
    expect(faults).toContain('azure.yaml deploys no service other here')
    expect(faults).toContain('azd-service-name: aggregate')
    const twice = resource('Microsoft.Web/sites', 'x', { tags: { 'azd-service-name': 'web' } })
    expect(
      said('dev', all => ({ ...all, resources: [...all.resources, twice] })).join('\n')
    ).toContain('azd-service-name: web')
  })

  test('outputs are read, and what is read is put out', () => {
    const outputs = (all: Deployment, change: (map: Deployment['outputs']) => void) => {
      const map = new Map(all.outputs)
      change(map)
      return { ...all, outputs: map }
    }
    const less = said('dev', all => outputs(all, map => map.delete('GATEWAY_URL')))
    expect(less.join('\n')).toContain('GATEWAY_URL is read here and is no output')
    const more = said('dev', all =>
      outputs(all, map => map.set('NOBODY_READS_THIS', [...map.values()][0] as never))
    )
    expect(more).toEqual([expect.stringContaining('nothing reads the output NOBODY_READS_THIS')])
  })
})
