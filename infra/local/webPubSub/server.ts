import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { WebSocketServer } from 'ws'
import {
  type Answer,
  answerJson,
  listen,
  notServed,
  Refusal,
  stop,
  toRefusal
} from '../jsonServer.ts'
import type { StandIn, Tls } from '../standIn.ts'
import type { CheckToken } from '../tokens.ts'
import { type Connection, createHub, type Payload } from './hub.ts'
import { greet, receive, SUBPROTOCOL } from './subprotocol.ts'
import { type ClientClaims, createTokens, type Grant } from './tokens.ts'

const ROUTES = /^POST \/api\/hubs\/([^/]+)\/(?::generateToken|groups\/([^/]+)\/:send)$/
/** Largest message, in bytes: the service's own limit. */
const MAX_MESSAGE_BYTES = 1_048_576
/** Life of a client's token unless asked otherwise, in minutes. */
const TOKEN_MINUTES = 60

type WebPubSubOptions = {
  dir?: never
  /** `rest` speaks HTTPS and wss, `client` plain ws for browsers that do not know the local authority. */
  ports: { rest: number; client: number }
  tls: Tls
  /** The only hub; others are refused, where the service would make them. */
  hub: string
  accessKey: string
  checkToken: CheckToken
}

export type WebPubSub = StandIn & {
  /** `https://localhost:port`, of REST and in tokens' audiences. */
  endpoint: string
  /** `ws://127.0.0.1:port`: the same client paths and tokens as at `endpoint`. */
  clientEndpoint: string
  connectionString: string
}

/** Web PubSub's REST calls that negotiate and publish, and its plain JSON subprotocol. Keeps nothing on disk. */
export async function startWebPubSub(options: WebPubSubOptions): Promise<WebPubSub> {
  const hub = createHub()
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => SUBPROTOCOL
  })

  const rest = createTlsServer(
    options.tls,
    answerJson(handle, ({ code, message }) => ({
      body: { code, message },
      headers: { 'x-ms-error-code': code }
    }))
  )
  const client = createServer((_request, response) => {
    response.writeHead(426).end('This port is for websockets alone')
  })
  const endpoint = `https://localhost:${await listen(rest, options.ports.rest)}`
  const clientEndpoint = `ws://127.0.0.1:${await listen(client, options.ports.client)}`
  const tokens = createTokens({ ...options, endpoint })
  rest.on('upgrade', upgrade)
  client.on('upgrade', upgrade)

  async function handle(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', endpoint)
    const route = ROUTES.exec(`${request.method} ${pathname}`)
    if (!route) throw notServed(`${request.method} ${pathname}`)
    const [, name, group] = route
    await tokens.checkRequest(request, group === undefined ? 'negotiate' : 'send')
    requireHub(name)
    if (group === undefined)
      return { status: 200, body: { token: await tokens.issue(readGrant(searchParams)) } }
    requireOnly(searchParams, [])
    hub.send(decodeURIComponent(group), await readPayload(request))
    return { status: 202 }
  }

  function requireHub(name: string | undefined) {
    if (name !== options.hub)
      throw new Refusal(404, 'HubNotFound', `The only hub is ${options.hub}, not ${name ?? 'none'}`)
  }

  async function admit(request: IncomingMessage): Promise<ClientClaims> {
    const { pathname, searchParams } = new URL(request.url ?? '/', endpoint)
    requireHub(/^\/client\/hubs\/([^/]+)$/.exec(pathname)?.[1])
    const claims = await tokens.checkClient(searchParams.get('access_token') ?? '')
    const offered = request.headers['sec-websocket-protocol'] ?? 'none'
    if (!offered.split(/, */).includes(SUBPROTOCOL))
      throw new Refusal(
        400,
        'NotServed',
        `The only subprotocol served is ${SUBPROTOCOL}; offered: ${offered}`
      )
    return claims
  }

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer) {
    // Nobody else hears this stream's errors before the handshake, and an unheard one ends the process.
    const destroy = () => stream.destroy()
    stream.on('error', destroy)
    try {
      const claims = await admit(request)
      sockets.handleUpgrade(request, stream, head, socket => {
        const { userId, roles, groups } = claims
        const connection: Connection = { id: randomUUID(), userId, roles: new Set(roles), socket }
        socket.on('close', () => hub.drop(connection))
        // A broken socket's error is followed by its close, which is all that there is to do.
        socket.on('error', () => socket.terminate())
        socket.on('message', data => receive(hub, connection, data.toString()))
        for (const group of groups) hub.join(connection, group)
        greet(connection)
      })
    } catch (error) {
      const { status, code, message } = toRefusal(error)
      stream
        .once('finish', destroy)
        .end(
          `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
            `Content-Type: text/plain\r\n\r\n${code}: ${message}`
        )
    }
  }

  async function reset() {
    for (const socket of sockets.clients) socket.terminate()
  }
  return {
    url: endpoint,
    endpoint,
    clientEndpoint,
    connectionString: `Endpoint=${endpoint};AccessKey=${options.accessKey};Version=1.0;`,
    /** Ends every connection; there is nothing else to forget. */
    reset,
    async close() {
      await reset()
      await Promise.all([stop(rest), stop(client)])
    }
  }
}

/** Refuses parameters that would change what the call does. */
function requireOnly(parameters: URLSearchParams, served: string[]) {
  for (const name of parameters.keys())
    if (name !== 'api-version' && !served.includes(name)) throw notServed(`The parameter ${name}`)
}

function readGrant(parameters: URLSearchParams): Grant {
  requireOnly(parameters, ['userId', 'role', 'group', 'minutesToExpire'])
  const minutes = Number(parameters.get('minutesToExpire') ?? TOKEN_MINUTES)
  if (!Number.isInteger(minutes) || minutes < 1)
    throw new Refusal(400, 'BadRequest', 'minutesToExpire must be a whole number from 1')
  const userId = parameters.get('userId') ?? undefined
  return { userId, roles: parameters.getAll('role'), groups: parameters.getAll('group'), minutes }
}

async function readPayload(request: IncomingMessage): Promise<Payload> {
  const body = await buffer(request)
  if (body.length > MAX_MESSAGE_BYTES)
    throw new Refusal(413, 'RequestTooLarge', `A message has at most ${MAX_MESSAGE_BYTES} bytes`)
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('text/plain')) return { dataType: 'text', data: body.toString() }
  if (!type.startsWith('application/json')) throw notServed(`The content type ${type}`)
  return { dataType: 'json', data: JSON.parse(body.toString()) }
}
