import topology from '#topology' with { type: 'json' }
import { TENANT } from '../bicep/scope.ts'
import type { Deployment, Fault, Resource } from '../model.ts'
import { anchor, expectAt } from './compare.ts'
import { at, faultAt, isAnswer, itemsOf, ofType, own, plainOf, same, textOf } from './read.ts'

const RULE = 'entra'
const APPLICATION = 'Microsoft.Graph/applications'

/** The API has the topology's roles and scope, the pages may ask for that scope, and neither has a password. */
export function entra(deployment: Deployment): Fault[] {
  const applications = ofType(deployment, APPLICATION)
  if (!applications.length) return []
  const apis = applications.filter(({ body }) => itemsOf(own(body, 'appRoles')).length > 0)
  const pages = applications.filter(({ body }) => at(body, 'spa.redirectUris'))
  const [api] = apis
  if (!api || apis.length > 1 || pages.length !== 1) {
    const message =
      'there must be one application with roles, the API, and one with spa.redirectUris'
    return [faultAt(anchor(deployment, APPLICATION), RULE, message)]
  }
  return [
    ...roles(api),
    ...scope(api),
    ...pages.flatMap(one => preAuthorized(one, api)),
    ...pages.flatMap(one => expectAt(one, RULE, { 'spa.redirectUris': redirects(deployment) })),
    ...expectAt(api, RULE, {
      identifierUris: [`api://${TENANT}/${textOf(own(api.body, 'uniqueName'))}`]
    }),
    ...applications.flatMap(noPasswords),
    ...servicePrincipals(deployment, applications, api)
  ]
}

/** Where people come back to after the sign-in, and hidden frames after a renewal. */
const redirects = ({ outputs }: Deployment) =>
  ['officials', 'ride', 'arcade', 'redirect'].map(
    page => `${textOf(outputs.get('PAGES_URL'))}/${page}/`
  )

function roles(api: Resource): Fault[] {
  const given = itemsOf(own(api.body, 'appRoles'))
  const wanted = Object.entries(topology.entra.roles)
  return [
    ...given.flatMap(role => {
      const [, right] = wanted.find(([name]) => name === textOf(own(role, 'value'))) ?? []
      const isRight =
        right &&
        textOf(own(role, 'id')) === right.id &&
        same(plainOf(own(role, 'allowedMemberTypes')), right.members) &&
        plainOf(own(role, 'isEnabled')) === true
      return isRight
        ? []
        : [faultAt(role, RULE, 'an app role must be as the topology says, and enabled')]
    }),
    ...wanted
      .filter(([name]) => given.filter(role => textOf(own(role, 'value')) === name).length !== 1)
      .map(([name]) => faultAt(api, RULE, `the API must have the app role ${name} once`))
  ]
}

/** People get tokens of version 2 for one scope. */
function scope(api: Resource): Fault[] {
  const scopes = itemsOf(at(api.body, 'api.oauth2PermissionScopes'))
  const [only] = scopes
  const right =
    scopes.length === 1 &&
    textOf(own(only, 'value')) === topology.entra.scope &&
    plainOf(own(only, 'isEnabled')) === true &&
    plainOf(at(api.body, 'api.requestedAccessTokenVersion')) === 2
  const message = `the API must have the scope ${topology.entra.scope} alone, enabled, with tokens of version 2`
  return right ? [] : [faultAt(only ?? api, RULE, message)]
}

/** The pages may ask for the scope without anybody's consent, and no other application may. */
function preAuthorized(pages: Resource, api: Resource): Fault[] {
  const scopeId = textOf(own(itemsOf(at(api.body, 'api.oauth2PermissionScopes'))[0], 'id'))
  const given = at(api.body, 'api.preAuthorizedApplications')
  const [only] = itemsOf(given)
  const right =
    itemsOf(given).length === 1 &&
    isAnswer(own(only, 'appId'), pages, 'appId') &&
    same(plainOf(own(only, 'delegatedPermissionIds')), [scopeId])
  const message = 'the API must let the pages alone ask for its scope without consent'
  return right ? [] : [faultAt(given ?? api, RULE, message)]
}

function noPasswords(application: Resource): Fault[] {
  return ['passwordCredentials', 'keyCredentials'].flatMap(key => {
    const value = own(application.body, key)
    return itemsOf(value).length
      ? [faultAt(value ?? application, RULE, `${key} must be left out`)]
      : []
  })
}

/** Each application has a service principal; the API's lets nobody in who has no role. */
function servicePrincipals(
  deployment: Deployment,
  applications: Resource[],
  api: Resource
): Fault[] {
  const given = ofType(deployment, 'Microsoft.Graph/servicePrincipals')
  return applications.flatMap(application => {
    const principal = given.find(({ body }) => isAnswer(own(body, 'appId'), application, 'appId'))
    if (!principal)
      return [faultAt(application, RULE, `${application.symbol} needs a service principal`)]
    return application === api ? expectAt(principal, RULE, { appRoleAssignmentRequired: true }) : []
  })
}
