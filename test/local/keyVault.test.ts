import { createHash } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importJWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Identity, startIdentity } from '../../infra/local/identity/server.ts'
import { startKeyVault } from '../../infra/local/keyVault/server.ts'
import type { StandIn } from '../../infra/local/standIn.ts'
import { createCheckToken } from '../../infra/local/tokens.ts'

const NAME = 'seat-token'
type Key = { key: { kid: string; kty: string; n: string; e: string; key_ops: string[] } }

describe('the key vault', () => {
  let dir = ''
  let identity: Identity
  let vault: StandIn
  const start = () =>
    startKeyVault({ dir, port: 0, keys: [NAME], checkToken: createCheckToken(identity.jwksUrl) })

  async function tokenOf(app: string, resource = 'https://vault.azure.net'): Promise<string> {
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = identity.settingsFor(app)
    const url = `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${resource}`
    const answer = await fetch(url, { headers: { 'x-identity-header': IDENTITY_HEADER } })
    return ((await answer.json()) as { access_token: string }).access_token
  }
  const call = async (url: string, body?: unknown, token?: string) =>
    fetch(`${url}?api-version=7.4`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token ?? (await tokenOf('rider'))}` },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
  const readKey = async (path = `/keys/${NAME}`) =>
    (await (await call(`${vault.url}${path}`)).json()) as Key
  const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url')
  const codeOf = async (answer: Response) => [
    answer.status,
    ((await answer.json()) as { error: { code: string } }).error.code
  ]

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'key-vault-'))
    identity = await startIdentity({ dir, port: 0, tenantId: 't', apps: ['rider', 'publish'] })
    vault = await start()
  })
  afterAll(async () => {
    await vault.close()
    await identity.close()
    await rm(dir, { recursive: true })
  })

  it('signs a token that verifies with the published key', async () => {
    const { key } = await readKey()
    expect(key).toMatchObject({ kty: 'RSA', e: 'AQAB', key_ops: ['sign', 'verify'] })
    const parts = [{ alg: 'RS256', kid: key.kid }, { sub: 'bib-1' }]
    const unsigned = parts
      .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const answer = await call(`${key.kid}/sign`, { alg: 'RS256', value: digestOf(unsigned) })
    const signed = (await answer.json()) as { kid: string; value: string }
    expect(signed.kid).toBe(key.kid)
    const verifier = await importJWK({ kty: key.kty, n: key.n, e: key.e }, 'RS256')
    const { payload } = await jwtVerify(`${unsigned}.${signed.value}`, verifier)
    expect(payload.sub).toBe('bib-1')
  })

  it('keeps key and version over a restart, readable by the owner alone', async () => {
    const { key } = await readKey()
    await vault.close()
    vault = await start()
    const path = new URL(key.kid).pathname
    expect((await readKey(path)).key.n).toBe(key.n)
    expect((await stat(join(dir, `key-vault-${NAME}.key`))).mode & 0o777).toBe(0o600)
  })

  it('serves only apps that the topology lets read and sign', async () => {
    const url = `${vault.url}/keys/${NAME}`
    expect(await codeOf(await call(url, undefined, await tokenOf('publish')))).toEqual([
      403,
      'Forbidden'
    ])
    const foreign = await tokenOf('rider', 'https://storage.azure.com')
    const refused = await call(url, undefined, foreign)
    expect(refused.headers.get('www-authenticate')).toContain('vault.azure.net')
    expect(await codeOf(refused)).toEqual([401, 'Unauthorized'])
    expect(await codeOf(await call(url, undefined, ''))).toEqual([401, 'Unauthorized'])
  })

  it('refuses unknown keys and versions, other algorithms and other operations', async () => {
    const { key } = await readKey()
    const url = `${vault.url}/keys`
    expect(await codeOf(await call(`${url}/other`))).toEqual([404, 'KeyNotFound'])
    expect(await codeOf(await call(`${url}/${NAME}/0`))).toEqual([404, 'KeyNotFound'])
    const bad = [400, 'BadParameter']
    const value = digestOf('x')
    expect(await codeOf(await call(`${key.kid}/sign`, { alg: 'PS256', value }))).toEqual(bad)
    expect(await codeOf(await call(`${key.kid}/sign`, { alg: 'RS256', value: 'eA' }))).toEqual(bad)
    const notServed = [501, 'NotServed']
    expect(await codeOf(await call(`${key.kid}/decrypt`, {}))).toEqual(notServed)
    expect(await codeOf(await call(`${url}/${NAME}/sign`, {}))).toEqual(notServed)
    expect(await codeOf(await call(`${vault.url}/secrets/x`))).toEqual(notServed)
  })
})
