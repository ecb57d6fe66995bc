import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FrontDoor, startFrontDoor } from '../frontDoor.ts'

describe('A gateway whose policies hold what it does not understand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'grandstand-gateway-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Starts with one change in one policy file; resolves to why it does not start. */
  async function refusal(file: string, from: string | RegExp, to: string): Promise<string> {
    cpSync(new URL('../../infra/gateway/', import.meta.url), folder, { recursive: true })
    const path = join(folder, 'policies', file)
    const text = readFileSync(path, 'utf8')
    expect(text).toMatch(from)
    writeFileSync(path, text.replace(from, to))
    return startFrontDoor({ folder: pathToFileURL(`${folder}/`) }).then(
      async door => {
        await door.close()
        return 'it started'
      },
      (error: Error) => error.message
    )
  }

  it.each([
    [
      'an element',
      'read.xml',
      '<set-backend-service',
      '<ip-filter action="allow" /><set-backend-service',
      'read.xml, <ip-filter>: this element is not known here'
    ],
    [
      'an element in a fragment',
      'fragments/stored.xml',
      /<set-status [^>]*202[^>]*\/>/,
      '<trace source="x" />',
      'fragments/stored.xml, <trace>: this element is not known here'
    ],
    [
      'an element in the wrong section',
      'read.xml',
      '<outbound>',
      '<outbound><rewrite-uri template="/" copy-unmatched-params="false" />',
      'read.xml, <outbound>: is not served with the content "rewrite-uri base"'
    ],
    [
      'an attribute',
      'read.xml',
      'calls="10000"',
      'calls="10000" increment-count="2"',
      'read.xml, <rate-limit-by-key>: the attribute increment-count is not known here'
    ],
    [
      'an identity that is not named',
      'fragments/to-event-hubs.xml',
      'client-id="{{gateway-client-id}}"',
      '',
      'fragments/to-event-hubs.xml, <authentication-managed-identity>: lacks the attribute client-id'
    ],
    [
      'an attribute with another value',
      'negotiate.xml',
      'require-signed-tokens="true"',
      'require-signed-tokens="false"',
      'negotiate.xml, <validate-jwt>: require-signed-tokens is served as true only'
    ],
    [
      'too few attributes',
      'read.xml',
      'renewal-period="10"',
      '',
      'read.xml, <rate-limit-by-key>: lacks the attribute renewal-period'
    ],
    [
      'an expression',
      'read.xml',
      '@((string)context.Variables[&quot;client&quot;])',
      '@(context.Request.Url.Host)',
      'read.xml, <rate-limit-by-key>: the expression @(context.Request.Url.Host) is not known here'
    ],
    [
      'a statement expression',
      'telemetry.xml',
      /<value>@\(.*?"lane".*<\/value>/,
      '<value>@{ return "0"; }</value>',
      'telemetry.xml, <value>: the expression @{ return "0"; } is not known here'
    ],
    [
      'a named value that is not given',
      'read.xml',
      '{{public-url}}',
      '{{nowhere}}',
      'read.xml: the named value nowhere is not given'
    ],
    [
      'XML that is not strict',
      'negotiate.xml',
      '&quot;Authorization&quot;',
      '"Authorization"',
      'negotiate.xml: not strict XML'
    ],
    [
      'a text where none belongs',
      'read.xml',
      '<base />',
      '<base />text',
      'read.xml, <inbound>: holds text'
    ],
    [
      'a deletion that has a value',
      'telemetry.xml',
      'name="race" exists-action="override"',
      'name="race" exists-action="delete"',
      'telemetry.xml, <set-header>: either deletes, or overrides with a <value>'
    ],
    [
      'a section too few',
      'read.xml',
      /<on-error>.*<\/on-error>/s,
      '',
      'read.xml, <policies>: is not served with the content "inbound backend outbound"'
    ]
  ])('does not start with %s and says where', async (_what, file, from, to, sentence) => {
    expect(await refusal(file, from, to)).toContain(`The gateway does not start: ${sentence}`)
  })
})

describe('The gateway', () => {
  let door: FrontDoor
  beforeAll(async () => {
    door = await startFrontDoor()
  })
  afterAll(() => door.close())

  it('answers an unknown address with a problem', async () => {
    const response = await fetch(`${door.url}/nothing`)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 404 })
  })

  it('answers a wrong method with the right ones', async () => {
    const response = await fetch(`${door.url}/races/r1/telemetry`, { method: 'PUT', body: 'x' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect(await response.json()).toMatchObject({ status: 405 })
  })

  it("passes the backend's refusals and bodies on as they are", async () => {
    Object.assign(door.answer, { status: 409, headers: { 'x-one': '1' }, body: '{"a" : 1}' })
    const response = await fetch(`${door.url}/races?state=open`)
    expect(response.status).toBe(409)
    expect(response.headers.get('x-one')).toBe('1')
    expect(await response.text()).toBe('{"a" : 1}')
    expect(door.received.at(-1)?.url).toBe('/public/races?state=open')
  })

  it('serves the next request after a caller went away halfway', async () => {
    await new Promise<void>(resolve => {
      const half = request(`${door.url}/races/r1/seats`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '100' }
      })
      half.on('error', () => resolve())
      half.write('{', () => half.destroy(new Error('gone')))
    })
    expect((await fetch(`${door.url}/races`)).status).toBe(409)
  })

  it('answers 500 without a word of its inside when a token cannot be checked', async () => {
    const lost = await startFrontDoor()
    const token = await lost.seat('r1', 1)
    await lost.closeBackend()
    const response = await fetch(`${lost.url}/races/r1/negotiate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` }
    })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/ECONN|127\.0\.0\.1|config/)
    await lost.close()
  })

  it('answers 502 while a backend is away', async () => {
    const lost = await startFrontDoor()
    await lost.closeBackend()
    const response = await fetch(`${lost.url}/races`)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ status: 502 })
    await lost.close()
  })

  it('answers 504 when a backend does not answer in time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'grandstand-gateway-'))
    cpSync(new URL('../../infra/gateway/', import.meta.url), folder, { recursive: true })
    const global = join(folder, 'policies', 'global.xml')
    writeFileSync(global, readFileSync(global, 'utf8').replace('timeout="10"', 'timeout="0.05"'))
    const slow = await startFrontDoor({ folder: pathToFileURL(`${folder}/`) })
    slow.answer.silent = true
    const response = await fetch(`${slow.url}/races`)
    expect(response.status).toBe(504)
    await slow.close()
    rmSync(folder, { recursive: true })
  })

  it('forgets its counters at reset', async () => {
    const counting = await startFrontDoor()
    const token = await counting.seat('r1', 1)
    const ask = async () => {
      const headers = { authorization: `Bearer ${token}` }
      return (await fetch(`${counting.url}/races/r1/negotiate`, { method: 'POST', headers })).status
    }
    for (let call = 0; call < 60; call++) await ask()
    expect(await ask()).toBe(429)
    await counting.reset()
    expect(await ask()).toBe(200)
    await counting.close()
  })
})
