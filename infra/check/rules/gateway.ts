import topology from '#topology' with { type: 'json' }
import type { Deployment, Fault, Resource, Value } from '../model.ts'
import { anchor, expectAt, expectNames } from './compare.ts'
import { type GatewayFiles, namedValuesOf, namesUsed } from './gatewayFiles.ts'
import { identityOf } from './principals.ts'
import {
  at,
  faultAt,
  isAnswer,
  ofType,
  own,
  ownName,
  plainOf,
  propertiesOf,
  textOf
} from './read.ts'
import { appOf, settingsOf } from './sites.ts'

const RULE = 'gateway'
const SERVICE = 'Microsoft.ApiManagement/service'

/** The front door is the API's description and the policies as the files say, each once and none more. */
export function gateway(deployment: Deployment, files: GatewayFiles): Fault[] {
  return [
    ...api(deployment, files),
    ...operations(deployment, files),
    ...globalPolicy(deployment, files),
    ...expectNames(deployment, RULE, `${SERVICE}/namedValues`, namedValuesOf(files)),
    ...addresses(deployment),
    ...expectNames(deployment, RULE, `${SERVICE}/policyFragments`, [...files.fragments.keys()]),
    ...expectUsed(
      deployment,
      files.fragments,
      namesUsed(files, /fragment-id="([^"]+)"/g),
      'policyFragments'
    ),
    ...contents(deployment, 'policyFragments', 'properties.value', files.fragments),
    ...expectNames(deployment, RULE, `${SERVICE}/schemas`, [...files.schemas.keys()]),
    ...expectUsed(deployment, files.schemas, namesUsed(files, /schema-id="([^"]+)"/g), 'schemas'),
    ...schemas(deployment, files),
    ...loggers(deployment)
  ]
}

function api(deployment: Deployment, files: GatewayFiles): Fault[] {
  const apis = ofType(deployment, `${SERVICE}/apis`)
  if (apis.length !== 1) {
    return [faultAt(anchor(deployment, SERVICE), RULE, 'there must be exactly one API')]
  }
  return apis.flatMap(resource => [
    ...expectAt(resource, RULE, {
      'properties.format': 'openapi',
      'properties.subscriptionRequired': false,
      'properties.protocols': ['https'],
      'properties.path': ''
    }),
    ...(textOf(at(resource.body, 'properties.value')) === files.openapi
      ? []
      : [
          faultAt(
            at(resource.body, 'properties.value') ?? resource,
            RULE,
            'properties.value must be openapi.yaml'
          )
        ])
  ])
}

/** Every route has the policy that the topology names, and no other operation has one. */
function operations(deployment: Deployment, files: GatewayFiles): Fault[] {
  const deployed = ofType(deployment, `${SERVICE}/apis/operations/policies`)
  const operationOf = ({ name }: Resource) => name.split('/').at(-2) ?? ''
  const known = topology.routes.map(({ operationId }) => operationId)
  const used = new Set<string>(topology.routes.map(({ policy }) => policy))
  const unused = [...files.policies.keys()].filter(name => name !== 'global' && !used.has(name))
  return [
    ...unused.map(name =>
      faultAt(anchor(deployment, SERVICE), RULE, `no route of the topology uses ${name}.xml`)
    ),
    ...deployed
      .filter(resource => !known.includes(operationOf(resource)))
      .map(resource =>
        faultAt(resource, RULE, `the topology has no route ${operationOf(resource)}`)
      ),
    ...topology.routes.flatMap(({ operationId, policy }) => {
      const [resource] = deployed.filter(one => operationOf(one) === operationId)
      if (!resource) {
        return [
          faultAt(anchor(deployment, `${SERVICE}/apis`), RULE, `${operationId} has no policy`)
        ]
      }
      return policyText(resource, `${policy}.xml`, files.policies.get(policy))
    })
  ]
}

function globalPolicy(deployment: Deployment, files: GatewayFiles): Fault[] {
  const policies = ofType(deployment, `${SERVICE}/policies`)
  if (policies.length !== 1) {
    return [
      faultAt(anchor(deployment, SERVICE), RULE, 'there must be one policy of all operations')
    ]
  }
  return policies.flatMap(one => policyText(one, 'global.xml', files.policies.get('global')))
}

function policyText(resource: Resource, file: string, text: string | undefined): Fault[] {
  const value = at(resource.body, 'properties.value')
  const wrong = text === undefined || textOf(value) !== text
  return [
    ...(ownName(resource) === 'policy' ? [] : [faultAt(resource, RULE, "name must be 'policy'")]),
    ...expectAt(resource, RULE, { 'properties.format': 'xml' }),
    ...(wrong
      ? [faultAt(value ?? resource, RULE, `${resource.name}: the text must be ${file}`)]
      : [])
  ]
}

