import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import * as v from 'valibot'
import type { Tls } from '../standIn.ts'
import { demand } from './access.ts'
import { Refusal, toRefusal } from './errors.ts'
import { checkHub, checkSize, choosePartition, type Hub } from './hub.ts'
import { packEvent } from './message.ts'

/** Longer than a gateway keeps an idle connection, so that it never sends into one that closes. */
const KEEP_ALIVE_MS = 240_000

const PATH = /^\/([^/?]+)\/messages(?:\?|$)/i
const BATCH_TYPE = 'application/vnd.microsoft.servicebus.json'
/** Headers that speak of the request; every other one is a property of the event. */
const REQUEST_HEADER =
  /^(?:authorization|host|brokerproperties|user-agent|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|date|via|from|origin|referer|cookie|pragma|cache-control|forwarded|traceparent|tracestate|request-id|accept|(?:accept|content|x-ms|x-forwarded|sec|if)-.*)$/i

/** Properties other than the partition key mean nothing to Event Hubs: the service ignores them. */
const BrokerProperties = v.pipe(
  v.optional(v.string(), '{}'),
  v.parseJson(),
  v.object({ PartitionKey: v.optional(v.string(), '') })
)

function partitionKey(header: unknown): string {
  const broker = v.safeParse(BrokerProperties, header)
  if (!broker.success) throw new Refusal('argument', 'BrokerProperties is not a JSON object')
  return broker.output.PartitionKey
}

function properties(rawHeaders: string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (!REQUEST_HEADER.test(rawHeaders[at]!)) found[rawHeaders[at]!] = rawHeaders[at + 1]!
  return found
}

/** The REST side of the hub: `POST /{hub}/messages` of a single event, answered once it is on disk. */
export function createRest(hub: Hub, tls: Tls): Server {
  async function send(request: IncomingMessage): Promise<void> {
    const { headers, method, rawHeaders, url = '' } = request
    const name = PATH.exec(url)?.[1]
    if (method !== 'POST' || !name) throw new Refusal('notServed', `Not served: ${method} ${url}`)
    const token = (headers.authorization ?? '').replace(/^Bearer /i, '')
    const path = name.toLowerCase()
    demand(await hub.access(token, path), path, 'send')
    checkHub(hub, name)
    if (headers['content-type']?.startsWith(BATCH_TYPE))
      throw new Refusal('notServed', `Not served: batches (${BATCH_TYPE})`)
    const key = partitionKey(headers.brokerproperties)
    const partition = choosePartition(hub, key)
    checkSize(Number(headers['content-length'] ?? 0))
    const body = Buffer.concat(await request.toArray())
    checkSize(body.length)
    await hub.log.append(partition, [packEvent(key, properties(rawHeaders), body)])
  }

  return createServer({ ...tls, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    send(request).then(
      () => response.writeHead(201, { 'content-length': 0 }).end(),
      error => {
        const { status, message } = toRefusal(error)
        const detail = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
        response.writeHead(status, { 'content-type': 'application/xml; charset=utf-8' })
        response.end(`<Error><Code>${status}</Code><Detail>${detail}</Detail></Error>`)
      }
    )
  })
}
