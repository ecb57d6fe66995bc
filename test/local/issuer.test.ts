import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Issuer, startIssuer } from '../../infra/local/issuer/server.ts'
import {
  askToken,
  authorizeUrl,
  createVisitor,
  enter,
  locationOf,
  type SignInPlace,
  signInPerson
} from './personSignIn.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const API = '22222222-3333-4444-8555-666666666666'
const CAR = {
  clientId: '33333333-4444-4555-8666-777777777777',
  secret: 'sixteen-laps',
  role: 'car'
}
const SCOPE = `${API}/access_as_user`
const PAGES = {
  clientId: '44444444-5555-4666-8777-888888888888',
  redirectUris: ['http://127.0.0.1:4000/officials/', 'http://127.0.0.1:4000/redirect/']
}
const OFFICIALS = {
  userName: 'both@test',
  name: 'B. Both',
  password: 'one',
  roles: ['timekeeper', 'admin']
}
const VISITOR = { userName: 'none@test', name: 'N. None', password: 'two', roles: [] }

describe('the issuer', () => {
  let dir = ''
  let issuer: Issuer
  const start = () =>
    startIssuer({
      dir,
      port: 0,
      tenantId: TENANT,
      apiAudience: API,
      scope: 'access_as_user',
      clients: [CAR],
      pages: PAGES,
      people: [OFFICIALS, VISITOR]
    })
  const place = (): SignInPlace => {
    return {
      authority: `${issuer.url}/${TENANT}`,
      clientId: PAGES.clientId,
      redirectUri: PAGES.redirectUris[0] ?? '',
      scope: SCOPE
    }
  }
  /** What a sign-in with these changes is answered with: the error that the pages or the person get. */
  const refusalOf = async (changes: Record<string, string>) => {
    const answer = await createVisitor()(authorizeUrl(place(), changes).url)
    if (answer.status !== 303)
      return [answer.status, /<p role="alert">(\w+)/.exec(await answer.text())?.[1]]
    const back = new URL(locationOf(answer))
    const said = new URLSearchParams(back.search || back.hash.slice(1))
    return [back.pathname, said.get('error')]
  }
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
  })

  it('signs a person in by code and PKCE, with a token as Entra ID gives it to the pages', async () => {
    const { access_token, id_token } = await signInPerson(place(), OFFICIALS)
    const keys = createRemoteJWKSet(new URL(`${issuer.url}/${TENANT}/discovery/v2.0/keys`))
    const expected = { issuer: issuer.issuer, audience: API, algorithms: ['RS256'] }
    const { payload, protectedHeader } = await jwtVerify(access_token, keys, expected)
    expect(protectedHeader.typ).toBe('JWT')
    expect(payload).toMatchObject({
      ver: '2.0',
      tid: TENANT,
      azp: PAGES.clientId,
      azpacr: '0',
      scp: 'access_as_user',
      roles: ['timekeeper', 'admin'],
      name: 'B. Both',
      preferred_username: 'both@test'
    })
    expect(payload.oid).toMatch(/^[\da-f-]{36}$/)
    expect(payload.sub).not.toBe(payload.oid)
    expect(decodeJwt(id_token)).toMatchObject({
      aud: PAGES.clientId,
      tid: TENANT,
      oid: payload.oid,
      name: 'B. Both',
      preferred_username: 'both@test'
    })
  })

  it('gives a person without a role a token without the claim', async () => {
    const { access_token } = await signInPerson(place(), VISITOR)
    expect(decodeJwt(access_token)).not.toHaveProperty('roles')
  })

  it('refuses a wrong password and an unknown person with the form again', async () => {
    for (const account of [
      { ...OFFICIALS, password: 'two' },
      { userName: 'nobody@test', password: 'one' },
      { userName: '"><script>', password: '' }
    ]) {
      const answer = await enter(createVisitor(), authorizeUrl(place()).url, account)
      const form = await answer.text()
      expect(answer.status).toBe(401)
      expect(form).toContain('User name or password is wrong.')
      expect(form).not.toContain('"><script>')
    }
  })

  it('refuses unknown pages, foreign return addresses and scopes, and whoever comes without PKCE', async () => {
    expect(await refusalOf({ client_id: 'nobody' })).toEqual([400, 'invalid_client'])
    const foreign = 'http://127.0.0.1:4000/elsewhere/'
    expect(await refusalOf({ redirect_uri: foreign })).toEqual([400, 'invalid_redirect_uri'])
    expect(await refusalOf({ code_challenge: '', code_challenge_method: '' })).toEqual([
      '/officials/',
      'invalid_request'
    ])
    for (const scope of ['openid', 'openid api://other/access_as_user', `openid ${API}/.default`])
      expect(await refusalOf({ scope })).toEqual(['/officials/', 'invalid_scope'])
    expect(await refusalOf({ response_type: 'token' })).toEqual([
      '/officials/',
      'unsupported_response_type'
    ])
  })

  it('takes a code once, from the pages that asked, with the secret of PKCE', async () => {
    const code = async () => {
      const { url, verifier } = authorizeUrl(place())
      const back = new URL(locationOf(await enter(createVisitor(), url, OFFICIALS)))
      return {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: place().redirectUri,
        code_verifier: verifier
      }
    }
    const wrong = { ...(await code()), code_verifier: 'x'.repeat(43) }
    expect(await errorOf(await askToken(place(), wrong))).toEqual([400, 'invalid_grant'])
    const right = await code()
    const given = await askToken(place(), right)
    expect(given.status).toBe(200)
    expect(given.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:4000')
    expect(await errorOf(await askToken(place(), right))).toEqual([400, 'invalid_grant'])
    const stranger = { ...place(), redirectUri: 'http://127.0.0.1:4001/officials/' }
    expect((await askToken(stranger, await code())).status).toBe(400)
  })

  it('renews with a refresh token, and in a hidden frame for as long as one is signed in', async () => {
    const visit = createVisitor()
    const first = await signInPerson(place(), OFFICIALS, visit)
    const renewed = await askToken(place(), {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token
    })
    const { access_token } = (await renewed.json()) as typeof first
    expect(decodeJwt(access_token)).toMatchObject({
      scp: 'access_as_user',
      oid: decodeJwt(first.access_token).oid
    })

    const silent = () =>
      visit(
        authorizeUrl(place(), { prompt: 'none', redirect_uri: PAGES.redirectUris[1] ?? '' }).url
      )
    expect(new URL(locationOf(await silent())).searchParams.has('code')).toBe(true)

    const out = new URLSearchParams({
      post_logout_redirect_uri: place().redirectUri,
      id_token_hint: first.id_token
    })
    const form = await (await visit(`${place().authority}/oauth2/v2.0/logout?${out}`)).text()
    const field = (name: string) => new RegExp(`${name}="([^"]+)"`).exec(form)?.[1] ?? ''
    const done = await visit(field('action'), {
      xsrf: /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '',
      logout: 'yes'
    })
    expect(locationOf(done)).toBe(place().redirectUri)
    const back = new URL(locationOf(await silent()))
    expect(back.searchParams.get('error')).toBe('login_required')
    expect(back.pathname).toBe('/redirect/')
  })

  it('keeps its key over a restart', async () => {
    const token = await tokenOf(await ask())
    await issuer.close()
    issuer = await start()
    const keys = createRemoteJWKSet(new URL(`${issuer.url}/${TENANT}/discovery/v2.0/keys`))
    await expect(jwtVerify(token, keys)).resolves.toBeDefined()
  })
})
