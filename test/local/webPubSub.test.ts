import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity'
import { WebPubSubServiceClient } from '@azure/web-pubsub'
import { WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client'
import { SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { ensureCertificates } from '../../infra/local/certificates.ts'
import { type Identity, startIdentity } from '../../infra/local/identity/server.ts'
import { createCheckToken } from '../../infra/local/tokens.ts'
import { startWebPubSub, type WebPubSub } from '../../infra/local/webPubSub/server.ts'

const HUB = 'grandstand'
const GROUP = 'race-one'
const SUBPROTOCOL = 'json.webpubsub.azure.v1'
const KEY = 'a-key-for-this-test-alone-of-at-least-256-bits'
const liveEndpoint = process.env.AZURE_LIVE === '1' ? process.env.WEB_PUBSUB_ENDPOINT : undefined
/** The free tier of the service takes 20 connections. */
const SOCKETS = liveEndpoint ? 10 : 200
const localOnly = it.skipIf(liveEndpoint)
const DEADLINE = { timeout: 10_000 }

let dir = ''
let identity: Identity | undefined
let local: WebPubSub
let service: WebPubSubServiceClient
const clients: WebPubSubClient[] = []
const sockets: WebSocket[] = []

beforeAll(async () => {
  if (liveEndpoint) {
    console.info(`Against ${liveEndpoint}: skips what needs the laptop's key, ports or limits.`)
    service = new WebPubSubServiceClient(liveEndpoint, new DefaultAzureCredential(), HUB)
    return
  }
  dir = await mkdtemp(join(tmpdir(), 'web-pubsub-'))
  const certificates = await ensureCertificates(dir)
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificates.ca])
  identity = await startIdentity({ dir, port: 0, tenantId: 't', apps: ['publish', 'rider'] })
  Object.assign(process.env, identity.settingsFor('publish'))
  local = await startWebPubSub({
    ports: { rest: 0, client: 0 },
    tls: certificates.tls,
    hub: HUB,
    accessKey: KEY,
    checkToken: createCheckToken(identity.jwksUrl)
  })
  service = new WebPubSubServiceClient(local.endpoint, new ManagedIdentityCredential(), HUB)
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.stop()
  for (const socket of sockets.splice(0)) socket.terminate()
})
afterAll(async () => {
  if (liveEndpoint) return
  delete process.env.IDENTITY_ENDPOINT
  delete process.env.IDENTITY_HEADER
  await local.close()
  await identity?.close()
  await rm(dir, { recursive: true })
})

/** A started official client and what it received. */
async function startClient(grants: { userId?: string; roles?: string[]; groups?: string[] }) {
  const client = new WebPubSubClient(
    { getClientAccessUrl: async () => (await service.getClientAccessToken(grants)).url },
    { protocol: WebPubSubJsonProtocol(), messageRetryOptions: { maxRetries: 1 } }
  )
  const received: unknown[] = []
  client.on('group-message', ({ message }) => received.push(message.data))
  const connected = new Promise<{ userId: string }>(resolve => client.on('connected', resolve))
  clients.push(client)
  await client.start()
  const { userId } = await connected
  return { client, received, userId }
}

/** A plain socket once open and the frames it received, or the status that it was refused with. */
function knock(url: string, subprotocols: string[] = [SUBPROTOCOL]) {
  const socket = new WebSocket(url, subprotocols)
  sockets.push(socket)
  const frames: Record<string, unknown>[] = []
  socket.on('message', data => frames.push(JSON.parse(data.toString())))
  return new Promise<{ socket: WebSocket; frames: typeof frames } | number>((resolve, reject) => {
    socket.on('open', () => resolve({ socket, frames }))
    socket.on('error', reject)
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode ?? 0))
  })
}

async function open(url: string) {
  const answer = await knock(url)
  if (typeof answer === 'number') throw new Error(`refused with ${answer}`)
  return answer
}

const clientUrl = (token: string, hub = HUB) =>
  `${local.clientEndpoint}/client/hubs/${hub}?access_token=${token}`

