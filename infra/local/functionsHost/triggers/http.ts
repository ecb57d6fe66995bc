import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Invoke, logFailure } from '../invoke.ts'
import type { createRouter } from '../router.ts'

/** Answers a request by the function its route names: 404, 405 and 500 without a body otherwise. */
export async function serveHttp(
  request: IncomingMessage,
  response: ServerResponse,
  match: ReturnType<typeof createRouter>,
  invoke: Invoke
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`)
  const method = request.method ?? 'GET'
  const found = match(method, url.pathname)
  if (typeof found === 'number') {
    response.writeHead(found).end()
    return
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  )
  const body = { bytes: await readBody(request) }
  try {
    const result = await invoke(found.fn, {
      data: { http: { method, url: url.href, headers, params: found.params, body } }
    })
    const answer = result?.http
    if (!answer) {
      response.writeHead(204).end()
      return
    }
    if (answer.cookies?.length) throw new Error('Cookies are not served')
    response.writeHead(Number(answer.statusCode), answer.headers).end(answer.body?.bytes)
  } catch (error) {
    logFailure(found.fn, error)
    response.writeHead(500).end()
  }
}

/** The whole body. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
