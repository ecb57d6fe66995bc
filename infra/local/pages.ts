import { createServer } from 'node:http'
import sirv from 'sirv'
import topology from '#topology' with { type: 'json' }
import { headersByFolder, securityHeaders } from '../deploy/headers.ts'
import type { Cloud } from './cloud.ts'
import { listen, stop } from './jsonServer.ts'
import { type CloudPlan, entraIssuer } from './plan.ts'
import type { StandIn } from './standIn.ts'

/** The short address of a screen: `/s/`, or `/s/<what it follows>`. */
const SHORT = /^\/s\/(\w*)$/

/** What the hooks of a deployment give the pages, with this cloud's addresses. */
export function settingsOfPages({ plan, url }: Pick<Cloud, 'plan' | 'url'>) {
  const callees = {
    lookupsUrl: url,
    gatewayUrl: url,
    webPubSubEndpoint: `http://127.0.0.1:${plan.ports.webPubSubClient}`
  }
  return {
    config: { apiBase: url, gatewayUrl: url, signIn: signInOf(plan) },
    headers: securityHeaders(callees),
    headersByFolder: headersByFolder(callees, entraIssuer(plan))
  }
}

/**
 * How officials sign in at the stand-in. Browsers' libraries take no authority without https, but they do take what
 * discovery would have told them.
 */
function signInOf(plan: CloudPlan) {
  const issuer = entraIssuer(plan)
  const tenant = issuer.replace(/\/v2\.0$/, '')
  return {
    authority: issuer.replace('http:', 'https:'),
    clientId: plan.pages.clientId,
    scope: `${plan.apiAudience}/${topology.entra.scope}`,
    metadata: {
      issuer,
      authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `${tenant}/oauth2/v2.0/token`,
      end_session_endpoint: `${tenant}/oauth2/v2.0/logout`,
      jwks_uri: `${tenant}/discovery/v2.0/keys`
    }
  }
}

/**
 * The built pages and their `/config.json`, as Storage and Front Door serve them on Azure. Here alone `/s/ride` leads
 * to the whole screen link with its key, so that it can be typed.
 */
export async function startPages(options: {
  dir: string
  port: number
  config: object
  /** The key of the screen link; without it there are no short addresses. */
  screenKey?: string
  /** Of every answer: the safeguards that the pages have on Azure. */
  headers?: Record<string, string>
  /** In place of those, by the first folder of the path. */
  headersByFolder?: Record<string, Record<string, string>>
}): Promise<StandIn> {
  const files = sirv(options.dir, { etag: true })
  const server = createServer((request, response) => {
    const [path = '', search] = (request.url ?? '').split('?', 2)
    const own = options.headersByFolder?.[path.split('/')[1] ?? '']
    response.setHeaders(new Map(Object.entries({ ...options.headers, ...own })))
    const follow = SHORT.exec(path)?.[1]
    if (path === '/config.json') {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(JSON.stringify(options.config))
    } else if (follow !== undefined && options.screenKey) {
      const query = new URLSearchParams(search)
      if (follow) query.set('follow', follow)
      query.set('key', options.screenKey)
      response.writeHead(302, { location: `/screen/?${query}`, 'cache-control': 'no-store' })
      response.end()
    } else {
      files(request, response, () => {
        response.writeHead(404).end('There is no such page.')
      })
    }
  })
  const url = `http://127.0.0.1:${await listen(server, options.port)}`
  return { url, reset: async () => undefined, close: () => stop(server) }
}