describe('Web PubSub', { timeout: 15_000 }, () => {
  it('brings what an app sends to a group to the clients whose token names the group', async () => {
    const { received, userId } = await startClient({ userId: 'screen-1', groups: [GROUP] })
    const other = await startClient({ groups: ['race-two'] })
    expect(userId).toBe('screen-1')
    await service.group(GROUP).sendToAll({ type: 'delta', version: 2 })
    await service.group(GROUP).sendToAll('gun', { contentType: 'text/plain' })
    await vi.waitFor(
      () => expect(received).toEqual([{ type: 'delta', version: 2 }, 'gun']),
      DEADLINE
    )
    expect(other.received).toEqual([])
  })

  it('lets clients join, send and leave by their roles', async () => {
    const roles = [`webpubsub.joinLeaveGroup.${GROUP}`, `webpubsub.sendToGroup.${GROUP}`]
    const staff = await startClient({ userId: 'staff', roles })
    const screen = await startClient({ groups: [GROUP] })
    await staff.client.joinGroup(GROUP)
    await staff.client.sendToGroup(GROUP, { flag: 'yellow' }, 'json', { noEcho: true })
    await staff.client.sendToGroup(GROUP, 'all', 'text')
    await vi.waitFor(() => expect(screen.received).toEqual([{ flag: 'yellow' }, 'all']), DEADLINE)
    await vi.waitFor(() => expect(staff.received).toEqual(['all']), DEADLINE)
    await staff.client.leaveGroup(GROUP)
    await service.group(GROUP).sendToAll('later', { contentType: 'text/plain' })
    await vi.waitFor(() => expect(screen.received).toHaveLength(3), DEADLINE)
    expect(staff.received).toEqual(['all'])
  })

  it('forbids joining, leaving and sending without the role', async () => {
    const { client } = await startClient({ roles: ['webpubsub.joinLeaveGroup.race-two'] })
    const forbidden = { errorDetail: { name: 'Forbidden' } }
    await Promise.all([
      expect(client.joinGroup(GROUP)).rejects.toMatchObject(forbidden),
      expect(client.leaveGroup(GROUP)).rejects.toMatchObject(forbidden),
      expect(client.sendToGroup('race-two', 'x', 'text')).rejects.toMatchObject(forbidden)
    ])
  })

  it(`brings one send to ${SOCKETS} sockets, once each`, async () => {
    const { url, token } = await service.getClientAccessToken({ groups: [GROUP] })
    const urls = [url, liveEndpoint ? url : clientUrl(token)]
    const screens = await Promise.all(
      Array.from({ length: SOCKETS }, (_, i) => open(urls[i % 2] ?? url))
    )
    await service.group(GROUP).sendToAll({ version: 7 })
    // A second copy would come before the answer to a ping.
    for (const { socket } of screens) socket.send('{"type":"ping"}')
    const message = { type: 'message', from: 'group', group: GROUP, dataType: 'json' }
    for (const { frames } of screens)
      await vi.waitFor(() => {
        expect(frames).toHaveLength(3)
        expect(frames).toContainEqual({ type: 'pong' })
        expect(frames).toContainEqual(expect.objectContaining({ ...message, data: { version: 7 } }))
      }, DEADLINE)
  })

  localOnly('closes a client that does not read, while the others get everything', async () => {
    const { token } = await service.getClientAccessToken({ groups: [GROUP] })
    const reader = await open(clientUrl(token))
    const sleeper = await open(clientUrl(token))
    const closed = once(sleeper.socket, 'close')
    sleeper.socket.pause()
    const snapshot = 'x'.repeat(1_000_000)
    for (let i = 0; i < 16; i++) await service.group(GROUP).sendToAll({ snapshot })
    await vi.waitFor(() => expect(reader.frames).toHaveLength(17), DEADLINE)
    sleeper.socket.resume()
    await closed
    expect(sleeper.frames.length).toBeLessThan(17)
  })

  localOnly('works by connection string, whose tokens the client side makes itself', async () => {
    const byKey = new WebPubSubServiceClient(local.connectionString, HUB)
    const { token } = await byKey.getClientAccessToken({ groups: [GROUP], userId: 'u' })
    const { frames } = await open(clientUrl(token))
    await byKey.group(GROUP).sendToAll({ n: 1 })
    await vi.waitFor(() => expect(frames).toHaveLength(2), DEADLINE)
    expect(frames).toMatchObject([
      { event: 'connected', userId: 'u' },
      { group: GROUP, data: { n: 1 } }
    ])
    const wrongKey = local.connectionString.replace(KEY, KEY.toUpperCase())
    const foreign = new WebPubSubServiceClient(wrongKey, HUB)
    await expect(foreign.group(GROUP).sendToAll({})).rejects.toMatchObject({ statusCode: 401 })
  })

  localOnly('refuses expired, foreign and missing tokens at the handshake', async () => {
    const sign = (expires: string, audience: string, key = KEY) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience(`${local.endpoint}${audience}`)
        .setExpirationTime(expires)
        .sign(new TextEncoder().encode(key))
    const audience = `/client/hubs/${HUB}`
    const status = (token: string) => knock(clientUrl(token))
    expect(await status(await sign('1 minute', audience))).toHaveProperty('socket')
    expect(await status(await sign('1 minute ago', audience))).toBe(401)
    expect(await status(await sign('1 minute', audience, KEY.toUpperCase()))).toBe(401)
    expect(await status(await sign('1 minute', '/client/hubs/other'))).toBe(401)
    expect(await status('')).toBe(401)
  })

  localOnly('refuses a second hub and other subprotocols', async () => {
    const second = new WebPubSubServiceClient(local.connectionString, 'second')
    await expect(second.group(GROUP).sendToAll({})).rejects.toMatchObject({ statusCode: 404 })
    const { token } = await second.getClientAccessToken()
    expect(await knock(clientUrl(token, 'second'))).toBe(404)
    const { url } = await service.getClientAccessToken()
    expect(await knock(url, ['json.reliable.webpubsub.azure.v1'])).toBe(400)
    expect(await knock(url, [])).toBe(400)
  })

  localOnly('refuses identities without the right, and tokens for other services', async () => {
    const { IDENTITY_ENDPOINT = '', IDENTITY_HEADER = '' } = identity?.settingsFor('rider') ?? {}
    const send = async (resource: string) => {
      const answer = await fetch(
        `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${resource}`,
        { headers: { 'x-identity-header': IDENTITY_HEADER } }
      )
      const { access_token } = (await answer.json()) as { access_token: string }
      const url = `${local.endpoint}/api/hubs/${HUB}/groups/${GROUP}/:send`
      const headers = {
        authorization: `Bearer ${access_token}`,
        'content-type': 'application/json'
      }
      return (await fetch(url, { method: 'POST', headers, body: '{}' })).status
    }
    expect(await send('https://webpubsub.azure.com')).toBe(403)
    expect(await send('https://vault.azure.net')).toBe(401)
  })

  localOnly('says so when a call is not served', async () => {
    const notServed = { statusCode: 501 }
    await expect(service.sendToAll({})).rejects.toMatchObject(notServed)
    await expect(service.closeAllConnections()).rejects.toMatchObject(notServed)
    await expect(service.groupExists(GROUP)).rejects.toMatchObject(notServed)
    const filter = { filter: "userId eq 'x'" }
    await expect(service.group(GROUP).sendToAll({}, filter)).rejects.toMatchObject(notServed)
    const tooLarge = 'x'.repeat(1_048_577)
    await expect(service.group(GROUP).sendToAll(tooLarge)).rejects.toMatchObject({
      statusCode: 413
    })
  })

  localOnly('ends a connection whose frame is not served, saying why', async () => {
    const { url } = await service.getClientAccessToken()
    const { socket, frames } = await open(url)
    socket.send(JSON.stringify({ type: 'event', event: 'lap', dataType: 'text', data: '' }))
    const [code] = await once(socket, 'close')
    expect(code).toBe(1008)
    expect(frames.at(-1)).toMatchObject({ type: 'system', event: 'disconnected' })
  })

  localOnly('drops connections on reset, and clients come back to their groups', async () => {
    const { client, received } = await startClient({ groups: [GROUP] })
    const back = new Promise<void>(resolve => client.on('connected', () => resolve()))
    await local.reset()
    await back
    await service.group(GROUP).sendToAll('again', { contentType: 'text/plain' })
    await vi.waitFor(() => expect(received).toEqual(['again']), DEADLINE)
  })
})
