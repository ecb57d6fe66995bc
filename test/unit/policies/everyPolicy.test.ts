import { readdirSync, readFileSync } from 'node:fs'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProblemKind } from '#contract'
import { API_AUDIENCE, GATEWAY_CLIENT_ID } from '../../frontDoor.ts'
import { DESKS } from './desks.ts'
import { openPolicyDoor, type PolicyDoor, raceBody, type Send } from './policyDoor.ts'

/** The text of all policy files. */
const policies = () => {
  const folder = new URL('../../../infra/gateway/policies/', import.meta.url)
  return readdirSync(folder, { recursive: true })
    .filter(file => String(file).endsWith('.xml'))
    .map(file => readFileSync(new URL(String(file), folder), 'utf8'))
    .join('\n')
}

let door: PolicyDoor
beforeAll(async () => {
  door = await openPolicyDoor()
})
afterAll(() => door.close())
beforeEach(() => door.reset())

describe('Every policy', () => {
  it('drops identity that the caller wrote into headers', async () => {
    const names = [
      'race',
      'bib',
      'competitor',
      'lane',
      'session',
      'enqueuedAt',
      'deviceId',
      'iothub-connection-device-id'
    ]
    const headers = Object.fromEntries(names.map(name => [name, 'forged']))
    await door.send({ path: '/races', method: 'GET', headers: { ...headers, other: 'kept' } })
    expect(door.received[0]?.headers).toMatchObject({ other: 'kept' })
    for (const name of names)
      expect(door.received[0]?.headers).not.toHaveProperty([name.toLowerCase()])
    await door.send(door.car({ headers }))
    await door.send(door.rider({ headers }))
    expect(JSON.stringify(door.received)).not.toContain('forged')
  })

  it('counts by keys of its own: one key has one counter in all policies', () => {
    const keys = [...policies().matchAll(/counter-key="[^"]+"/g)].map(String)
    expect(keys).toHaveLength(11)
    expect(new Set(keys).size).toBe(11)
  })

  it('speaks to an app as the gateway, whatever the caller says, and to the hub without that', async () => {
    const headers = { 'x-gateway-token': 'forged' }
    const admin = await door.official(['admin'])
    const timekeeper = await door.official(['timekeeper'])
    const { token } = door
    const desks = DESKS.map(({ role, ...desk }) => ({
      ...desk,
      token: role === 'admin' ? admin : timekeeper
    }))
    const calls: Send[] = [
      { path: '/races', method: 'GET' },
      { path: '/races/r1/negotiate', token },
      { path: '/races/r1/seats', body: { nickname: 'Ada' } },
      { path: '/races/r1/seats/17', method: 'DELETE', token },
      { path: '/races/r1/seats/17/renewal', token },
      { path: '/races', body: raceBody, token: admin },
      { path: '/screens', body: { name: 'hall' }, token: admin },
      { path: '/fleet', method: 'GET', token: timekeeper },
      { path: '/me', method: 'GET', token: timekeeper },
      {
        path: '/races/r1/startlist',
        body: 'bib,name',
        headers: { 'content-type': 'text/csv' },
        token: admin
      },
      ...desks
    ]
    for (const call of calls) await door.send({ ...call, headers: { ...headers, ...call.headers } })
    expect(door.received).toHaveLength(calls.length)
    for (const { headers } of door.received) {
      const sentAs = decodeJwt(String(headers['x-gateway-token']))
      expect(sentAs).toMatchObject({ aud: API_AUDIENCE, appid: GATEWAY_CLIENT_ID })
    }
    door.received.length = 0
    for (const call of [door.rider({ headers }), door.car({ headers })]) await door.send(call)
    for (const { headers } of door.received) expect(headers).not.toHaveProperty('x-gateway-token')
    expect(door.received).toHaveLength(2)
  })

  it('refuses by the kinds of problem that the contract knows', () => {
    for (const [, kind] of policies().matchAll(/grandstand\.example\/problems\/([\w-]+)/g))
      expect(ProblemKind.options).toContain(kind)
  })
})
