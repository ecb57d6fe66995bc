import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { listen, Refusal, stop } from '../jsonServer.ts'
import type { StandIn, Tls } from '../standIn.ts'
import type { CheckToken } from '../tokens.ts'
import { Account } from './account.ts'
import { type Authenticate, createAuthenticate } from './auth.ts'
import type { Answer, Call, IsAllowed } from './call.ts'
import { badRequest, CosmosRefusal, tooLarge } from './errors.ts'
import { ITEM_MAX_BYTES } from './operations.ts'
import { createRoute } from './routes.ts'

/** Above the client's own, so that the server never closes a connection that the client is about to use, in ms. */
const KEEP_ALIVE_MS = 120_000
/** What a request may be above its items: names and brackets of a batch, in bytes. */
const ENVELOPE_MAX_BYTES = 64 * 1024

export type CosmosOptions = {
  /** Folder of the journal. */
  dir: string
  /** 0 means any free one. */
  port: number
  tls: Tls
  /** The account's key in base64. */
  key: string
  checkToken: CheckToken
  /** What the holders of valid Entra tokens may do; without it everything that tokens may. */
  isAllowed?: IsAllowed
  /** Milliseconds since 1970, for `_ts` and times to live. */
  now?: () => number
}

/** Starts Cosmos DB's REST protocol for NoSQL on HTTPS. No answer leaves before all that it may have seen is on disk. */
export async function startCosmos(options: CosmosOptions): Promise<StandIn & { endpoint: string }> {
  const { dir, tls, key, checkToken, isAllowed = () => true, now = Date.now } = options
  const account = await Account.open(dir, now)
  const server = createServer({ ...tls, keepAliveTimeout: KEEP_ALIVE_MS })
  const endpoint = `https://localhost:${await listen(server, options.port)}/`
  const authenticate = createAuthenticate(key, endpoint, checkToken, now)
  const route = createRoute(account, endpoint, isAllowed)

  async function answer(request: IncomingMessage): Promise<Answer> {
    try {
      return route(await receive(request, authenticate))
    } catch (error) {
      return refuse(error)
    } finally {
      await account.durable()
    }
  }
  server.on('request', async (request, response) =>
    send(response, await answer(request).catch(refuse))
  )
  return {
    url: endpoint,
    endpoint,
    reset: () => account.reset(),
    async close() {
      await stop(server)
      await account.close()
    }
  }
}

async function receive(request: IncomingMessage, authenticate: Authenticate): Promise<Call> {
  const text = await read(request)
  const [path = ''] = (request.url ?? '').split('?')
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent)
  const claims = await authenticate(request, segments)
  const { method = '', headers } = request
  const header = (name: string) => headers[name]?.toString()
  try {
    const body = text === '' ? undefined : JSON.parse(text)
    return { method, segments, header, body, claims }
  } catch {
    throw badRequest('The body is not JSON.')
  }
}

/** Reads to the end even what is too large: the client hears the answer only then. */
async function read(request: IncomingMessage): Promise<string> {
  const limit = ITEM_MAX_BYTES + ENVELOPE_MAX_BYTES
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes <= limit) chunks.push(chunk)
  }
  if (bytes > limit) throw tooLarge('Request size is too large.')
  return Buffer.concat(chunks).toString()
}

function refuse(error: unknown): Answer {
  if (!(error instanceof Refusal)) console.error(error)
  const { status, code, message } =
    error instanceof Refusal ? error : new Refusal(500, 'InternalServerError', String(error))
  const headers: Answer['headers'] =
    error instanceof CosmosRefusal && error.substatus ? { 'x-ms-substatus': error.substatus } : {}
  return { status, text: JSON.stringify({ code, message }), headers }
}

function send(response: ServerResponse, { status, text, headers, charge = 1 }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-ms-activity-id': randomUUID(),
    'x-ms-request-charge': charge,
    'x-ms-version': '2020-07-15',
    ...headers
  })
  response.end(text)
}
