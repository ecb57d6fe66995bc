import { expect, test } from 'vitest'
import { resource } from '../build.ts'
import { answering, edited, type Which } from './edit.ts'
import { whatIsSaid } from './said.ts'

const said = whatIsSaid()

test.each([
  ['dev', 'AZURE_LOCATION', 'eastus'],
  ['dev', 'AZURE_TENANT_ID', '00000000-0000-4000-8000-000000000009'],
  ['dev', 'AZURE_RESOURCE_GROUP', 'rg-other'],
  ['dev', 'GATEWAY_URL', 'https://another.azure-api.net'],
  ['dev', 'PAGES_URL', 'http://race.example.org'],
  ['prod', 'PAGES_URL', 'https://another.example.org'],
  ['dev', 'LOOKUPS_URL', 'https://«endpoint.properties.hostName»/api'],
  ['prod', 'LOOKUPS_URL', 'https://apim.azure-api.net'],
  ['dev', 'PAGES_ON_STATIC_WEB_APPS', 'false'],
  ['prod', 'PAGES_ON_STATIC_WEB_APPS', 'true'],
  ['dev', 'WEB_PUBSUB_ENDPOINT', 'https://another.webpubsub.azure.com']
] as const)('in %s %s must not be %s', (of, name, to) => {
  const wrong = said(of, all => answering(all, name, to)).join('\n')
  expect(wrong).toContain(`addresses: ${name} must be`)
  expect(said(of, all => answering(all, name)).join('\n')).toContain(`addresses: ${name} must be`)
})

test("Front Door answers the pages' own host name", () => {
  const domain: Which = ['Microsoft.Cdn/profiles/customDomains', '*']
  const wrong = said('prod', all => edited(all, domain, ['properties', 'hostName'], 'x.example'))
  expect(wrong.join('\n')).toContain('properties.hostName must be "race.example.org"')
})

test("Static Web Apps answers the pages' own host name, which a CNAME record proves", () => {
  const domain = resource('Microsoft.Web/staticSites/customDomains', 'stapp/x.example', {
    name: 'x.example',
    properties: { validationMethod: 'dns-txt-token' }
  })
  const wrong = said('dev', all => ({ ...all, resources: [...all.resources, domain] })).join('\n')
  expect(wrong).toContain('addresses: stapp/x.example: name must be')
  expect(wrong).toContain('properties.validationMethod must be "cname-delegation"')
})
