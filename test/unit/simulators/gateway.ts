import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What the test's gateway does with a request: answers with a status and perhaps a body, or drops the connection. */
export type Verdict =
  | { status: number; body?: object; headers?: Record<string, string> }
  | 'drop'
  | 'hang'
export type Arrival = { method: string; path: string; token: string; body: string }

/** A gateway for tests: a real HTTP server that keeps everything that arrives. */
export async function startGateway(judge: (arrival: Arrival, count: number) => Verdict) {
  const arrivals: Arrival[] = []
  const server = createServer(async (request: IncomingMessage, response) => {
    const arrival = {
      method: request.method ?? '',
      path: request.url ?? '',
      token: request.headers.authorization?.replace('Bearer ', '') ?? '',
      body: await text(request)
    }
    arrivals.push(arrival)
    const verdict = judge(arrival, arrivals.length)
    if (verdict === 'hang') return
    if (verdict === 'drop') return void request.socket.destroy()
    response.writeHead(verdict.status, verdict.headers)
    response.end(verdict.body ? JSON.stringify(verdict.body) : '')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    }
  }
}

const base64 = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** An answer to `POST /races/{raceId}/seats`; the token is not signed, no rider checks it. */
export function seat(raceId: string, bib: number, idleMs = 120_000): Verdict {
  const competitorId = `rider-${bib}`
  const claims = { race: raceId, bib, competitor: competitorId, lane: 0, session: 1_700_000_000 }
  const token = `${base64({ alg: 'none' })}.${base64(claims)}.${bib}`
  const held = { nickname: `Rider ${bib}`, token, expiresAt: 2e12, idleMs, pass: `pass-${bib}` }
  return { status: 201, body: { raceId, bib, competitorId, ...held } }
}
