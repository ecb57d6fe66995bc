import type { Agent, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { request } from 'node:http'
import { request as tlsRequest } from 'node:https'

/** Where a request goes on to, and what differs on its way. */
export type Way = { base: URL; agent: Agent; headers?: OutgoingHttpHeaders }
/** A request's answer, whole. */
export type Relayed = { status: number; headers: OutgoingHttpHeaders; body: Buffer }

/** Passes a request on and reads the whole answer. Rejects where none comes. */
export async function relay(incoming: IncomingMessage, way: Way): Promise<Relayed> {
  const { base, agent } = way
  const { connection: _, host: __, ...headers } = incoming.headers
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = (base.protocol === 'https:' ? tlsRequest : request)(
      new URL(incoming.url ?? '/', base),
      { agent, method: incoming.method, headers: { ...headers, ...way.headers } }
    )
    outgoing.on('response', resolve).on('error', reject)
    incoming.pipe(outgoing)
  })
  const body = await bytesOf(answer)
  const {
    'transfer-encoding': ___,
    connection: ____,
    'keep-alive': _____,
    ...kept
  } = answer.headers
  return { status: answer.statusCode ?? 502, headers: kept, body }
}

/** Sends it to whoever asked. A 304 and a 204 have no length. */
export function reply(response: ServerResponse, { status, headers, body }: Relayed): void {
  const isBare = status === 304 || status === 204
  response.writeHead(status, isBare ? headers : { ...headers, 'content-length': body.length })
  response.end(body)
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}
