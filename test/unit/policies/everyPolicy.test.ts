import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ProblemKind } from '#contract'
import { openPolicyDoor, type PolicyDoor } from './policyDoor.ts'

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
      'deviceId',
      'iothub-connection-device-id'
    ]
    const headers = Object.fromEntries(names.map(name => [name, 'forged']))
    await door.send({ path: '/races', method: 'GET', headers: { ...headers, other: 'kept' } })
    expect(door.received[0]?.headers).toMatchObject({ other: 'kept' })
    for (const name of names) expect(door.received[0]?.headers).not.toHaveProperty([name])
    await door.send(door.car({ headers }))
    await door.send(door.rider({ headers }))
    expect(JSON.stringify(door.received)).not.toContain('forged')
  })

  it('counts by keys of its own: one key has one counter in all policies', () => {
    const keys = [...policies().matchAll(/counter-key="[^"]+"/g)].map(String)
    expect(keys).toHaveLength(5)
    expect(new Set(keys).size).toBe(5)
  })

  it('refuses by the kinds of problem that the contract knows', () => {
    for (const [, kind] of policies().matchAll(/grandstand\.example\/problems\/([\w-]+)/g))
      expect(ProblemKind.options).toContain(kind)
  })
})
