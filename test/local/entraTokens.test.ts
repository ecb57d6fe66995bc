import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVerifyEntraToken } from '../../functions/azure/entraTokens.ts'
import { createGatewayCheck } from '../../functions/azure/gatewayCheck.ts'
import { createOfficialOf } from '../../functions/azure/officials.ts'
import { Refused } from '../../functions/stages/problem.ts'
import { listen, stop } from '../../infra/local/jsonServer.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const API = '22222222-3333-4444-8555-666666666666'
const OBJECT = '33333333-4444-4555-8666-777777777777'
const authority = (issuer: string, audience: string) =>
  createOfficialOf(createVerifyEntraToken(issuer, audience))

describe('authority by tokens of Entra ID', async () => {
  const ours = await generateKeyPair('RS256')
  const others = await generateKeyPair('RS256')
  const kid = 'one'
  let issuer = ''
  let judge: ReturnType<typeof createOfficialOf>
  let asked = 0
  const server = createServer(async (request, response) => {
    asked++
    const keys = [{ ...(await exportJWK(ours.publicKey)), kid, alg: 'RS256', use: 'sig' }]
    const jwks_uri = `${new URL(issuer).origin}/keys`
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : { issuer, jwks_uri }))
  })
  beforeAll(async () => {
    issuer = `http://127.0.0.1:${await listen(server, 0)}/${TENANT}/v2.0`
    judge = authority(issuer, API)
  })
  afterAll(() => stop(server))

  type Change = { claims?: object; key?: CryptoKey; expires?: number | null }
  const now = () => Math.floor(Date.now() / 1_000)
  /** A person's token with the role timekeeper, but for what is changed; `expires` in s from now. */
  const token = ({ claims, key = ours.privateKey, expires = 3_600 }: Change = {}) => {
    const standard = { iss: issuer, aud: API, tid: TENANT, oid: OBJECT, ver: '2.0' }
    const person = { scp: 'openid access_as_user', roles: ['timekeeper'] }
    const exp = expires === null ? {} : { exp: now() + expires }
    return new SignJWT({ ...standard, ...person, ...exp, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(key)
  }
  const refusalOf = async (given: string, role: 'timekeeper' | 'admin' = 'timekeeper') => {
    const error = await judge(given, role).catch((reason: unknown) => reason)
    if (error instanceof Refused) return error.problem
    throw error
  }
  const actor = { kind: 'person', tenant: TENANT, object: OBJECT }

  it('knows a person with role and scope, and an app with the role alone', async () => {
    expect(await judge(await token(), 'timekeeper')).toEqual(actor)
    const app = await token({ claims: { scp: undefined } })
    expect(await judge(app, 'timekeeper')).toEqual(actor)
  })

  it('forgives a clock 60 s behind and no more', async () => {
    expect(await judge(await token({ expires: -50 }), 'timekeeper')).toEqual(actor)
    expect(await refusalOf(await token({ expires: -70 }))).toMatchObject({ status: 401 })
  })

  it.each<[string, () => Promise<string>]>([
    ['of another key', () => token({ key: others.privateKey })],
    ['of another issuer', () => token({ claims: { iss: 'https://login.example/v2.0' } })],
    ['for another API', () => token({ claims: { aud: OBJECT } })],
    ['of another tenant', () => token({ claims: { tid: OBJECT } })],
    ['of version 1.0', () => token({ claims: { ver: '1.0' } })],
    ['without an object', () => token({ claims: { oid: undefined } })],
    ['without an end', () => token({ expires: null })],
    ['without a signature', async () => `${(await token()).split('.', 2).join('.')}.`],
    ['that is none', async () => 'abc']
  ])('refuses a token %s with 401', async (_what, given) => {
    expect(await refusalOf(await given())).toMatchObject({ status: 401 })
  })

  it.each<[string, object]>([
    ['another role', { roles: ['car'] }],
    ['no role', { roles: undefined }],
    ['no role as an app', { roles: undefined, scp: undefined }],
    ['the role admin, which does not imply timekeeper', { roles: ['admin'] }],
    ['another scope', { scp: 'openid access_as_user_too' }],
    ['an empty scope', { scp: '' }]
  ])('refuses who has %s with 403', async (_what, claims) => {
    expect(await refusalOf(await token({ claims }))).toMatchObject({ status: 403 })
  })

  it('does not take a timekeeper for an admin', async () => {
    expect(await refusalOf(await token(), 'admin')).toMatchObject({ status: 403 })
  })

  it("lets the gateway's own token through and nobody else's", async () => {
    const verify = createVerifyEntraToken(issuer, API)
    const gateway = { scp: undefined, roles: undefined }
    let verified = 0
    const check = createGatewayCheck(
      given => {
        verified++
        return verify(given)
      },
      () => OBJECT
    )
    const own = await token({ claims: gateway })
    for (let call = 0; call < 3; call++) await check(own)
    expect(verified).toBe(1)
    // What its clock's tolerance alone still holds is not remembered.
    const ended = await token({ claims: gateway, expires: -10 })
    for (let call = 0; call < 2; call++) await check(ended)
    expect(verified).toBe(3)
    const strangers = [
      '',
      await token({ claims: { ...gateway, oid: TENANT } }),
      await token({ claims: gateway, key: others.privateKey }),
      await token({ claims: gateway, expires: -70 })
    ]
    for (const stranger of strangers)
      await expect(check(stranger)).rejects.toMatchObject({ problem: { status: 403 } })
  })

  it('refuses who shows no token at the gateway check without asking the issuer', async () => {
    const check = createGatewayCheck(
      () => Promise.reject(new Error('asked')),
      () => OBJECT
    )
    await expect(check('')).rejects.toMatchObject({ problem: { status: 403 } })
    await expect(check('any')).rejects.toThrow('asked')
  })

  it('reads discovery and keys once', async () => {
    const fresh = authority(issuer, API)
    const before = asked
    for (let time = 0; time < 3; time++) await fresh(await token(), 'timekeeper')
    expect(asked - before).toBe(2)
  })

  it('asks to send again while the issuer is away, and holds when it is back', async () => {
    const away = createServer()
    const port = await listen(away, 0)
    await stop(away)
    const lost = authority(`http://127.0.0.1:${port}/${TENANT}/v2.0`, API)
    const error = await lost(await token(), 'timekeeper').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ problem: { status: 503 } })
    const back = createServer((_request, response) => {
      const origin = new URL(issuer).origin
      const own = { issuer: `http://127.0.0.1:${port}/${TENANT}/v2.0`, jwks_uri: `${origin}/keys` }
      response.end(JSON.stringify(own))
    })
    await listen(back, port)
    const claims = { iss: `http://127.0.0.1:${port}/${TENANT}/v2.0` }
    expect(await lost(await token({ claims }), 'timekeeper')).toEqual(actor)
    await stop(back)
  })
})
