import type { IncomingMessage } from 'node:http'
import { Agent, createServer } from 'node:https'
import { identitySettings } from '../../../infra/local/appSettings.ts'
import { listen, stop } from '../../../infra/local/jsonServer.ts'
import type { CloudPlan } from '../../../infra/local/plan.ts'
import { clientIdOf } from '../../../infra/local/stableId.ts'
import { type Relayed, relay, reply } from './relay.ts'

/** Above the client's own, as the stand-in's is, in ms. */
const KEEP_ALIVE_MS = 120_000

/** What one instance read of the store; `charge` in request units. */
export type StoreCounts = {
  heads: number
  directories: number
  /** Reads of pages, and of them those whose version this instance had read before. */
  pages: number
  again: number
  /** Other point reads and queries, by container. */
  others: Record<string, number>
  queries: Record<string, number>
  charge: number
  bytes: number
}

/** Lies between one instance of an app and Cosmos DB: counts what it reads. Its token is for this address, so the same identity's for the real one takes its place. */
export async function startStoreDoor(plan: CloudPlan, app: string) {
  const account = `https://localhost:${plan.ports.cosmos}/`
  const authorization = encodeURIComponent(
    `type=aad&ver=1.0&sig=${await tokenOf(plan, app, account)}`
  )
  const agent = new Agent({ keepAlive: true })
  const read = new Set<string>()
  let counts = none()

  const count = (incoming: IncomingMessage, { headers, body, status }: Relayed) => {
    const { method, url = '' } = incoming
    const [, , , , container = '', kind, id = ''] = url.split('/')
    if (kind !== 'docs') return
    counts.charge += Number(headers['x-ms-request-charge'] ?? 0)
    counts.bytes += body.length
    if (method === 'POST') {
      // Every query is preceded by the question for its plan, which is no read.
      if (status < 400) counts.queries[container] = (counts.queries[container] ?? 0) + 1
    } else if (container !== 'standings') {
      counts.others[container] = (counts.others[container] ?? 0) + 1
    } else if (id === 'head') counts.heads++
    else if (id === 'directory') counts.directories++
    else {
      const { version } = JSON.parse(body.toString()).body ?? {}
      const key = `${incoming.headers['x-ms-documentdb-partitionkey']} ${id} ${version}`
      counts.pages++
      if (read.has(key)) counts.again++
      read.add(key)
    }
  }
  const server = createServer(
    { ...plan.tls, keepAliveTimeout: KEEP_ALIVE_MS },
    async (incoming, outgoing) => {
      try {
        const answer = await relay(incoming, {
          base: new URL(account),
          agent,
          headers: { authorization }
        })
        count(incoming, answer)
        // The account names its own address, which clients then use.
        if (incoming.url === '/')
          answer.body = Buffer.from(answer.body.toString().replaceAll(account, url))
        reply(outgoing, answer)
      } catch (error) {
        console.error(`store door: ${incoming.url}: ${error}`)
        outgoing.destroy()
      }
    }
  )
  const url = `https://localhost:${await listen(server, 0)}/`
  return {
    url,
    /** What was counted since the last call. */
    take(): StoreCounts {
      const taken = counts
      counts = none()
      return taken
    },
    async close() {
      await stop(server)
      agent.destroy()
    }
  }
}

async function tokenOf(plan: CloudPlan, app: string, resource: string): Promise<string> {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER = '' } = (await identitySettings(plan))(app)
  const query = new URLSearchParams({
    'api-version': '2019-08-01',
    resource,
    client_id: clientIdOf(app)
  })
  const answer = await fetch(`${IDENTITY_ENDPOINT}?${query}`, {
    headers: { 'x-identity-header': IDENTITY_HEADER }
  })
  if (!answer.ok) throw new Error(`no token of ${app} for ${resource}: ${await answer.text()}`)
  return ((await answer.json()) as { access_token: string }).access_token
}

const none = (): StoreCounts => ({
  heads: 0,
  directories: 0,
  pages: 0,
  again: 0,
  others: {},
  queries: {},
  charge: 0,
  bytes: 0
})
