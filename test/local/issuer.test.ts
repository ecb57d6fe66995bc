import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Issuer, startIssuer } from '../../infra/local/issuer/server.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const API = '22222222-3333-4444-8555-666666666666'
const CAR = {
  clientId: '33333333-4444-4555-8666-777777777777',
  secret: 'sixteen-laps',
  role: 'car'
}

describe('the issuer', () => {
  let dir = ''
  let issuer: Issuer
  const start = () =>
    startIssuer({ dir, port: 0, tenantId: TENANT, apiAudience: API, clients: [CAR] })
  const ask = (changes: Record<string, string> = {}) =>
    fetch(issuer.tokenEndpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: CAR.clientId,
        client_secret: CAR.secret,
        scope: `api://${API}/.default`,
        ...changes
      })
    })
  const tokenOf = async (answer: Response) =>
    ((await answer.json()) as { access_token: string }).access_token
  const errorOf = async (answer: Response) => [
    answer.status,
    ((await answer.json()) as { error: string }).error
  ]

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'issuer-'))
    issuer = await start()
  })
  afterAll(async () => {
    await issuer.close()
    await rm(dir, { recursive: true })
  })

  it('gives a car a token that verifies by discovery as one of Entra ID', async () => {
    expect(issuer.issuer).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${TENANT}/v2\\.0$`))
    expect(issuer.openidConfiguration).toBe(`${issuer.issuer}/.well-known/openid-configuration`)
    const discovery = (await (await fetch(issuer.openidConfiguration)).json()) as {
      issuer: string
      token_endpoint: string
      jwks_uri: string
    }
    expect(discovery.issuer).toBe(issuer.issuer)
    expect(discovery.token_endpoint).toBe(issuer.tokenEndpoint)
    expect(new URL(issuer.tokenEndpoint).pathname).toBe(`/${TENANT}/oauth2/v2.0/token`)
    const answer = await ask()
    expect(answer.status).toBe(200)
    const { payload, protectedHeader } = await jwtVerify(
      await tokenOf(answer),
      createRemoteJWKSet(new URL(discovery.jwks_uri)),
      { issuer: discovery.issuer, audience: API, algorithms: ['RS256'] }
    )
    expect(protectedHeader.typ).toBe('JWT')
    expect(payload).toMatchObject({
      ver: '2.0',
      tid: TENANT,
      oid: payload.sub,
      azp: CAR.clientId,
      aud: API,
      roles: ['car']
    })
    expect(payload).not.toHaveProperty('scp')
    expect(payload).not.toHaveProperty('scope')
    expect(Number(payload.exp) - Number(payload.iat)).toBe(3_600)
  })

  it('accepts the scope by application id too', async () => {
    expect((await ask({ scope: `${API}/.default` })).status).toBe(200)
  })

  it('refuses wrong secrets, unknown clients, other scopes and other grants', async () => {
    expect(await errorOf(await ask({ client_secret: 'wrong' }))).toEqual([401, 'invalid_client'])
    expect(await errorOf(await ask({ client_id: 'nobody' }))).toEqual([401, 'invalid_client'])
    expect(await errorOf(await ask({ scope: 'api://other/.default' }))).toEqual([
      400,
      'invalid_scope'
    ])
    expect(await errorOf(await ask({ scope: '' }))).toEqual([400, 'invalid_scope'])
    expect(await errorOf(await ask({ resource: 'api://other' }))).toEqual([400, 'invalid_target'])
    expect(await errorOf(await ask({ grant_type: 'password' }))).toEqual([
      400,
      'unsupported_grant_type'
    ])
    expect((await fetch(`${issuer.url}/${TENANT}/oauth2/v2.0/logout`)).status).toBe(404)
  })

  it('keeps its key over a restart', async () => {
    const token = await tokenOf(await ask())
    await issuer.close()
    issuer = await start()
    const keys = createRemoteJWKSet(new URL(`${issuer.url}/${TENANT}/discovery/v2.0/keys`))
    await expect(jwtVerify(token, keys)).resolves.toBeDefined()
  })
})
