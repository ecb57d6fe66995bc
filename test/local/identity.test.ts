import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManagedIdentityCredential } from '@azure/identity'
import { decodeJwt, importJWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Identity, startIdentity } from '../../infra/local/identity/server.ts'
import { keepSigningKey } from '../../infra/local/secretFile.ts'
import { clientIdOf } from '../../infra/local/stableId.ts'
import { createCheckToken } from '../../infra/local/tokens.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const RESOURCES = [
  'https://eventhubs.azure.net',
  'https://eventhubs.azure.net/',
  'https://webpubsub.azure.com',
  'https://storage.azure.com',
  'https://vault.azure.net',
  'https://localhost:8081'
]

describe('managed identities', () => {
  let dir = ''
  let identity: Identity
  const start = () => startIdentity({ dir, port: 0, tenantId: TENANT, apps: ['rider', 'publish'] })
  const ask = (path: string, header: string) =>
    fetch(`${identity.url}${path}`, { headers: { 'x-identity-header': header } })

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'identity-'))
    identity = await start()
    Object.assign(process.env, identity.settingsFor('rider'))
  })
  afterAll(async () => {
    delete process.env.IDENTITY_ENDPOINT
    delete process.env.IDENTITY_HEADER
    await identity.close()
    await rm(dir, { recursive: true })
  })

  it.each(RESOURCES)('give the app a day-long token for %s', async resource => {
    const before = Date.now()
    const answer = await new ManagedIdentityCredential().getToken(`${resource}/.default`)
    expect(answer.expiresOnTimestamp).toBeGreaterThan(before + 86_000_000)
    const claims = await createCheckToken(identity.jwksUrl)(answer.token, resource)
    expect(claims).toMatchObject({
      aud: resource,
      iss: `https://sts.windows.net/${TENANT}/`,
      tid: TENANT,
      app_displayname: 'rider',
      oid: claims.sub,
      appid: claims.sub
    })
    expect(claims.sub).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/)
  })

  it('answer each secret header with its own app and no other', async () => {
    const path = '/msi/token?api-version=2019-08-01&resource=https://vault.azure.net'
    const { IDENTITY_HEADER } = identity.settingsFor('publish')
    const { access_token } = (await (await ask(path, IDENTITY_HEADER)).json()) as {
      access_token: string
    }
    expect(decodeJwt(access_token).app_displayname).toBe('publish')
    expect((await ask(path, 'a-guess')).status).toBe(401)
    expect((await fetch(`${identity.url}${path}`)).status).toBe(401)
    expect(() => identity.settingsFor('admin')).toThrow('admin')
  })

  it("serve an app that names its own identity's client id, and no other id", async () => {
    const scope = 'https://vault.azure.net/.default'
    const own = new ManagedIdentityCredential({ clientId: clientIdOf('rider') })
    const claims = decodeJwt((await own.getToken(scope)).token)
    expect(claims).toMatchObject({ app_displayname: 'rider', appid: clientIdOf('rider') })
    const { IDENTITY_HEADER } = identity.settingsFor('rider')
    const path = '/msi/token?api-version=2019-08-01&resource=https://vault.azure.net&client_id='
    expect((await ask(path + clientIdOf('publish'), IDENTITY_HEADER)).status).toBe(400)
    expect((await ask(path, IDENTITY_HEADER)).status).toBe(400)
  })

  it('give tokens for our own API of version 2.0, by the issuer of people', async () => {
    const api = { audience: '22222222-3333-4444-8555-666666666666', issuer: 'the-issuer' }
    const options = { dir, port: 0, tenantId: TENANT, apps: ['gateway'], api }
    const ours = await startIdentity(options)
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = ours.settingsFor('gateway')
    const asked = `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${api.audience}`
    const answer = await fetch(asked, { headers: { 'x-identity-header': IDENTITY_HEADER } })
    const { access_token } = (await answer.json()) as { access_token: string }
    const { publicJwk } = await keepSigningKey(join(dir, 'issuer.key'))
    const { payload } = await jwtVerify(access_token, await importJWK(publicJwk, 'RS256'), api)
    expect(payload).toMatchObject({ ver: '2.0', tid: TENANT, oid: clientIdOf('gateway') })
    expect(payload).not.toHaveProperty('roles')
    await ours.close()
  })

  it('refuse other versions, identities by other names and other paths', async () => {
    const { IDENTITY_HEADER } = identity.settingsFor('rider')
    const status = async (path: string) => (await ask(path, IDENTITY_HEADER)).status
    const resource = 'resource=https://vault.azure.net'
    expect(await status(`/msi/token?api-version=2017-09-01&${resource}`)).toBe(400)
    expect(await status('/msi/token?api-version=2019-08-01&resource=vault')).toBe(400)
    expect(await status(`/msi/token?api-version=2019-08-01&${resource}&object_id=x`)).toBe(501)
    expect(await status('/metadata/identity')).toBe(501)
  })

  it('keep headers, ids and key over a restart, readable by the owner alone', async () => {
    const header = identity.settingsFor('rider').IDENTITY_HEADER
    const keys = await (await fetch(identity.jwksUrl)).json()
    await identity.close()
    identity = await start()
    expect(identity.settingsFor('rider').IDENTITY_HEADER).toBe(header)
    expect(await (await fetch(identity.jwksUrl)).json()).toEqual(keys)
    expect((await stat(join(dir, 'identity.key'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(dir, 'identity.secret'))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(dir, 'identity.key'), 'utf8')).toContain('PRIVATE KEY')
  })
})
