import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureCertificates, ensureDeviceCertificates } from '../../infra/local/certificates.ts'

const DAY_MS = 86_400_000

describe('local certificates', () => {
  let dir = ''
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'certificates-'))
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  afterAll(() => rm(dir, { recursive: true }))

  it('are trusted by who trusts the authority, by both names of the loopback', async () => {
    const { ca, tls: leaf } = await ensureCertificates(dir)
    const server = createServer(leaf).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    for (const host of ['localhost', '127.0.0.1']) {
      const socket = tls.connect({ host, port, ca })
      await once(socket, 'secureConnect')
      expect(socket.authorized).toBe(true)
      socket.destroy()
    }
    server.close()
  })

  it('stay the same, with a key for its owner alone, until they near their end', async () => {
    const first = await ensureCertificates(dir)
    expect(await ensureCertificates(dir)).toEqual(first)
    expect((await stat(join(dir, 'localhost.key'))).mode & 0o777).toBe(0o600)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 370 * DAY_MS })
    const renewed = await ensureCertificates(dir)
    expect(renewed.caFile).toBe(first.caFile)
    expect(renewed.ca).not.toBe(first.ca)
  })

  it('are made anew when a crash left files that do not belong together', async () => {
    const first = await ensureCertificates(dir)
    const foreign = await ensureCertificates(join(dir, 'foreign'))
    await writeFile(first.caFile, foreign.ca)
    const healed = await ensureCertificates(dir)
    expect(healed.ca).not.toBe(foreign.ca)
    expect(healed.tls).not.toEqual(first.tls)
  })
})

describe('devices’ certificates', () => {
  let dir = ''
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'device-certificates-'))
  })
  afterAll(() => rm(dir, { recursive: true }))

  it('name the device, are of an authority of their own, and do not serve as a server’s', async () => {
    const { ca, devices } = await ensureDeviceCertificates(dir, ['car-1'])
    const certificate = new X509Certificate(devices['car-1']?.cert ?? '')
    expect(certificate.subject).toBe('CN=car-1')
    expect(certificate.verify(new X509Certificate(ca).publicKey)).toBe(true)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect((await ensureCertificates(dir)).ca).not.toBe(ca)
  })

  it('stay the same for its owner alone, until a device is missing', async () => {
    const first = await ensureDeviceCertificates(dir, ['car-1'])
    expect(await ensureDeviceCertificates(dir, ['car-1'])).toEqual(first)
    expect((await stat(join(dir, 'devices.json'))).mode & 0o777).toBe(0o600)
    const more = await ensureDeviceCertificates(dir, ['car-1', 'car-2'])
    expect(Object.keys(more.devices)).toEqual(['car-1', 'car-2'])
    expect(more.ca).not.toBe(first.ca)
  })
})
