import { createHash } from 'node:crypto'
import { Agent, createServer } from 'node:http'
import { listen, stop } from '../../../infra/local/jsonServer.ts'
import { relay, reply } from './relay.ts'

/** Longer than a busy bench lets a connection rest, so that none is given up just when it is used, in ms. */
const KEEP_ALIVE_MS = 120_000

/** What the instances of the app were asked; a page is a path. */
export type AppCounts = {
  requests: number
  notModified: number
  bytes: number
  /** Requests of each page in each second since the counting began. */
  pages: Map<string, Map<number, number>>
}
/** Answers of the same page and tag: how many came from more than one instance, and how many were not the same bytes. */
export type Sameness = { shared: number; unlike: string[] }

/** Hands requests to the instances in turn, as Azure's front ends do, and counts them. */
export async function startBalancer(port: number, instances: string[]) {
  const agent = new Agent({ keepAlive: true })
  const seen = new Map<string, { digest: string; from: Set<number> }>()
  const unlike: string[] = []
  let counts = none()
  let since = performance.now()
  let turn = 0

  const compare = (from: number, key: string, body: Buffer) => {
    const digest = createHash('sha256').update(body).digest('base64')
    const known = seen.get(key)
    if (!known) seen.set(key, { digest, from: new Set([from]) })
    else if (known.digest !== digest) unlike.push(key)
    else known.from.add(from)
  }
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, async (incoming, outgoing) => {
    const path = incoming.url ?? '/'
    const from = turn++ % instances.length
    const second = Math.floor((performance.now() - since) / 1_000)
    const seconds = counts.pages.get(path) ?? new Map<number, number>()
    counts.pages.set(path, seconds.set(second, (seconds.get(second) ?? 0) + 1))
    counts.requests++
    try {
      const answer = await relay(incoming, { base: new URL(instances[from] ?? ''), agent })
      counts.bytes += answer.body.length
      if (answer.status === 304) counts.notModified++
      if (answer.status === 200) compare(from, `${path} ${answer.headers.etag}`, answer.body)
      reply(outgoing, answer)
    } catch (error) {
      console.error(`balancer: ${path}: ${error}`)
      outgoing.writeHead(502).end()
    }
  })
  await listen(server, port)
  return {
    /** What was counted since the last call. */
    take(): AppCounts {
      const taken = counts
      counts = none()
      since = performance.now()
      return taken
    },
    sameness: (): Sameness => ({
      shared: [...seen.values()].filter(({ from }) => from.size > 1).length,
      unlike
    }),
    async close() {
      await stop(server)
      agent.destroy()
    }
  }
}

const none = (): AppCounts => ({ requests: 0, notModified: 0, bytes: 0, pages: new Map() })
