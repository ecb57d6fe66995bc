import { once } from 'node:events'
import { createServer } from 'node:http'
import sirv from 'sirv'
import type { StandIn } from './standIn.ts'

/** The short address of a screen: `/s/`, or `/s/<what it follows>`. */
const SHORT = /^\/s\/(\w*)$/

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
}): Promise<StandIn> {
  const files = sirv(options.dir, { etag: true })
  const server = createServer((request, response) => {
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
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : options.port
  return {
    url: `http://127.0.0.1:${port}`,
    reset: async () => undefined,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    }
  }
}
