import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../../infra/check/model.ts'
import { gateway } from '../../../../infra/check/rules/gateway.ts'
import { readGatewayFiles } from '../../../../infra/check/rules/gatewayFiles.ts'
import { deployment, resource } from '../build.ts'
import { edited, moved, type Which, without } from './edit.ts'
import { whatIsSaid } from './said.ts'

const said = whatIsSaid()
const SERVICE = 'Microsoft.ApiManagement/service'

describe('gateway', () => {
  const value = ['properties', 'value']
  test.each<[Which, (string | number)[], unknown, string]>([
    [[`${SERVICE}/apis`, '*'], value, 'openapi: 3.0.3', 'must be openapi.yaml'],
    [
      [`${SERVICE}/apis`, '*'],
      ['properties', 'subscriptionRequired'],
      true,
      'subscriptionRequired'
    ],
    [[`${SERVICE}/apis`, '*'], ['properties', 'protocols'], ['http', 'https'], 'protocols'],
    [[`${SERVICE}/apis/operations/policies`, '*'], value, '<policies />', 'the text must be'],
    [[`${SERVICE}/policies`, '*'], value, '<policies />', 'the text must be global.xml'],
    [[`${SERVICE}/policyFragments`, 'pages'], value, '<fragment />', "must be the file's text"],
    [[`${SERVICE}/policyFragments`, 'pages'], ['name'], 'page', 'policyFragments pages is missing'],
    [
      [`${SERVICE}/schemas`, 'lap'],
      ['properties', 'document'],
      {},
      'properties.document must be the file'
    ],
    [[`${SERVICE}/namedValues`, 'hub'], value, 'other', 'hub is not what this deployment has'],
    [[`${SERVICE}/namedValues`, 'rider-url'], value, 'https://a.example', 'rider-url is not'],
    [[`${SERVICE}/namedValues`, 'hub'], ['name'], 'unused', 'namedValues unused is not known'],
    [[`${SERVICE}/loggers`, '*'], ['properties', 'credentials'], {}, 'identityClientId'],
    [[`${SERVICE}/loggers`, '*'], ['properties', 'resourceId'], '/other', 'properties.resourceId'],
    [[`${SERVICE}/policies`, '*'], ['name'], 'global', "name must be 'policy'"],
    [[`${SERVICE}/policies`, '*'], ['properties', 'format'], 'rawxml', 'properties.format must be'],
    [[`${SERVICE}/namedValues`, 'hub'], ['properties', 'displayName'], 'x', 'displayName must be'],
    [[`${SERVICE}/namedValues`, 'front-door-id'], value, 'x', 'front-door-id is not'],
    [[`${SERVICE}/schemas`, 'lap'], ['properties', 'schemaType'], 'xml', 'schemaType must be'],
    [[`${SERVICE}/apis/diagnostics`, '*'], ['name'], 'insights', 'applicationinsights is missing']
  ])('%s must keep %s', (which, path, to, message) => {
    expect(said('dev', all => edited(all, which, path, to)).join('\n')).toContain(message)
  })

  test('there is one API', () => {
    const none = said('dev', all => without(all, [`${SERVICE}/apis`, '*']))
    expect(none.join('\n')).toContain('there must be exactly one API')
  })

  test('no policy is of an operation that there is not', () => {
    const which: Which = [`${SERVICE}/apis/operations/policies`, '*']
    const wrong = said('dev', all => moved(all, which, { name: 'apim/api/nowhere/policy' }))
    expect(wrong.join('\n')).toContain('the topology has no route nowhere')
  })

  test('files and policies name each other', () => {
    const files = readGatewayFiles('infra/gateway')
    const texts = (map: Map<string, string>, name: string, text: string) =>
      new Map([...map, [name, text]])
    const api = deployment([resource(SERVICE, 'apim')])
    const saidOf = (other: Partial<typeof files>) =>
      gateway(api, { ...files, ...other }).map(({ message }) => message)
    expect(saidOf({ policies: texts(files.policies, 'idle', '') })).toContain(
      'no route of the topology uses idle.xml'
    )
    expect(saidOf({ fragments: texts(files.fragments, 'idle', '') })).toContain(
      'no policy uses idle of policyFragments'
    )
    const asks = texts(files.policies, 'any', '<x schema-id="gone" />')
    expect(saidOf({ policies: asks })).toContain('policies use gone of schemas, which has no file')
  })

  test('every route has its policy, and the service one of all', () => {
    const lost = said('dev', all => without(all, [`${SERVICE}/apis/operations/policies`, '*']))
    expect(lost.join('\n')).toMatch(/gateway: \w+ has no policy/)
    expect(said('dev', all => without(all, [`${SERVICE}/policies`, '*'])).join('\n')).toContain(
      'one policy of all operations'
    )
  })
})

