import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { listen, stop } from '../jsonServer.ts'
import { keepSigningKey } from '../secretFile.ts'
import type { StandIn } from '../standIn.ts'
import { formOf } from './form.ts'
import type { Person } from './people.ts'
import { createProvider } from './provider.ts'
import { createSignIn } from './signIn.ts'

/** Where oidc-provider serves discovery, whatever the issuer's path. */
const DISCOVERY_PATH = '/.well-known/openid-configuration'

export type IssuerOptions = {
  /** Keeps the signing key. */
  dir: string
  port: number
  tenantId: string
  /** The API's application id: the audience of every token. */
  apiAudience: string
  /** The one scope that pages may ask for, such as `access_as_user`. */
  scope: string
  /** Apps that sign in by a secret, with their role at the API. */
  clients: { role: string; clientId: string; secret: string }[]
  /** The pages, which have no secret: where they come back to. */
  pages: { clientId: string; redirectUris: string[] }
  people: Person[]
}

export type Issuer = StandIn & {
  issuer: string
  openidConfiguration: string
  tokenEndpoint: string
}

/**
 * Entra ID at Entra's paths, giving version 2.0 tokens for one API: to apps by client credentials, and to people by
 * authorization code with PKCE. Entra itself lets nobody in who has no role; here they are, so that the API's own doors
 * can be tried. Who is signed in is forgotten at a restart.
 */
export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  const { tenantId, people } = options
  const key = await keepSigningKey(join(options.dir, 'issuer.key'))

  // The issuer's name holds the port, so the server listens before the provider is made.
  const server = createServer()
  const url = `http://127.0.0.1:${await listen(server, options.port)}`
  const issuer = `${url}/${tenantId}/v2.0`
  const tokenPath = `/${tenantId}/oauth2/v2.0/token`
  const loginPath = `/${tenantId}/login/`

  const provider = createProvider(options, { issuer, key, tokenPath, loginPath })
  const answer = provider.callback()
  const signIn = createSignIn(provider, people)
  server.on('request', async (request, response) => {
    try {
      // Browsers' libraries name each request in the query.
      const path = request.url?.split('?')[0] ?? ''
      if (path.startsWith(loginPath)) return await signIn(request, response)
      if (path === `/${tenantId}/v2.0${DISCOVERY_PATH}`) request.url = DISCOVERY_PATH
      if (path === tokenPath && request.method === 'POST') await allowOffline(request)
      await answer(request, response)
    } catch (error) {
      console.error(error)
      response.writeHead(500).end()
    }
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

/**
 * Reads the form of a token request without `offline_access`: Entra ID gives it for the asking, while oidc-provider
 * gives it by explicit consent alone and then misses it at the first renewal.
 */
async function allowOffline(request: IncomingMessage & { body?: object }): Promise<void> {
  const form = await formOf(request)
  const scope = form.get('scope')
  if (scope) form.set('scope', scope.replace(/(^| )offline_access\b/, '').trim())
  request.body = Object.fromEntries(form)
}
