import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs'
import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EventHubs } from '../../infra/local/eventHubs/server.ts'
import {
  AUDIENCE,
  closeClients,
  closeHubs,
  count,
  credential,
  GROUP,
  HUB,
  hubSettings,
  kept,
  keyConsumer,
  keyProducer,
  live,
  post,
  receive,
  startHub
} from './eventHubsNamespace.ts'

if (live) console.info('Skipped against Azure: the tests of identities and their rights.')

const ONCE = { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } }
const RIGHTS: Record<string, string[]> = { gate: ['send'], reader: ['receive'], stranger: [] }
const lacking = (claim: string, who: string) => ({
  code: 'UnauthorizedError',
  message: expect.stringContaining(`'${claim}' claim is required: ${who}`)
})

describe.skipIf(live)('Rights at the local hub', () => {
  let hub: EventHubs
  let tokenOf: (who: string) => Promise<string>
  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    tokenOf = who =>
      new SignJWT({ app_displayname: who })
        .setProtectedHeader({ alg: 'RS256' })
        .setAudience(AUDIENCE)
        .setExpirationTime('1 hour')
        .sign(privateKey)
    hub = await startHub({
      ...hubSettings(),
      checkToken: async (token, audience) =>
        (await jwtVerify(token, publicKey, { audience })).payload,
      isAllowed: (claims, right) => RIGHTS[String(claims.app_displayname)]?.includes(right) === true
    })
  })
  afterEach(closeClients)
  afterAll(closeHubs)

  const by = (who: string) => credential(() => tokenOf(who))
  const producer = (who: string) => kept(new EventHubProducerClient(hub.url, HUB, by(who), ONCE))
  const send = (who: string) => producer(who).sendBatch([{ body: who }], { partitionId: '0' })
  const read = (who: string) => {
    const consumer = kept(new EventHubConsumerClient(GROUP, hub.url, HUB, by(who), ONCE))
    return receive(consumer, count(1), { partition: '0' })
  }
  const postBy = async (who: string) => {
    const authorization = `Bearer ${await tokenOf(who)}`
    const answer = await post(`${hub.restUrl}/${HUB}/messages`, '1', { authorization })
    return [answer.status, await answer.text()]
  }

  it('let a sender send, both ways, and not receive', async () => {
    await send('gate')
    expect(await postBy('gate')).toEqual([201, ''])
    await expect(read('gate')).rejects.toMatchObject(lacking('Listen', 'gate'))
  })

  it('let a receiver receive and not send, either way', async () => {
    await send('gate')
    expect(await read('reader')).not.toEqual([])
    await expect(send('reader')).rejects.toMatchObject(lacking('Send', 'reader'))
    const [status, text] = await postBy('reader')
    expect(status).toBe(401)
    expect(text).toContain("'Send' claim is required: reader")
  })

  it('let whoever has one of them describe the hub, and nobody else', async () => {
    for (const who of ['gate', 'reader'])
      expect((await producer(who).getEventHubProperties()).name).toBe(HUB)
    await expect(producer('stranger').getEventHubProperties()).rejects.toMatchObject(
      lacking('Listen', 'stranger')
    )
  })

  it('are all in the hand of who comes by connection string', async () => {
    await keyProducer(hub).sendBatch([{ body: 'by key' }], { partitionId: '1' })
    expect(await receive(keyConsumer(hub), count(1), { partition: '1' })).toHaveLength(1)
  })
})
