import { expect, test } from 'vitest'
import type { Resource } from '../../../../infra/check/model.ts'
import {
  containers,
  firewall,
  oldProtocols,
  publishing,
  readableByAll
} from '../../../../infra/check/rules/protection.ts'
import { deployment, resource } from '../build.ts'

const said = (rule: typeof firewall, ...resources: Resource[]) =>
  rule(deployment(resources)).map(({ message }) => message)

test('no site takes basic credentials by FTP or SCM', () => {
  const site = resource('Microsoft.Web/sites', 'rider-abc')
  const policy = (kind: string) =>
    resource('Microsoft.Web/sites/basicPublishingCredentialsPolicies', `rider-abc/${kind}`)
  expect(said(publishing, site, policy('ftp'), policy('scm'))).toEqual([])
  expect(said(publishing, site, policy('ftp'))).toEqual([
    'rider-abc has no policy that refuses scm'
  ])
})

test('no container is public', () => {
  const container = (properties: object) =>
    resource('Microsoft.Storage/storageAccounts/blobServices/containers', 'st/default/one', {
      properties
    })
  expect(said(containers, container({}), container({ publicAccess: 'None' }))).toEqual([])
  expect(said(containers, container({ publicAccess: 'Blob' }))).toHaveLength(1)
})

test('old protocols of the gateway stay off', () => {
  const gateway = (customProperties?: object) =>
    resource('Microsoft.ApiManagement/service', 'apim', { properties: { customProperties } })
  const key = 'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10'
  expect(said(oldProtocols, gateway(), gateway({ [key]: 'False' }))).toEqual([])
  expect(said(oldProtocols, gateway({ [key]: 'True' }))).toEqual([`${key} must be 'false'`])
})

const waf = resource('Microsoft.Network/FrontDoorWebApplicationFirewallPolicies', 'waf')
const endpoint = resource('Microsoft.Cdn/profiles/afdEndpoints', 'afd/grandstand')
const domain = resource('Microsoft.Cdn/profiles/customDomains', 'afd/race')
const attached = (id: string, hosts: Resource[], patternsToMatch = ['/*']) =>
  resource('Microsoft.Cdn/profiles/securityPolicies', 'afd/waf', {
    properties: {
      parameters: {
        wafPolicy: { id },
        associations: [{ domains: hosts.map(host => ({ id: host.id })), patternsToMatch }]
      }
    }
  })

test('the firewall stands before every host', () => {
  const hosts = [endpoint, domain]
  expect(said(firewall, waf, ...hosts, attached(waf.id, hosts))).toEqual([])
  expect(said(firewall, waf, ...hosts, attached(waf.id, [endpoint]))).toEqual([
    'race is not behind the firewall'
  ])
  expect(said(firewall, waf, ...hosts)).toHaveLength(2)
  expect(said(firewall, waf, endpoint, attached('/another', [endpoint]))).toHaveLength(1)
  expect(said(firewall, waf, endpoint, attached(waf.id, [endpoint], ['/pages/*']))).toHaveLength(1)
})

test('lookups alone may be read by any site', () => {
  const rule = (name: string, headerName: string, value: string) =>
    resource('Microsoft.Cdn/profiles/ruleSets/rules', name, {
      properties: { actions: [{ parameters: { headerName, value } }] }
    })
  const allow = 'Access-Control-Allow-Origin'
  expect(said(readableByAll, rule('afd/lookups/all', allow, '*'))).toEqual([])
  expect(said(readableByAll, rule('afd/pages/all', allow, '*'))).toHaveLength(1)
  expect(
    said(readableByAll, rule('afd/lookups/all', 'Access-Control-Allow-Credentials', 'true'))
  ).toHaveLength(1)
})
