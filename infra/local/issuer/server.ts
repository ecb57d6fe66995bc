import { createServer } from 'node:http'
import { join } from 'node:path'
import Provider, { errors } from 'oidc-provider'
import { listen, stop } from '../jsonServer.ts'
import { keepSigningKey } from '../secretFile.ts'
import { stableId } from '../stableId.ts'
import type { StandIn } from '../standIn.ts'

/** Life of an app's token, in s. Entra ID gives 60 to 90 minutes. */
const TOKEN_LIFE_S = 3_600
/** Where oidc-provider serves discovery, whatever the issuer's path. */
const DISCOVERY_PATH = '/.well-known/openid-configuration'
const off = { enabled: false } as const

type IssuerOptions = {
  /** Keeps the signing key. */
  dir: string
  port: number
  tenantId: string
  /** The API's application id: the audience of every token. */
  apiAudience: string
  /** Apps that sign in by a secret, with their role at the API. */
  clients: { role: string; clientId: string; secret: string }[]
}

export type Issuer = StandIn & {
  issuer: string
  openidConfiguration: string
  tokenEndpoint: string
}

/** Entra ID at Entra's paths, giving version 2.0 tokens for one API to apps by client credentials. */
export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  const { tenantId, apiAudience } = options
  const key = await keepSigningKey(join(options.dir, 'issuer.key'))
  const roleOf = new Map(options.clients.map(({ clientId, role }) => [clientId, role]))
  const scopes = [`${apiAudience}/.default`, `api://${apiAudience}/.default`]
  const tokenPath = `/${tenantId}/oauth2/v2.0/token`

  // The issuer's name holds the port, so the server listens before the provider is made.
  const server = createServer()
  const url = `http://127.0.0.1:${await listen(server, options.port)}`
  const issuer = `${url}/${tenantId}/v2.0`

  const provider = new Provider(issuer, {
    clients: options.clients.map(({ clientId, secret }) => ({
      client_id: clientId,
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: []
    })),
    jwks: {
      keys: [
        { ...key.privateKey.export({ format: 'jwk' }), kid: key.kid, use: 'sig', alg: 'RS256' }
      ]
    },
    clientAuthMethods: ['client_secret_post'],
    responseTypes: [],
    routes: {
      authorization: `/${tenantId}/oauth2/v2.0/authorize`,
      token: tokenPath,
      jwks: `/${tenantId}/discovery/v2.0/keys`
    },
    ttl: { ClientCredentials: TOKEN_LIFE_S },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      pushedAuthorizationRequests: off,
      dPoP: off,
      resourceIndicators: {
        enabled: true,
        // Version 2.0 names the API in the scope and has no parameter `resource`.
        defaultResource: ctx => {
          const scope = String(ctx.oidc.params?.scope ?? '')
          if (!scopes.includes(scope))
            throw new errors.InvalidScope(`scope must be ${scopes.join(' or ')}`, scope)
          return `api://${apiAudience}`
        },
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== `api://${apiAudience}`) throw new errors.InvalidTarget()
          return {
            scope: '',
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
          const id = stableId(`principal:${clientId}`)
          const { iss, aud, iat, exp, jti } = parts.payload
          parts.header = { typ: 'JWT' }
          parts.payload = {
            ...{ iss, aud, iat, nbf: iat, exp, uti: jti, ver: '2.0', tid: tenantId },
            ...{ sub: id, oid: id, azp: clientId, azpacr: '1' },
            roles: [roleOf.get(clientId)]
          }
        }
      }
    }
  })
  provider.on('server_error', (_ctx, error) => console.error(error))
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (request.url === `/${tenantId}/v2.0${DISCOVERY_PATH}`) request.url = DISCOVERY_PATH
    return answer(request, response)
  })

  return {
    url,
    issuer,
    openidConfiguration: `${issuer}${DISCOVERY_PATH}`,
    tokenEndpoint: `${url}${tokenPath}`,
    // App tokens are signed, not stored, so there is nothing to forget.
    reset: async () => {},
    close: () => stop(server)
  }
}
