import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { headersByFolder, securityHeaders } from '../../infra/deploy/headers.ts'
import { type Issuer, startIssuer } from '../../infra/local/issuer/server.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const API = '22222222-3333-4444-8555-666666666666'
const PAGES = '44444444-5555-4666-8777-888888888888'

/** The real stand-in of Entra ID for pages at `url`: accounts whose password is their name, and the settings of the pages. */
export async function startPlayedSignIn(url: string, roles: Record<string, string[]>) {
  const dir = await mkdtemp(join(tmpdir(), 'sign-in-'))
  const people = Object.entries(roles).map(([name, has]) => ({
    userName: `${name}@grandstand.example`,
    name,
    password: name,
    roles: has
  }))
  const start = (port: number): Promise<Issuer> =>
    startIssuer({
      ...{ dir, port, people, tenantId: TENANT, apiAudience: API, scope: 'access_as_user' },
      clients: [],
      pages: { clientId: PAGES, redirectUris: [`${url}/officials/`, `${url}/redirect/`] }
    })
  let issuer = await start(0)
  const tenant = `${issuer.url}/${TENANT}`
  const keys = createRemoteJWKSet(new URL(`${tenant}/discovery/v2.0/keys`))
  const callees = { lookupsUrl: url, gatewayUrl: url, webPubSubEndpoint: url }
  const byFolder: Record<string, Record<string, string>> = headersByFolder(callees, tenant)

  return {
    config: {
      apiBase: `${url}/api`,
      gatewayUrl: `${url}/api`,
      signIn: {
        authority: `${tenant.replace('http:', 'https:')}/v2.0`,
        clientId: PAGES,
        scope: `${API}/access_as_user`,
        metadata: {
          issuer: issuer.issuer,
          authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
          token_endpoint: issuer.tokenEndpoint,
          end_session_endpoint: `${tenant}/oauth2/v2.0/logout`,
          jwks_uri: `${tenant}/discovery/v2.0/keys`
        }
      }
    },
    /** The headers of an answer with a page, as the deployed ones have them. */
    headersOf: (path: string): Map<string, string> =>
      new Map(
        Object.entries({ ...securityHeaders(callees), ...byFolder[path.split('/')[1] ?? ''] })
      ),
    /** Who asks; undefined without a token that holds. */
    async callerOf({ headers }: IncomingMessage): Promise<JWTPayload | undefined> {
      const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
      const verified = await jwtVerify(token, keys, { audience: API }).catch(() => undefined)
      return verified?.payload
    },
    /** Everybody is signed out everywhere: nothing renews a token any more. */
    async forget(): Promise<void> {
      const port = Number(new URL(issuer.url).port)
      await issuer.close()
      issuer = await start(port)
    },
    async close(): Promise<void> {
      await issuer.close()
      await rm(dir, { recursive: true })
    }
  }
}
