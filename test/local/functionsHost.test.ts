import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startFunctionsHost } from '../../infra/local/functionsHost/server.ts'
import { parseSchedule } from '../../infra/local/functionsHost/triggers/timer.ts'
import type { StandIn } from '../../infra/local/standIn.ts'
import { bundleApp } from './fixtures/bundleApp.ts'

const HOST_JSON = { extensions: { http: { routePrefix: '' } } }
vi.setConfig({ testTimeout: 20_000 })
const wait = { timeout: 10_000, interval: 20 }

let appDir: string
let dir: string
let host: StandIn

beforeAll(async () => {
  appDir = await bundleApp('hostApp.ts', HOST_JSON)
  dir = mkdtempSync(join(tmpdir(), 'grandstand-host-'))
  host = await startFunctionsHost({ appDir, dir, port: 0 })
})
afterAll(async () => {
  await host.close()
  for (const path of [appDir, dir]) rmSync(path, { recursive: true })
})

const post = (path: string, body?: unknown) =>
  fetch(host.url + path, { method: 'POST', body: JSON.stringify(body ?? null) })

/** Makes a call of the durable client inside the app. */
async function client(call: string, ...args: unknown[]): Promise<unknown> {
  const answer = (await (await post(`/client/${call}`, args)).json()) as {
    result?: unknown
    error?: string
  }
  if (answer.error) throw new Error(answer.error)
  return answer.result
}

type Status = { runtimeStatus: string; output: unknown; customStatus: unknown }
const status = (id: string) => client('getStatus', id) as Promise<Status>

function ended(id: string): Promise<Status> {
  return vi.waitFor(async () => {
    const found = await status(id)
    expect(['Completed', 'Failed', 'Terminated']).toContain(found.runtimeStatus)
    return found
  }, wait)
}

