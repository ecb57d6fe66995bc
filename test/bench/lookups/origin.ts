import { Agent, type IncomingMessage, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Origin, OriginAnswer } from './edge.ts'

/** Connections of one edge to the gateway: more requests than that wait their turn. */
const CONNECTIONS = 64

/** The last body of a target as it was read: most answers repeat it. */
type Known = { etag: string | undefined; body: unknown; zipped: number }

/** The gateway over HTTP as one edge sees it; each edge has a loopback address of its own, as the gateway's limit counts by it. */
export function openOrigin(gateway: string, edge: number) {
  const { hostname, port } = new URL(gateway)
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const localAddress = `127.0.1.${edge + 1}`
  const last = new Map<string, Known>()

  const read = async (target: string, answer: IncomingMessage): Promise<OriginAnswer> => {
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const { etag, 'cache-control': control = '' } = answer.headers
    const status = answer.statusCode ?? 0
    const maxAgeMs = Number(/max-age=(\d+)/.exec(control)?.[1] ?? 0) * 1_000
    const said = { status, etag, maxAgeMs, bytes: bytes.length }
    if (status !== 200) return { ...said, body: undefined, zipped: 0 }
    const known = last.get(target)
    if (known && known.etag === etag) return { ...said, ...known }
    const fresh = { etag, body: JSON.parse(bytes.toString()), zipped: gzipSync(bytes).length }
    last.set(target, fresh)
    return { ...said, ...fresh }
  }

  /** Status 0 where nothing came back. A connection that the gateway had just given up is no loss: another is tried. */
  const ask: Origin = (target, etag) =>
    new Promise(resolve => {
      const headers = etag ? { 'if-none-match': etag } : {}
      const lost = () => resolve(LOST)
      const asked = request({ agent, hostname, port, localAddress, path: target, headers })
      asked.on('response', answer => read(target, answer).then(resolve, lost))
      asked.on('error', () => (asked.reusedSocket ? resolve(ask(target, etag)) : lost()))
      asked.end()
    })
  return { ask, close: () => agent.destroy() }
}

const LOST: OriginAnswer = {
  status: 0,
  etag: undefined,
  body: undefined,
  maxAgeMs: 0,
  bytes: 0,
  zipped: 0
}
