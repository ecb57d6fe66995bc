import { randomBytes } from 'node:crypto'
import Provider, { errors } from 'oidc-provider'
import type { SigningKey } from '../secretFile.ts'
import { objectIdOf } from './people.ts'
import type { IssuerOptions } from './server.ts'
import { DOCUMENT_HEADERS, refusalDocument, signOutForm } from './signInForm.ts'
import { appClaims, personClaims } from './tokenClaims.ts'

/** Life of a token, in s. Entra ID gives 60 to 90 minutes. */
const TOKEN_LIFE_S = 3_600
/** How long a person stays signed in, and how long a page may renew its tokens, in s. Entra ID: a day for pages. */
const DAY_S = 86_400
/** How long a sign-in may lie open, in s. */
const SIGN_IN_S = 3_600
/** What is said of the person beside the API. */
const OPENID_SCOPES = ['openid', 'profile', 'offline_access', 'email']
const off = { enabled: false } as const

type Places = { issuer: string; key: SigningKey; tokenPath: string; loginPath: string }

/** The OpenID provider at Entra's paths, with Entra's tokens. */
export function createProvider(options: IssuerOptions, places: Places): Provider {
  const { tenantId, apiAudience, clients, pages, people } = options
  const { issuer, key, tokenPath, loginPath } = places
  const resource = `api://${apiAudience}`
  const roleOf = new Map(clients.map(({ clientId, role }) => [clientId, role]))
  const personById = new Map(people.map(person => [objectIdOf(person), person]))
  // The API goes by its application id or by its address.
  const scopesOf = (name: string) => [apiAudience, resource].map(api => `${api}/${name}`)
  const personScopes = scopesOf(options.scope)
  const appScopes = scopesOf('.default')
  const origins = pages.redirectUris.map(uri => new URL(uri).origin)

  const provider: Provider = new Provider(issuer, {
    clients: [
      ...clients.map(({ clientId, secret }) => ({
        client_id: clientId,
        client_secret: secret,
        token_endpoint_auth_method: 'client_secret_post' as const,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: []
      })),
      {
        client_id: pages.clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: pages.redirectUris,
        post_logout_redirect_uris: pages.redirectUris
      }
    ],
    jwks: {
      keys: [
        { ...key.privateKey.export({ format: 'jwk' }), kid: key.kid, use: 'sig', alg: 'RS256' }
      ]
    },
    clientAuthMethods: ['client_secret_post', 'none'],
    responseTypes: ['code'],
    routes: {
      authorization: `/${tenantId}/oauth2/v2.0/authorize`,
      token: tokenPath,
      jwks: `/${tenantId}/discovery/v2.0/keys`,
      end_session: `/${tenantId}/oauth2/v2.0/logout`
    },
    ttl: {
      ClientCredentials: TOKEN_LIFE_S,
      AccessToken: TOKEN_LIFE_S,
      IdToken: TOKEN_LIFE_S,
      RefreshToken: DAY_S,
      Session: DAY_S,
      Grant: DAY_S,
      Interaction: SIGN_IN_S
    },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    clientBasedCORS: (_ctx, origin, { clientId }) =>
      clientId === pages.clientId && origins.includes(origin),
    interactions: { url: (_ctx, { uid }) => `${loginPath}${uid}` },
    claims: { openid: ['sub', 'oid', 'tid', 'ver'], profile: ['name', 'preferred_username'] },
    // What the pages read is in the token itself: nobody asks for it apart.
    conformIdTokenClaims: false,
    issueRefreshToken: () => true,
    findAccount(_ctx, id) {
      const person = personById.get(id)
      if (!person) return undefined
      const { name, userName } = person
      return {
        accountId: id,
        claims: () => {
          return {
            ...{ sub: id, oid: id, tid: tenantId, ver: '2.0' },
            ...{ name, preferred_username: userName }
          }
        }
      }
    },
    // The pages are pre-authorized at the API: nobody is asked for consent.
    async loadExistingGrant({ oidc }) {
      const { session, client } = oidc
      if (!session?.accountId || !client) return undefined
      const grant = new provider.Grant({
        accountId: session.accountId,
        clientId: client.clientId
      })
      grant.addOIDCScope(OPENID_SCOPES.join(' '))
      grant.addResourceScope(resource, personScopes.join(' '))
      await grant.save()
      return grant
    },
    renderError(ctx, { error, error_description }) {
      ctx.set(DOCUMENT_HEADERS)
      ctx.body = refusalDocument(`${error}: ${error_description ?? 'no more is known'}`)
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = signOutForm(form)
        }
      },
      pushedAuthorizationRequests: off,
      dPoP: off,
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        // Version 2.0 names the API in the scope and has no parameter `resource`.
        defaultResource(ctx, { clientId }) {
          const scope = String(ctx.oidc.params?.scope ?? '')
          const asked = scope.split(' ').filter(each => !OPENID_SCOPES.includes(each))
          const allowed = clientId === pages.clientId ? personScopes : appScopes
          if (asked.length !== 1 || !allowed.includes(asked[0] ?? ''))
            throw new errors.InvalidScope(`scope must be ${allowed.join(' or ')}`, scope)
          return resource
        },
        getResourceServerInfo(_ctx, asked) {
          if (asked !== resource) throw new errors.InvalidTarget()
          return {
            scope: personScopes.join(' '),
            audience: apiAudience,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } }
          }
        }
      }
    },
    formats: {
      customizers: {
        jwt(_ctx, token, parts) {
          const { clientId = '' } = token
          const person = 'accountId' in token && personById.get(String(token.accountId))
          parts.header = { typ: 'JWT' }
          parts.payload = person
            ? personClaims(parts.payload, tenantId, clientId, person, options.scope)
            : appClaims(parts.payload, tenantId, clientId, roleOf.get(clientId))
        }
      }
    }
  })
  provider.on('server_error', (_ctx, error) => console.error(error))
  return provider
}
