import { constants, createHash, privateEncrypt } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import {
  type Answer,
  answerJson,
  bearerOf,
  listen,
  notServed,
  Refusal,
  stop
} from '../jsonServer.ts'
import { isPermitted } from '../permissions.ts'
import { keepSigningKey, type SigningKey } from '../secretFile.ts'
import type { StandIn } from '../standIn.ts'
import type { CheckToken } from '../tokens.ts'

const AUDIENCE = 'https://vault.azure.net'
const API_VERSION = '7.4'
const READ = /^GET \/keys\/([\w-]+)(?:\/(\w+))?$/
const SIGN = /^POST \/keys\/([\w-]+)\/(\w+)\/sign$/
/** Length of a SHA-256 digest, in bytes. */
const DIGEST_BYTES = 32
/** RFC 8017, 9.2: what comes before a SHA-256 digest that is signed by PKCS #1 v1.5. */
const SHA256_PREFIX = Buffer.from('3031300d060960864801650304020105000420', 'hex')

const SignRequest = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ alg: v.literal('RS256'), value: v.pipe(v.string(), v.regex(/^[\w-]+=*$/)) })
)

type KeyVaultOptions = {
  /** Keeps one private key a file. */
  dir: string
  port: number
  /** Names of the RSA keys. */
  keys: string[]
  checkToken: CheckToken
}

/** Key Vault's keys: an app that the topology permits reads the public half or has a digest signed. */
export async function startKeyVault(options: KeyVaultOptions): Promise<StandIn> {
  const keys = new Map<string, SigningKey & { version: string }>()
  for (const name of options.keys) {
    const key = await keepSigningKey(join(options.dir, `key-vault-${name}.key`))
    // Key Vault's versions are 32 hexadecimal digits.
    const version = createHash('sha256').update(key.kid).digest('hex').slice(0, 32)
    keys.set(name, { ...key, version })
  }

  async function authorize(request: IncomingMessage, right: 'read' | 'sign') {
    const claims = await options.checkToken(bearerOf(request), AUDIENCE).catch(error => {
      throw new Refusal(401, 'Unauthorized', `AKV10000: ${error}`)
    })
    if (isPermitted(claims, 'keyVault', right)) return
    throw new Refusal(403, 'Forbidden', `${claims.app_displayname} may not ${right} keys`)
  }

  async function handle(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const call = `${request.method} ${pathname}`
    const reading = READ.exec(call)
    const route = reading ?? SIGN.exec(call)
    if (!route) throw notServed(call)
    const [, name = '', version] = route
    await authorize(request, reading ? 'read' : 'sign')
    if (searchParams.get('api-version') !== API_VERSION)
      throw new Refusal(400, 'BadParameter', `api-version must be ${API_VERSION}`)
    const key = keys.get(name)
    if (!key || (version !== undefined && version !== key.version))
      throw new Refusal(404, 'KeyNotFound', `A key with (name/id) ${name} was not found`)
    const kid = `${url}/keys/${name}/${key.version}`
    if (!reading) return { status: 200, body: { kid, value: sign(key, await text(request)) } }
    const body = {
      key: { kid, ...key.publicJwk, key_ops: ['sign', 'verify'] },
      attributes: { enabled: true }
    }
    return { status: 200, body }
  }

  const server = createServer(
    answerJson(handle, ({ status, code, message }) => ({
      body: { error: { code, message } },
      ...(status === 401 && { headers: { 'www-authenticate': `Bearer resource="${AUDIENCE}"` } })
    }))
  )
  const url = `http://127.0.0.1:${await listen(server, options.port)}`
  // Keys are its configuration and it has no other state, so there is nothing to reset.
  return { url, reset: async () => {}, close: () => stop(server) }
}

function sign(key: SigningKey, body: string): string {
  const request = v.safeParse(SignRequest, body)
  const digest = Buffer.from(request.success ? request.output.value : '', 'base64url')
  if (digest.length !== DIGEST_BYTES)
    throw new Refusal(400, 'BadParameter', 'Wanted: alg RS256 and as value a SHA-256 digest')
  const padding = constants.RSA_PKCS1_PADDING
  const signed = privateEncrypt(
    { key: key.privateKey, padding },
    Buffer.concat([SHA256_PREFIX, digest])
  )
  return signed.toString('base64url')
}
