import { readFileSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'
import { contentTypeOf } from '../../infra/deploy/contentTypes.ts'
import { cacheControlOf } from '../../infra/deploy/headers.ts'

/** Serves a folder of built pages as Azure's edge does: typed, compressed, and kept by browsers where names say so. */
export const servePages = (dir: string) => {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const name = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname).slice(1)
    const type = contentTypeOf(name)
    const found = type && statSync(join(dir, name), { throwIfNoEntry: false })?.isFile()
    if (!found) {
      response.writeHead(404).end()
      return
    }
    const content = readFileSync(join(dir, name))
    const packed = type.startsWith('font/') ? undefined : gzipSync(content)
    response.writeHead(200, {
      'Content-Type': type,
      'Cache-Control': cacheControlOf(name),
      ...(packed ? { 'Content-Encoding': 'gzip' } : {})
    })
    response.end(packed ?? content)
  }
}
