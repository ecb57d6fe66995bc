import type { Deployment, Fault } from '../model.ts'
import { at, faultAt, itemsOf, ofType, own, ownName, plainOf, same, textOf } from './read.ts'

/** Basic credentials can publish to no app: the rule needs both policies of every site. */
export function publishing(deployment: Deployment): Fault[] {
  const policies = ofType(deployment, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies')
  return ofType(deployment, 'Microsoft.Web/sites').flatMap(site =>
    ['ftp', 'scm']
      .filter(kind => !policies.some(({ name }) => name === `${site.name}/${kind}`))
      .map(kind => faultAt(site, 'security', `${site.name} has no policy that refuses ${kind}`))
  )
}

/** The firewall stands before every host name of every endpoint. */
export function firewall(deployment: Deployment): Fault[] {
  const firewalls = ofType(
    deployment,
    'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies'
  ).map(({ id }) => id)
  const behind = new Set<string>()
  const faults: Fault[] = []
  for (const policy of ofType(deployment, 'Microsoft.Cdn/profiles/securityPolicies')) {
    const parameters = at(policy.body, 'properties.parameters')
    const attached = at(parameters, 'wafPolicy.id')
    if (!firewalls.includes(textOf(attached) ?? '')) {
      const message = `${policy.name} must attach the firewall policy of this template`
      faults.push(faultAt(attached ?? policy, 'security', message))
    }
    for (const association of itemsOf(at(parameters, 'associations'))) {
      if (!same(plainOf(at(association, 'patternsToMatch')), ['/*'])) {
        faults.push(faultAt(association, 'security', `${policy.name} must match every path: /*`))
      }
      for (const domain of itemsOf(at(association, 'domains'))) {
        behind.add(textOf(own(domain, 'id')) ?? '')
      }
    }
  }
  const hosts = ['afdEndpoints', 'customDomains'].flatMap(kind =>
    ofType(deployment, `Microsoft.Cdn/profiles/${kind}`)
  )
  for (const host of hosts.filter(({ id }) => !behind.has(id))) {
    faults.push(faultAt(host, 'security', `${ownName(host)} is not behind the firewall`))
  }
  return faults
}

/** Protocols that API Management has had off by default for years must not be switched on. */
export function oldProtocols(deployment: Deployment): Fault[] {
  return ofType(deployment, 'Microsoft.ApiManagement/service').flatMap(({ body }) => {
    const custom = at(body, 'properties.customProperties')
    if (custom?.kind !== 'object') return []
    return [...custom.properties]
      .filter(([, { value }]) => !/^false$/i.test(String(plainOf(value))))
      .map(([key, { value }]) => faultAt(value, 'security', `${key} must be 'false'`))
  })
}

/** No container shows its blobs to anyone; the pages are shown by their account's website. */
export function containers(deployment: Deployment): Fault[] {
  const type = 'Microsoft.Storage/storageAccounts/blobServices/containers'
  return ofType(deployment, type).flatMap(resource => {
    const access = at(resource.body, 'properties.publicAccess')
    return !access || plainOf(access) === 'None'
      ? []
      : [faultAt(access, 'security', `${resource.name}: properties.publicAccess must be 'None'`)]
  })
}

/** Answers that any site may read are public ones: the cached lookups, and never with credentials. */
export function readableByAll(deployment: Deployment): Fault[] {
  return ofType(deployment, 'Microsoft.Cdn/profiles/ruleSets/rules').flatMap(rule =>
    itemsOf(at(rule.body, 'properties.actions')).flatMap(action => {
      const header = textOf(at(action, 'parameters.headerName'))?.toLowerCase()
      const value = at(action, 'parameters.value')
      const isWrong =
        header === 'access-control-allow-credentials' ||
        (header === 'access-control-allow-origin' &&
          textOf(value) === '*' &&
          !rule.name.includes('/lookups/'))
      return isWrong
        ? [faultAt(value ?? action, 'cors', `${rule.name} must not set ${header}`)]
        : []
    })
  )
}
