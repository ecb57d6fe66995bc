import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { type Answer, answerJson, listen, notServed, Refusal, stop } from '../jsonServer.ts'
import { keepSigningKey, openSecrets } from '../secretFile.ts'
import { clientIdOf } from '../stableId.ts'
import type { StandIn } from '../standIn.ts'

/** What App Service calls the protocol, and the version that @azure/identity asks for. */
export const TOKEN_PATH = '/msi/token'
const API_VERSION = '2019-08-01'
const KEYS_PATH = '/keys'
/** Life of a token, in s: Azure gives managed identities a day. */
const TOKEN_LIFE_S = 86_400

type IdentityOptions = {
  /** Keeps the signing key and the secret that the apps' headers derive from. */
  dir: string
  port: number
  tenantId: string
  /** Names of the apps that have an identity. */
  apps: string[]
  /** Our own API, whose tokens are of version 2.0 and of the issuer of people's. */
  api?: { audience: string; issuer: string }
}

export type Identity = StandIn & {
  /** Keys that its tokens are signed by. */
  jwksUrl: string
  issuer: string
  /** The app's environment on App Service; rejects names that are not among the apps. */
  settingsFor(app: string): { IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string }
}

/** Managed identities as App Service serves them: who shows an app's secret header gets that app's tokens. */
export async function startIdentity(options: IdentityOptions): Promise<Identity> {
  const key = await keepSigningKey(join(options.dir, 'identity.key'))
  const { api } = options
  const apiKey = api && (await keepSigningKey(join(options.dir, 'issuer.key')))
  const headerOf = await openSecrets(options.dir)
  const appOf = new Map(options.apps.map(app => [headerOf(app), app]))
  const issuer = `https://sts.windows.net/${options.tenantId}/`

  async function issue(app: string, resource: string): Promise<Answer> {
    const id = clientIdOf(app)
    const issuedAt = Math.floor(Date.now() / 1_000)
    const expiresAt = issuedAt + TOKEN_LIFE_S
    const toApi = resource === api?.audience
    const signingKey = (toApi && apiKey) || key
    const version = toApi ? { ver: '2.0', azp: id } : { ver: '1.0', appid: id }
    const claims = { ...version, tid: options.tenantId, oid: id, app_displayname: app }
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: signingKey.kid })
      .setIssuer(toApi ? api.issuer : issuer)
      .setAudience(resource)
      .setSubject(id)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(signingKey.privateKey)
    const body = {
      access_token: token,
      expires_on: String(expiresAt),
      resource,
      token_type: 'Bearer',
      client_id: id
    }
    return { status: 200, body }
  }

  async function handle(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const call = `${request.method} ${pathname}`
    if (call === `GET ${KEYS_PATH}`)
      return {
        status: 200,
        body: { keys: [{ ...key.publicJwk, kid: key.kid, use: 'sig', alg: 'RS256' }] }
      }
    if (call !== `GET ${TOKEN_PATH}`) throw notServed(call)
    const app = appOf.get(String(request.headers['x-identity-header']))
    if (app === undefined)
      throw new Refusal(401, 'Unauthorized', 'X-IDENTITY-HEADER names no app of this machine')
    if (searchParams.get('api-version') !== API_VERSION)
      throw new Refusal(400, 'UnsupportedApiVersion', `api-version must be ${API_VERSION}`)
    for (const parameter of ['object_id', 'principal_id', 'mi_res_id'])
      if (searchParams.has(parameter)) throw notServed(`An identity by ${parameter}`)
    const clientId = searchParams.get('client_id') ?? clientIdOf(app)
    if (clientId !== clientIdOf(app))
      throw new Refusal(400, 'InvalidRequest', `The app has no identity ${clientId}`)
    const resource = searchParams.get('resource') ?? ''
    if (resource !== api?.audience && !URL.canParse(resource))
      throw new Refusal(400, 'InvalidResource', `The resource ${resource} is not an absolute URI`)
    return issue(app, resource)
  }

  const server = createServer(
    answerJson(handle, ({ status, code, message }) => ({
      body: { statusCode: status, error: code, message, error_description: message }
    }))
  )
  const url = `http://127.0.0.1:${await listen(server, options.port)}`
  return {
    url,
    jwksUrl: `${url}${KEYS_PATH}`,
    issuer,
    settingsFor(app) {
      if (!options.apps.includes(app)) throw new Error(`${app} is not an app of the topology`)
      return { IDENTITY_ENDPOINT: `${url}${TOKEN_PATH}`, IDENTITY_HEADER: headerOf(app) }
    },
    // Keys and headers are its configuration, which running apps hold; there is no other state.
    reset: async () => {},
    close: () => stop(server)
  }
}
