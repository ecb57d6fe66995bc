import { once } from 'node:events'
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Why a request is not done, as status and the service's own error code. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** For calls that Azure serves and Grandstand does not make. 501, because Azure's clients do not retry it. */
export const notServed = (what: string) =>
  new Refusal(501, 'NotServed', `${what} is not served on the laptop`)

export type Answer = { status: number; body?: unknown; headers?: OutgoingHttpHeaders }

/** Answers what `handle` returns, or the refusal that it throws in the shape that `toError` gives it. */
export function answerJson(
  handle: (request: IncomingMessage) => Promise<Answer>,
  toError: (refusal: Refusal) => Pick<Answer, 'body' | 'headers'>
): RequestListener {
  return async (request, response) => {
    const { status, body, headers } = await handle(request).catch(error => {
      const refusal = toRefusal(error)
      return { status: refusal.status, ...toError(refusal) }
    })
    if (body === undefined) response.writeHead(status, headers).end()
    else
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body))
  }
}

/** The refusal that an error amounts to. What the client sent and cannot be parsed throws the first two kinds. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof SyntaxError || error instanceof URIError)
    return new Refusal(400, 'BadRequest', error.message)
  console.error(error)
  return new Refusal(500, 'InternalServerError', String(error))
}

/** The bearer token of the request, or empty. */
export const bearerOf = (request: IncomingMessage) =>
  /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''

/** Listens on loopback alone; resolves to the port. Port 0 means any free one. */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Stops listening and drops what is open. */
export async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
