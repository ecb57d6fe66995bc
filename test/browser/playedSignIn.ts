import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { Actor } from '#contract'
import { headersByFolder, securityHeaders } from '../../infra/deploy/headers.ts'
import { objectIdOf } from '../../infra/local/issuer/people.ts'
import { type Issuer, startIssuer } from '../../infra/local/issuer/server.ts'
import { stop } from '../../infra/local/jsonServer.ts'
import { servePages } from './servedPages.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const API = '22222222-3333-4444-8555-666666666666'
const PAGES = '44444444-5555-4666-8777-888888888888'

type Caller = { roles: string[]; actor: Actor }
/** Plays the API; `path` is without `/api`. */
type Api = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>

const userNameOf = (name: string): string => `${name}@grandstand.example`

/** Somebody of the accounts, as the ledger names them. */
export const actorOf = (name: string): Actor => ({
  kind: 'person',
  tenant: TENANT,
  object: objectIdOf({ userName: userNameOf(name) })
})

/**
 * Serves built pages with the headers and settings of deployed ones, beside the real stand-in of Entra ID: accounts by name,
 * whose password is their name, with the roles of each. What else they ask for, `api` answers.
 */
export async function startPlayedSignIn(pages: string, roles: Record<string, string[]>, api: Api) {
  const dir = await mkdtemp(join(tmpdir(), 'sign-in-'))
  const statics = servePages(pages)
  const server = createServer((request, response) => {
    handle(request, response).catch(error => {
      console.error(error)
      response.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const people = Object.entries(roles).map(([name, has]) => ({
    ...{ userName: userNameOf(name), name, password: name, roles: has }
  }))
  const startAuthority = (port: number): Promise<Issuer> =>
    startIssuer({
      ...{ dir, port, people, tenantId: TENANT, apiAudience: API, scope: 'access_as_user' },
      clients: [],
      pages: { clientId: PAGES, redirectUris: [`${url}/officials/`, `${url}/redirect/`] }
    })
  let issuer = await startAuthority(0)
  const tenant = `${issuer.url}/${TENANT}`
  const keys = createRemoteJWKSet(new URL(`${tenant}/discovery/v2.0/keys`))
  const callees = { lookupsUrl: url, gatewayUrl: url, webPubSubEndpoint: url }
  const ownHeaders: Record<string, Record<string, string>> = headersByFolder(callees, tenant)
  const metadata = {
    issuer: issuer.issuer,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: issuer.tokenEndpoint,
    end_session_endpoint: `${tenant}/oauth2/v2.0/logout`,
    jwks_uri: `${tenant}/discovery/v2.0/keys`
  }
  const authority = `${tenant.replace('http:', 'https:')}/v2.0`
  const signIn = { authority, clientId: PAGES, scope: `${API}/access_as_user`, metadata }
  const config = JSON.stringify({ apiBase: `${url}/api`, gatewayUrl: `${url}/api`, signIn })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', url)
    const own = ownHeaders[pathname.split('/')[1] ?? '']
    response.setHeaders(new Map(Object.entries({ ...securityHeaders(callees), ...own })))
    if (pathname === '/config.json') response.end(config)
    else if (pathname.startsWith('/api')) await api(request, response, pathname.slice(4))
    else statics(request, response)
  }

  return {
    url,
    /** Who asks; undefined without a token that holds. */
    async callerOf({ headers }: IncomingMessage): Promise<Caller | undefined> {
      const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
      const verified = await jwtVerify(token, keys, { audience: API }).catch(() => undefined)
      if (!verified) return undefined
      const { roles = [], oid } = verified.payload as { roles?: string[]; oid?: string }
      return { roles, actor: { kind: 'person', tenant: TENANT, object: String(oid) } }
    },
    /** Everybody is signed out everywhere: nothing renews a token any more. */
    async forget(): Promise<void> {
      const port = Number(new URL(issuer.url).port)
      await issuer.close()
      issuer = await startAuthority(port)
    },
    async close(): Promise<void> {
      await stop(server)
      await issuer.close()
      await rm(dir, { recursive: true })
    }
  }
}
