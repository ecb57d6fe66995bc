import { METHODS } from 'node:http'
import { contentTypeOf } from '../../deploy/contentTypes.ts'
import type { Deployment, Fault } from '../model.ts'
import { expectAt, expectId } from './compare.ts'
import { at, faultAt, itemsOf, ofType, own, plainOf, same, textOf } from './read.ts'

const RULE = 'front door'
const PROFILE = 'Microsoft.Cdn/profiles'

/** Every route leads by HTTPS from a host of this profile to a group that has an origin. */
export function frontDoor(deployment: Deployment): Fault[] {
  const groups = ofType(deployment, `${PROFILE}/originGroups`)
  const domains = ofType(deployment, `${PROFILE}/customDomains`)
  const ruleSets = ofType(deployment, `${PROFILE}/ruleSets`).map(({ id }) => id)
  const origins = ofType(deployment, `${PROFILE}/originGroups/origins`)
  return [
    ...groups
      .filter(group => !origins.some(({ id }) => id.startsWith(`${group.id}/`)))
      .map(group => faultAt(group, RULE, `${group.name} has no origin`)),
    ...origins.flatMap(origin => {
      const host = textOf(at(origin.body, 'properties.hostName'))
      return expectAt(origin, RULE, {
        'properties.originHostHeader': host,
        'properties.enforceCertificateNameCheck': true
      })
    }),
    ...lookups(deployment),
    ...probes(deployment),
    ...compressed(deployment),
    ...methods(deployment),
    ...ofType(deployment, `${PROFILE}/afdEndpoints/routes`).flatMap(route => {
      const given = itemsOf(at(route.body, 'properties.customDomains'))
      const ids = given.map(one => textOf(own(one, 'id')))
      const sets = itemsOf(at(route.body, 'properties.ruleSets'))
      return [
        ...expectId(route, RULE, 'properties.originGroup.id', groups),
        ...expectAt(route, RULE, { 'properties.enabledState': 'Enabled' }),
        ...domains
          .filter(({ id }) => !ids.includes(id))
          .map(() => faultAt(route, RULE, `${route.name} must be reached by the custom domain`)),
        ...sets
          .filter(one => !ruleSets.includes(textOf(own(one, 'id')) ?? ''))
          .map(one => faultAt(one, RULE, `${route.name} names a rule set that is not deployed`))
      ]
    })
  ]
}

/** Pages ask below the path of LOOKUPS_URL for what the gateway has at its root; all else are files. */
function lookups(deployment: Deployment): Fault[] {
  const [profile] = ofType(deployment, PROFILE)
  if (!profile) return []
  const path = /[^/]\/(\w+)$/.exec(textOf(deployment.outputs.get('LOOKUPS_URL')) ?? '')?.[1]
  const patterns = ofType(deployment, `${PROFILE}/afdEndpoints/routes`).flatMap(
    route => plainOf(at(route.body, 'properties.patternsToMatch')) as string[]
  )
  return same(patterns.sort(), ['/*', `/${path}/*`].sort())
    ? []
    : [faultAt(profile, RULE, `routes must match /* and /${path}/*, which LOOKUPS_URL says`)]
}

/** Health is asked for where an origin answers without a policy or a token. */
function probes(deployment: Deployment): Fault[] {
  return ofType(deployment, `${PROFILE}/originGroups`).flatMap(group => {
    const path = at(group.body, 'properties.healthProbeSettings.probePath')
    return ['/', '/status-0123456789abcdef'].includes(textOf(path) ?? '')
      ? []
      : [faultAt(path ?? group, RULE, `${group.name}: probePath must be / or API Management's own`)]
  })
}

/** What is compressed is a media type of the pages or of answers. */
function compressed(deployment: Deployment): Fault[] {
  return ofType(deployment, `${PROFILE}/afdEndpoints/routes`).flatMap(route =>
    itemsOf(
      at(route.body, 'properties.cacheConfiguration.compressionSettings.contentTypesToCompress')
    )
      .filter(type => !MEDIA_TYPES.includes(textOf(type) ?? ''))
      .map(type => faultAt(type, RULE, `pages have no files of ${textOf(type)}`))
  )
}
const MEDIA_TYPES = ['.css', '.html', '.js', '.json', '.svg', '.woff2'].map(
  ending => contentTypeOf(`file${ending}`)?.split(';')[0]
)

/** The firewall speaks of methods that there are. */
function methods(deployment: Deployment): Fault[] {
  const type = 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies'
  return ofType(deployment, type)
    .flatMap(({ body }) => itemsOf(at(body, 'properties.customRules.rules')))
    .flatMap(rule => itemsOf(own(rule, 'matchConditions')))
    .filter(condition => textOf(own(condition, 'matchVariable')) === 'RequestMethod')
    .flatMap(condition => itemsOf(own(condition, 'matchValue')))
    .filter(method => !METHODS.includes(textOf(method) ?? ''))
    .map(method => faultAt(method, RULE, `${textOf(method)} is no method of HTTP`))
}