describe('Front Door', () => {
  const PROFILE = 'Microsoft.Cdn/profiles'
  const RULE = `${PROFILE}/ruleSets/rules`
  const ROUTE: Which = [`${PROFILE}/afdEndpoints/routes`, 'pages']
  const ORIGIN: Which = [`${PROFILE}/originGroups/origins`, '*']
  const GROUP: Which = [`${PROFILE}/originGroups`, 'pages']
  const first = ['properties', 'actions', 0, 'parameters']
  const types = [
    'properties',
    'cacheConfiguration',
    'compressionSettings',
    'contentTypesToCompress',
    0
  ]
  test.each<[Which, (string | number)[], unknown, string]>([
    [ROUTE, ['properties', 'originGroup', 'id'], '/another', 'properties.originGroup.id'],
    [ROUTE, ['properties', 'enabledState'], 'Disabled', 'properties.enabledState must be'],
    [
      [RULE, 'everything'],
      [...first, 'headerName'],
      'Referrer-Policy',
      'must be like ^no-referrer$'
    ],
    [
      [RULE, 'everything'],
      [...first, 'value'],
      `default-src 'none'; img-src${" 'self'".repeat(100)}`,
      'is longer than 640'
    ],
    [ROUTE, ['properties', 'customDomains'], [], 'must be reached by the custom domain'],
    [
      ROUTE,
      ['properties', 'ruleSets', 0, 'id'],
      '/another',
      'names a rule set that is not deployed'
    ],
    [ROUTE, ['properties', 'patternsToMatch', 0], '/pages/*', 'routes must match'],
    [ROUTE, types, 'text/x', 'pages have no files of text/x'],
    [ORIGIN, ['properties', 'enforceCertificateNameCheck'], false, 'enforceCertificateNameCheck'],
    [ORIGIN, ['properties', 'originHostHeader'], 'x', 'originHostHeader'],
    [GROUP, ['properties', 'healthProbeSettings', 'probePath'], '/x', 'probePath must be'],
    [[RULE, 'everything'], [...first, 'headerName'], 'X-Any', 'no header that is known here'],
    [
      [RULE, 'everything'],
      [...first, 'value'],
      "default-src 'none'; script 'self'",
      'not known here'
    ],
    [[RULE, 'everything'], [...first, 'value'], "default-src 'self'", 'must begin with'],
    [
      [RULE, 'pages/officials'],
      ['properties', 'conditions'],
      [],
      'must give officials/ the policy'
    ],
    [[RULE, 'pages/redirect'], [...first, 'value'], "default-src 'none'", 'must give redirect/'],
    [[RULE, 'pages/ride'], [...first, 'value'], "default-src 'none'", 'must give ride/'],
    [[RULE, 'pages/assets'], ['properties', 'conditions'], [], 'do not fit together'],
    [[RULE, 'lookups/everything'], ['properties', 'actions'], [], 'do not fit together'],
    [
      [RULE, 'lookups/everything'],
      ['properties', 'actions'],
      [],
      'must add Strict-Transport-Security'
    ]
  ])('%s must keep %s', (which, path, to, message) => {
    expect(said('prod', all => edited(all, which, path, to)).join('\n')).toContain(message)
  })

  test('a group without an origin answers nobody', () => {
    expect(said('prod', all => without(all, ORIGIN)).join('\n')).toContain('has no origin')
  })

  test('the firewall knows the methods of HTTP', () => {
    const waf: Which = ['Microsoft.Network/FrontDoorWebApplicationFirewallPolicies', '*']
    const path = ['properties', 'customRules', 'rules', 0, 'matchConditions', 0, 'matchValue', 0]
    expect(said('prod', all => edited(all, waf, path, 'GOT')).join('\n')).toContain(
      'GOT is no method'
    )
  })

  test('the pages are found by their names', () => {
    const blobs: Which = ['Microsoft.Storage/storageAccounts/blobServices', 'default']
    const site = (all: Deployment) => ({
      ...all,
      resources: all.resources.filter(
        ({ type, name }) => type !== blobs[0] || name.startsWith('stpages')
      )
    })
    const path = ['properties', 'staticWebsite', 'indexDocument']
    expect(said('prod', all => edited(site(all), blobs, path, 'home.html')).join('\n')).toContain(
      'properties.staticWebsite must be'
    )
  })
})
