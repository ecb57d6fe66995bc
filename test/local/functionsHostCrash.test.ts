import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bundleApp } from './fixtures/bundleApp.ts'
import { type HostChild, startHostChild } from './fixtures/hostChild.ts'

vi.setConfig({ testTimeout: 20_000 })
const wait = { timeout: 10_000, interval: 20 }

let appDir: string
let dir: string
let host: HostChild

beforeAll(async () => {
  appDir = await bundleApp('hostApp.ts', { extensions: { http: { routePrefix: '' } } })
  dir = mkdtempSync(join(tmpdir(), 'grandstand-host-'))
  host = await startHostChild(appDir, dir)
})
afterAll(async () => {
  await host.kill()
  for (const path of [appDir, dir]) rmSync(path, { recursive: true })
})

const rpc = (path: string, method = 'GET', body?: string) =>
  fetch(`${host.url}/durabletask/${path}`, { method, ...(body && { body }) })
const totalOf = async (key: string) =>
  ((await (await rpc(`entities/Counter/${key}`)).json()) as { total: number }).total

describe('after kill -9', () => {
  it('an orchestration goes on from where it was and ends once', async () => {
    expect((await rpc('orchestrators/steps/long', 'POST', 'null')).status).toBe(202)
    for (const minimum of [1, 3]) {
      await vi.waitFor(
        async () => expect(await totalOf('of-long')).toBeGreaterThanOrEqual(minimum),
        wait
      )
      await host.kill()
      host = await startHostChild(appDir, dir)
    }
    const status = await vi.waitFor(async () => {
      const response = await rpc('instances/long')
      expect(response.status).toBe(200)
      return response.json()
    }, wait)
    expect(status).toMatchObject({
      runtimeStatus: 'Completed',
      output: [100, 100, 100, 100, 100, 5]
    })
  })

  it('every acknowledged signal is applied, and none twice', async () => {
    let acknowledged = 0
    let sent = 0
    for (let life = 0; life < 3; life++) {
      let stop = false
      const senders = Array.from({ length: 8 }, async () => {
        while (!stop) {
          sent++
          try {
            const response = await rpc('entities/Counter/sure?op=add', 'POST', '1')
            if (response.status === 202) acknowledged++
          } catch {
            return // the host is gone; whether this one was stored is unknown
          }
        }
      })
      const target = acknowledged + 100
      await vi.waitFor(() => expect(acknowledged).toBeGreaterThan(target), wait)
      await host.kill()
      stop = true
      await Promise.all(senders)
      host = await startHostChild(appDir, dir)
    }
    await rpc('entities/Counter/sure?op=add', 'POST', '0')
    await vi.waitFor(
      async () => expect(await totalOf('sure')).toBeGreaterThanOrEqual(acknowledged),
      wait
    )
    expect(await totalOf('sure')).toBeLessThanOrEqual(sent)
  })
})
