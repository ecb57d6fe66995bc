import { once } from 'node:events'
import { createServer } from 'node:http'
import sirv from 'sirv'
import type { StandIn } from './standIn.ts'

/** The built pages and their `/config.json`, as Storage and Front Door serve them on Azure. */
export async function startPages(options: {
  dir: string
  port: number
  config: object
}): Promise<StandIn> {
  const files = sirv(options.dir, { etag: true })
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] === '/config.json') {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(JSON.stringify(options.config))
      return
    }
    files(request, response, () => {
      response.writeHead(404).end('There is no such page.')
    })
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
