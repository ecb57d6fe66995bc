import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { CarBody } from '#contract'
import { createAppToken } from '../../simulators/appToken.ts'
import { replayCar } from '../../simulators/car.ts'
import { RECORDINGS, readRecording } from '../../simulators/recording.ts'
import { startGateway, type Verdict } from './gateway.ts'

const opened: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})
const open = async (judge: (count: number) => Verdict) => {
  const gateway = await startGateway((_, count) => judge(count))
  opened.push(gateway.close)
  return gateway
}
const readings = await readRecording(new URL('evaluation-a.csv', RECORDINGS))

describe('a recorded car', () => {
  it('replays its run in order over a failing gateway, as the contract says', async () => {
    const gateway = await open(count => (count % 4 === 2 ? { status: 503 } : { status: 201 }))
    const account = await replayCar({
      gateway: gateway.url,
      deviceId: 'car-1',
      boot: 9,
      readings,
      speed: 100,
      now: Date.now,
      token: async () => 'a-token'
    })
    expect(account).toEqual({ acknowledged: 737, refused: {}, unanswered: 0 })
    const bodies = gateway.arrivals
      .filter((_, index) => (index + 1) % 4 !== 2)
      .map(({ body }) => v.parse(CarBody, JSON.parse(body)))
    expect(bodies.flatMap(body => body.readings)).toEqual(readings)
    for (const { boot } of bodies) expect(boot).toBe(9)
    for (const { path, token } of gateway.arrivals) {
      expect([path, token]).toEqual(['/cars/car-1/telemetry', 'a-token'])
    }
  })

  it('waits for a token as for a gateway', async () => {
    const gateway = await open(() => ({ status: 201 }))
    let asked = 0
    const token = async () => {
      if (++asked === 1) throw new Error('the issuer is away')
      return 'a-token'
    }
    const account = await replayCar({
      gateway: gateway.url,
      deviceId: 'car-1',
      boot: 1,
      readings: readings.slice(0, 20),
      now: Date.now,
      speed: 100,
      token
    })
    expect(account.acknowledged).toBe(20)
  })

  it('stops at the signal with the rest unanswered', async () => {
    const gateway = await open(() => 'hang')
    const account = await replayCar({
      gateway: gateway.url,
      deviceId: 'car-1',
      boot: 1,
      readings,
      speed: 100,
      now: Date.now,
      token: async () => 'a-token',
      signal: AbortSignal.timeout(100)
    })
    expect(account.acknowledged).toBe(0)
    expect(account.unanswered).toBeGreaterThan(0)
  })
})

describe('an app’s token', () => {
  const registration = { apiAudience: 'api://grandstand', clientId: 'cars', secret: 'a+secret' }

  it('is asked for by client credentials and kept until shortly before it expires', async () => {
    const issuer = await open(count => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { access_token: `token-${count}`, expires_in: 3_600, token_type: 'Bearer' }
    }))
    let now = 0
    const token = createAppToken({ ...registration, tokenEndpoint: issuer.url }, () => now)
    expect(await token()).toBe('token-1')
    now = 3_539_000
    expect(await token()).toBe('token-1')
    now = 3_540_000
    expect(await token()).toBe('token-2')
    expect(Object.fromEntries(new URLSearchParams(issuer.arrivals[0]!.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'cars',
      client_secret: 'a+secret',
      scope: 'api://grandstand/.default'
    })
  })

  it('is a rejection where it is refused', async () => {
    const issuer = await open(() => ({ status: 401, body: { error: 'invalid_client' } }))
    const token = createAppToken({ ...registration, tokenEndpoint: issuer.url }, Date.now)
    await expect(token()).rejects.toThrow('invalid_client')
  })
})