describe('HTTP triggers', () => {
  it('hand over parameters, query, headers and body, and answer in full', async () => {
    const response = await fetch(`${host.url}/things/a%20b/parts/7?q=x`, {
      method: 'POST',
      headers: { 'x-sent': 'yes' },
      body: '{"deep":[1]}'
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-saw')).toBe('yes')
    expect(await response.json()).toEqual({
      params: { thing: 'a b', part: '7' },
      query: 'x',
      body: { deep: [1] }
    })
  })

  it('prefer a literal route, and carry bytes unchanged', async () => {
    expect((await post('/things/known/parts/1', {})).status).toBe(200)
    const bytes = await fetch(`${host.url}/bytes`, {
      method: 'POST',
      body: new Uint8Array([0, 255, 7])
    })
    expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([7, 255, 0])
  })

  it('refuse unknown paths, wrong methods and parameters that do not fit', async () => {
    expect((await fetch(`${host.url}/nothing`)).status).toBe(404)
    expect((await post('/things/a/parts/seven', {})).status).toBe(404)
    expect((await fetch(`${host.url}/things/a/parts/7`)).status).toBe(405)
    expect((await post('/things/%E0%A4%A/parts/7', {})).status).toBe(400)
  })

  it('answer 500 without details when the handler throws, and 204 when it returns nothing', async () => {
    const thrown = await fetch(`${host.url}/throws`)
    expect([thrown.status, await thrown.text()]).toEqual([500, ''])
    expect((await fetch(`${host.url}/silent`)).status).toBe(204)
  })

  it('run the hooks of the app', async () => {
    expect(await (await fetch(`${host.url}/seen`)).json()).toContain('before silent')
  })
})

describe('timer triggers', () => {
  it('run on their schedule', async () => {
    const ticks = () => fetch(`${host.url}/ticks`).then(response => response.json())
    await vi.waitFor(async () => expect(await ticks()).toBeGreaterThan(1), wait)
  })

  it('read steps, stars and numbers, and refuse the rest', () => {
    const at = (text: string) => Date.parse(`2026-${text}Z`)
    const everyFive = parseSchedule('*/5 * * * * *')
    expect([everyFive(at('02-28T00:00:55')), everyFive(at('02-28T00:00:56'))]).toEqual([
      true,
      false
    ])
    const once = parseSchedule('0 30 4 1 */2 0')
    expect([once(at('03-01T04:30:00')), once(at('04-01T04:30:00'))]).toEqual([true, false])
    for (const schedule of [
      '* * * * *',
      '1-5 * * * * *',
      '00:00:05',
      '60 * * * * *',
      '*/0 * * * * *'
    ])
      expect(() => parseSchedule(schedule)).toThrow('not served')
  })
})

describe('orchestrations', () => {
  it('call activities and entities, wait for timers and events, and cancel what lost', async () => {
    const id = await client('startNew', 'everything', { instanceId: 'all-1', input: 'in' })
    expect(id).toBe('all-1')
    await vi.waitFor(
      async () => expect((await status('all-1')).customStatus).toEqual({ step: 'waiting' }),
      wait
    )
    await expect(client('startNew', 'everything', { instanceId: 'all-1' })).rejects.toThrow('409')
    await client('raiseEvent', 'all-1', 'answer', { value: 42 })
    expect(await ended('all-1')).toMatchObject({
      runtimeStatus: 'Completed',
      output: ['in', 42, 'hello you', 7, 'the operation failed', [2, 4, 7], { value: 42 }, 8]
    })
  })

  it('keep an event that comes before anyone waits for it', async () => {
    await client('startNew', 'everything', { instanceId: 'early', input: '' })
    await client('raiseEvent', 'early', 'answer', 'soon')
    expect((await ended('early')).output).toContain('soon')
  })

  it('retry activities, and give up after the last attempt', async () => {
    await client('startNew', 'retrying', {
      instanceId: 'retry-1',
      input: { failures: 2, attempts: 3 }
    })
    expect(await ended('retry-1')).toMatchObject({ output: ['at last', 16] })
    await client('startNew', 'retrying', {
      instanceId: 'retry-2',
      input: { failures: 9, attempts: 2 }
    })
    const failed = await ended('retry-2')
    expect(failed.runtimeStatus).toBe('Failed')
    expect(failed.output).toContain("Activity function 'flaky' failed: failure 2")
  })

  it('continue as new with the events still waiting', async () => {
    await client('startNew', 'rounds', { instanceId: 'rounds-1', input: 1 })
    for (const value of [1, 10, 100]) await client('raiseEvent', 'rounds-1', 'add', value)
    expect((await ended('rounds-1')).output).toEqual({ round: 3 })
    const state = await client('readEntityState', { entity: 'of-rounds-1' })
    expect(state).toMatchObject({ entityState: { total: 111 } })
  })

  it('fail with the error of their code', async () => {
    await client('startNew', 'throwing', { instanceId: 'thrown' })
    const failed = await ended('thrown')
    expect(failed).toMatchObject({ runtimeStatus: 'Failed', output: 'on purpose' })
    await client('startNew', 'everything', { instanceId: 'thrown', input: 'again' })
    expect((await status('thrown')).runtimeStatus).not.toBe('Failed')
    await client('terminate', 'thrown', 'enough')
    expect(await ended('thrown')).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' })
    await client('raiseEvent', 'thrown', 'answer', 1)
    expect((await status('thrown')).runtimeStatus).toBe('Terminated')
  })

  it('are found by their state', async () => {
    const found = (await client('getStatusBy', { runtimeStatus: ['Failed'] })) as {
      instanceId: string
    }[]
    expect(found.map(({ instanceId }) => instanceId)).toEqual(['retry-2'])
    await expect(client('getStatus', 'nobody')).rejects.toThrow('404')
    await expect(client('raiseEvent', 'nobody', 'x', 1)).rejects.toThrow('nobody')
  })

  it('refuse what is not served, by name', async () => {
    await client('startNew', 'refused', { instanceId: 'refused-1' })
    const failed = await ended('refused-1')
    expect(failed.output).toContain('callSubOrchestrator is not served')
    await expect(client('startNew', 'missing')).rejects.toThrow('missing')
    await expect(client('purgeInstanceHistory', 'all-1')).rejects.toThrow('not served')
    await expect(client('getStatus', 'all-1', { showHistory: true })).rejects.toThrow()
  })
})

describe('entities', () => {
  const read = (entity: string) =>
    client('readEntityState', { entity }) as Promise<{
      entityExists: boolean
      entityState: { total: number; filler?: string }
    }>

  it('apply every signal once, many at a time', async () => {
    await Promise.all(
      Array.from({ length: 4 }, () => post('/burst/busy/100').then(r => expect(r.status).toBe(202)))
    )
    await vi.waitFor(async () => expect((await read('busy')).entityState.total).toBe(400), wait)
  })

  it('signal each other, hold large states and can be destroyed', async () => {
    await client('signalEntity', { entity: 'big' }, 'add', 3)
    await client('signalEntity', { entity: 'big' }, 'fill', 60_000)
    await client('signalEntity', { entity: 'big' }, 'forward', 'other')
    await vi.waitFor(
      async () => expect((await read('other')).entityState).toEqual({ total: 3 }),
      wait
    )
    expect((await read('big')).entityState.filler).toHaveLength(60_000)
    await client('signalEntity', { entity: 'other' }, 'destroy')
    await vi.waitFor(async () => expect((await read('other')).entityExists).toBe(false), wait)
  })
})

describe('the host', () => {
  it('refuses to load bindings that it does not serve', async () => {
    const bundle = (code: string) => {
      const refused = mkdtempSync(join(tmpdir(), 'grandstand-app-'))
      writeFileSync(join(refused, 'host.json'), '{}')
      writeFileSync(join(refused, 'package.json'), '{"main":"index.cjs"}')
      const require = `require(${JSON.stringify(join(process.cwd(), 'node_modules/@azure/functions'))})`
      writeFileSync(join(refused, 'index.cjs'), `const { app, output } = ${require}\n${code}`)
      return startFunctionsHost({ appDir: refused, dir, port: 0 }).finally(() =>
        rmSync(refused, { recursive: true })
      )
    }
    await expect(
      bundle(`app.storageQueue('q', { queueName: 'q', connection: 'C', handler() {} })`)
    ).rejects.toThrow('queueTrigger is not served by the local Functions host (function q)')
  })

  it('forgets everything when reset', async () => {
    await host.reset()
    expect(await client('getStatusAll')).toEqual([])
    expect(await client('readEntityState', { entity: 'busy' })).toMatchObject({
      entityExists: false
    })
  })
})
