import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { SEAT_AUDIENCE } from '#contract'
import { type GatewayOptions, startGateway } from '../infra/local/gateway/server.ts'

/** A request as the backend got it. */
export type Received = {
  method: string
  url: string
  headers: IncomingHttpHeaders
  /** Names as they were spelled. */
  names: string[]
  body: Buffer
}

export const PAGE_ORIGIN = 'https://pages.example'
export const API_AUDIENCE = 'api-audience'
export const GATEWAY_CLIENT_ID = 'gateway-client-id'
export const FRONT_DOOR_ID = '11111111-2222-4333-8444-555555555555'

export type FrontDoor = Awaited<ReturnType<typeof startFrontDoor>>

/** The gateway with the product's policies before one backend, which also publishes the keys of `sign`. */
export async function startFrontDoor({
  frontDoorId = FRONT_DOOR_ID,
  ...options
}: Partial<GatewayOptions> & { frontDoorId?: string } = {}) {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const received: Received[] = []
  const headers: Record<string, string> = {}
  /** What the backend answers; nothing at all where it is silent. */
  const answer = { status: 200, headers, body: '', silent: false }
  const backend = createServer(async (request, response) => {
    const { method = '', url = '', headers, rawHeaders } = request
    if (url === '/config')
      return response.end(JSON.stringify({ issuer: 'the-issuer', jwks_uri: `${base}/keys` }))
    if (url === '/keys') return response.end(JSON.stringify({ keys: [jwk] }))
    const body = await buffer(request)
    received.push({ method, url, headers, body, names: rawHeaders.filter((_, at) => at % 2 === 0) })
    if (!answer.silent) response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>(resolve => backend.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`

  const sign = (claims: Record<string, unknown>, audience: string, expires = '1h') =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer('the-issuer')
      .setAudience(audience)
      .setExpirationTime(expires)
      .sign(privateKey)

  const gateway = await startGateway({
    port: 0,
    namedValues: {
      'page-origin': PAGE_ORIGIN,
      'public-url': `${base}/public`,
      'publish-url': `${base}/publish`,
      'rider-url': `${base}/rider`,
      'timekeeper-url': `${base}/timekeeper`,
      'admin-url': `${base}/admin`,
      'event-hubs-url': base,
      hub: 'telemetry',
      'seat-openid-config': `${base}/config`,
      'entra-openid-config': `${base}/config`,
      'api-audience': API_AUDIENCE,
      'gateway-client-id': GATEWAY_CLIENT_ID,
      'front-door-id': frontDoorId
    },
    identity: (resource, appid) => sign({ appid }, resource),
    ...options
  })
  return {
    url: gateway.url,
    reset: gateway.reset,
    received,
    answer,
    sign,
    /** A token of the seat `bib` of `race`. */
    seat: (race: string, bib: number, expires?: string) =>
      sign({ race, bib, competitor: `c-${bib}`, lane: 3, session: 77 }, SEAT_AUDIENCE, expires),
    /** As if the backend's machine were off. */
    closeBackend: async () => {
      backend.closeAllConnections()
      await new Promise(resolve => backend.close(resolve))
    },
    close: async () => {
      await gateway.close()
      backend.closeAllConnections()
      if (backend.listening) await new Promise(resolve => backend.close(resolve))
    }
  }
}