/** Addresses and ids in policies are those of this deployment. */
function addresses(deployment: Deployment): Fault[] {
  const right = rightValues(deployment)
  return ofType(deployment, `${SERVICE}/namedValues`).flatMap(resource => {
    const name = ownName(resource)
    const value = at(resource.body, 'properties.value')
    const wanted = right.get(name)
    const isRight =
      typeof wanted === 'string' ? textOf(value) === wanted : (wanted?.(value) ?? true)
    return [
      ...expectAt(resource, RULE, { 'properties.displayName': name }),
      ...(isRight
        ? []
        : [faultAt(value ?? resource, RULE, `${name} is not what this deployment has`)])
    ]
  })
}

type Right = string | ((value: Value | undefined) => boolean)

function rightValues(deployment: Deployment): Map<string, Right> {
  const { outputs } = deployment
  const well = '/.well-known/openid-configuration'
  const sites = ofType(deployment, 'Microsoft.Web/sites').map(
    site => [appOf(site), `https://${site.name}.azurewebsites.net`] as const
  )
  const issuer = ofType(deployment, 'Microsoft.Web/sites')
    .map(site => textOf(settingsOf(site).get('ENTRA_ISSUER')))
    .find(Boolean)
  const identity = identityOf(deployment, 'gateway')
  const [door] = ofType(deployment, 'Microsoft.Cdn/profiles')
  return new Map<string, Right>([
    ...sites.map(([app, url]) => [`${app}-url`, url] as const),
    ['seat-openid-config', `${new Map(sites).get('rider')}${well}`],
    ['entra-openid-config', `${issuer}${well}`],
    ['hub', topology.eventHubs.hub],
    ['event-hubs-url', `https://${textOf(outputs.get('EVENT_HUBS_NAMESPACE'))}`],
    ['page-origin', textOf(outputs.get('PAGES_URL')) ?? ''],
    ['api-audience', textOf(outputs.get('API_CLIENT_ID')) ?? ''],
    ['gateway-client-id', value => isAnswer(value, identity, 'properties.clientId')],
    ['front-door-id', door ? value => isAnswer(value, door, 'properties.frontDoorId') : 'none']
  ])
}

/** Files that no policy asks for are dead; names that no file has are broken. */
function expectUsed(
  deployment: Deployment,
  files: Map<string, string>,
  used: string[],
  kind: string
): Fault[] {
  const place = anchor(deployment, `${SERVICE}/${kind}`)
  return [
    ...[...files.keys()]
      .filter(name => !used.includes(name))
      .map(name => faultAt(place, RULE, `no policy uses ${name} of ${kind}`)),
    ...used
      .filter(name => !files.has(name))
      .map(name => faultAt(place, RULE, `policies use ${name} of ${kind}, which has no file`))
  ]
}

function contents(
  deployment: Deployment,
  kind: string,
  path: string,
  files: Map<string, string>
): Fault[] {
  return ofType(deployment, `${SERVICE}/${kind}`).flatMap(resource => {
    const value = at(resource.body, path)
    const right = textOf(value) === files.get(ownName(resource))
    const message = `${resource.name}: ${path} must be the file's text`
    return [
      ...expectAt(resource, RULE, { 'properties.format': 'xml' }),
      ...(right ? [] : [faultAt(value ?? resource, RULE, message)])
    ]
  })
}

/** JSON schemas are given as documents, whole or as text. */
function schemas(deployment: Deployment, files: GatewayFiles): Fault[] {
  return ofType(deployment, `${SERVICE}/schemas`).flatMap(resource => {
    const document = at(resource.body, 'properties.document')
    const text = files.schemas.get(ownName(resource))
    const given = document?.kind === 'string' ? document.value : JSON.stringify(plainOf(document))
    const right = text !== undefined && given !== undefined && compact(given) === compact(text)
    return [
      ...expectAt(resource, RULE, { 'properties.schemaType': 'json' }),
      ...(right
        ? []
        : [
            faultAt(
              document ?? resource,
              RULE,
              `${resource.name}: properties.document must be the file`
            )
          ])
    ]
  })
}

function compact(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The gateway logs to Application Insights as itself, by the name that Azure has for that. */
function loggers(deployment: Deployment): Fault[] {
  const identity = identityOf(deployment, 'gateway')
  const [insights] = ofType(deployment, 'Microsoft.Insights/components')
  const names = expectNames(deployment, RULE, `${SERVICE}/apis/diagnostics`, [
    'applicationinsights'
  ])
  const faults = ofType(deployment, `${SERVICE}/loggers`).flatMap(logger => {
    const credentials = at(logger.body, 'properties.credentials')
    const right =
      propertiesOf(credentials).size === 2 &&
      isAnswer(own(credentials, 'connectionString'), insights, 'properties.ConnectionString') &&
      isAnswer(own(credentials, 'identityClientId'), identity, 'properties.clientId')
    return [
      ...expectAt(logger, RULE, {
        'properties.loggerType': 'applicationInsights',
        'properties.resourceId': insights?.id
      }),
      ...(right
        ? []
        : [
            faultAt(
              credentials ?? logger,
              RULE,
              `${logger.name} must have a connectionString and the gateway's own identityClientId`
            )
          ])
    ]
  })
  return [...names, ...faults]
}
