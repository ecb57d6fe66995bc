import { createServer } from 'node:http'
import sirv from 'sirv'
import { securityHeaders } from '../deploy/headers.ts'
import type { Cloud } from './cloud.ts'
import { listen, stop } from './jsonServer.ts'
import type { StandIn } from './standIn.ts'

/** The short address of a screen: `/s/`, or `/s/<what it follows>`. */
const SHORT = /^\/s\/(\w*)$/

/** What the hooks of a deployment give the pages, with this cloud's addresses. */
export const settingsOfPages = ({ plan: { ports }, url }: Pick<Cloud, 'plan' | 'url'>) => ({
  config: { apiBase: url },
  headers: securityHeaders({
    lookupsUrl: url,
    gatewayUrl: url,
    webPubSubEndpoint: `http://127.0.0.1:${ports.webPubSubClient}`
  })
})

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
}): Promise<StandIn> {
  const files = sirv(options.dir, { etag: true })
  const headers = new Map(Object.entries(options.headers ?? {}))
  const server = createServer((request, response) => {
    response.setHeaders(headers)
    const [path = '', search] = (request.url ?? '').split('?', 2)
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
