import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../../infra/check/model.ts'
import { resource } from '../build.ts'
import { answering, edited, type Which, without } from './edit.ts'
import { whatIsSaid } from './said.ts'

const said = whatIsSaid()
const SITE: Which = ['Microsoft.Web/sites', 'aggregate-']
const APP: Which = ['Microsoft.Graph/applications', 'grandstand-api']
const REQUIRED = ['appRoleAssignmentRequired']

describe('Entra', () => {
  const scope = ['api', 'oauth2PermissionScopes', 0]
  test.each<[(string | number)[], unknown, string]>([
    [['appRoles', 0, 'value'], 'boss', 'app role'],
    [['appRoles', 0, 'isEnabled'], false, 'an app role must be as the topology says'],
    [[...scope, 'value'], 'everything', 'scope access_as_user'],
    [['api', 'requestedAccessTokenVersion'], 1, 'tokens of version 2'],
    [['api', 'preAuthorizedApplications'], [], 'the pages alone'],
    [['appRoles'], [], 'one application with roles, the API'],
    [['appRoles', 0, 'value'], undefined, 'must have the app role'],
    [['keyCredentials'], [{ displayName: 'x' }], 'keyCredentials must be left out'],
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
    const open = said('dev', all => {
      const api = all.resources.findIndex(
        ({ type, body }) =>
          type === 'Microsoft.Graph/servicePrincipals' &&
          body.properties.has('appRoleAssignmentRequired')
      )
      const name = all.resources[api]?.name ?? ''
      return edited(all, ['Microsoft.Graph/servicePrincipals', name], REQUIRED, false)
    })
    expect(open.join('\n')).toContain('appRoleAssignmentRequired must be true')
  })

  test('the pages are one single-page application, called back at its two addresses', () => {
    const pages = (all: Deployment): Which => {
      const found = all.resources.find(
        ({ body, type }) => type === APP[0] && body.properties.has('spa')
      )
      return [APP[0], found?.name ?? '']
    }
    const elsewhere = ['https://another.example.org/']
    const wrong = said('dev', all => edited(all, pages(all), ['spa', 'redirectUris'], elsewhere))
    expect(wrong.join('\n')).toContain('spa.redirectUris must be')
    const none = said('dev', all => edited(all, pages(all), ['spa'], undefined))
    expect(none.join('\n')).toContain('and one with spa.redirectUris')
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
    [METRIC, [...criterion, 'metricNamespace'], 'Microsoft.Web/sites', 'metricNamespace must be'],
    [QUERY, ['properties', 'actions', 'actionGroups'], ['/other'], 'must tell the action group'],
    [BUDGET, [...warning, 'at50', 'contactGroups'], ['/other'], 'a budget tells the action group'],
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
    [BUDGET, [...warning, 'at50', 'enabled'], false, 'must be enabled']
  ])('%s must keep %s', (which, path, to, message) => {
    expect(said('dev', all => edited(all, which, path, to)).join('\n')).toContain(message)
  })
})

test('the next deployment is told where the budget starts', () => {
  for (const start of [undefined, '2026-02-01'])
    expect(said('dev', all => answering(all, 'BUDGET_START', start)).join('\n')).toContain(
      'BUDGET_START must be where the budget starts'
    )
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
    const less = said('dev', all => answering(all, 'GATEWAY_URL'))
    expect(less.join('\n')).toContain('GATEWAY_URL is read here and is no output')
    const group = said('dev', all => answering(all, 'AZURE_RESOURCE_GROUP'))
    expect(group.join('\n')).toContain('AZURE_RESOURCE_GROUP is read here and is no output')
    const more = said('dev', all => answering(all, 'NOBODY_READS_THIS', 'x'))
    expect(more).toEqual([expect.stringContaining('nothing reads the output NOBODY_READS_THIS')])
  })
})
