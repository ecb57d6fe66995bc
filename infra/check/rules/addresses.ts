import { TENANT } from '../bicep/scope.ts'
import type { Case, Deployment, Fault } from '../model.ts'
import { anchor, expectAt } from './compare.ts'
import { faultAt, ofType, textOf } from './read.ts'
import { appOf, settingsOf } from './sites.ts'

const RULE = 'addresses'

/** Addresses and places that the template puts out lead to what it deploys. */
export function addresses(deployment: Deployment, { parameters }: Case): Fault[] {
  const { outputs } = deployment
  const given = (name: string) => textOf(outputs.get(name)) ?? ''
  const [gateway] = ofType(deployment, 'Microsoft.ApiManagement/service')
  const publish = ofType(deployment, 'Microsoft.Web/sites').find(site => appOf(site) === 'publish')
  const sockets = publish && settingsOf(publish).get('WEB_PUBSUB_ENDPOINT')
  const onFrontDoor = ofType(deployment, 'Microsoft.Cdn/profiles').length > 0
  const host = parameters.customDomain
  const pages = host ? `https://${host}` : /^https:\/\/«[^»]+»$/
  const [group] = ofType(deployment, 'Microsoft.Resources/resourceGroups')
  const right: Record<string, string | RegExp> = {
    AZURE_LOCATION: String(parameters.location),
    AZURE_TENANT_ID: TENANT,
    AZURE_RESOURCE_GROUP: String(group?.name),
    GATEWAY_URL: `https://${gateway?.name}.azure-api.net`,
    PAGES_URL: pages,
    LOOKUPS_URL: onFrontDoor ? `${given('PAGES_URL')}/api` : given('GATEWAY_URL'),
    PAGES_ON_STATIC_WEB_APPS: onFrontDoor ? /^false$/i : /^true$/i,
    WEB_PUBSUB_ENDPOINT: textOf(sockets) ?? ''
  }
  const wrong = Object.entries(right).flatMap(([name, wanted]) => {
    const text = given(name)
    if (typeof wanted === 'string' ? text === wanted : wanted.test(text)) return []
    const where = outputs.get(name) ?? anchor(deployment, 'Microsoft.ApiManagement/service')
    return [faultAt(where, RULE, `${name} must be ${wanted}`)]
  })
  return [...wrong, ...websites(deployment), ...domains(deployment, host)]
}

/** The host name that was asked for, by whichever service answers it. */
const domains = (deployment: Deployment, host: unknown): Fault[] => [
  ...ofType(deployment, 'Microsoft.Web/staticSites/customDomains').flatMap(domain =>
    expectAt(domain, RULE, { name: host, 'properties.validationMethod': 'cname-delegation' })
  ),
  ...ofType(deployment, 'Microsoft.Cdn/profiles/customDomains').flatMap(domain =>
    expectAt(domain, RULE, { 'properties.hostName': host })
  )
]

/** Documents that infra/deploy uploads. */
const websites = (deployment: Deployment): Fault[] => [
  ...ofType(deployment, 'Microsoft.Storage/storageAccounts/blobServices')
    .filter(({ name }) => name.startsWith('stpages'))
    .flatMap(blobs =>
      expectAt(blobs, RULE, {
        'properties.staticWebsite': {
          enabled: true,
          indexDocument: 'index.html',
          errorDocument404Path: '404.html'
        }
      })
    )
]
