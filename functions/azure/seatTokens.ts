import { createHash } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as v from 'valibot'
import topology from '#topology'
import { credential } from './credential.ts'
import { setting } from './settings.ts'

/** Key Vault's REST API and scope. */
const API_VERSION = '7.4'
const SCOPE = 'https://vault.azure.net/.default'
/** How long the key's public part is remembered, and how long a call may take. */
const KEY_FRESH_MS = 600_000
const TIMEOUT_MS = 5_000

const VaultKey = v.object({
  key: v.object({ kid: v.string(), kty: v.string(), n: v.string(), e: v.string() })
})
type VaultKey = v.InferOutput<typeof VaultKey>['key']

async function vault(path: string, init: RequestInit = {}): Promise<unknown> {
  const { token } = await credential.getToken(SCOPE)
  const url = new URL(`${path}?api-version=${API_VERSION}`, setting('KEY_VAULT_URI'))
  const answer = await fetch(url, {
    ...init,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  })
  if (!answer.ok) throw new Error(`Key Vault answered ${answer.status} to ${path}`)
  return answer.json()
}

let known: { key: Promise<VaultKey>; until: number } | undefined

/** The current signing key's public part; `kid` is its versioned address. */
export function signingKey(): Promise<VaultKey> {
  if (!known || known.until < Date.now()) {
    const key = vault(`/keys/${topology.keyVault.seatKey}`).then(
      answer => v.parse(VaultKey, answer).key
    )
    known = { key, until: Date.now() + KEY_FRESH_MS }
    key.catch(() => {
      known = undefined
    })
  }
  return known.key
}

/** Signs a token with the vault's key (RS256); the private part never leaves the vault. `expiresAt` in ms since 1970. */
export async function signToken(token: {
  claims: Record<string, unknown>
  subject: string
  audience: string
  expiresAt: number
}): Promise<string> {
  const { kid } = await signingKey()
  const now = Math.floor(Date.now() / 1_000)
  const signed = [
    { alg: 'RS256', typ: 'JWT', kid },
    {
      ...token.claims,
      iss: setting('SEAT_ISSUER'),
      sub: token.subject,
      aud: token.audience,
      iat: now,
      exp: Math.ceil(token.expiresAt / 1_000)
    }
  ]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const digest = createHash('sha256').update(signed).digest('base64url')
  const answer = await vault(`${new URL(kid).pathname}/sign`, {
    method: 'POST',
    body: JSON.stringify({ alg: 'RS256', value: digest })
  })
  return `${signed}.${v.parse(v.object({ value: v.string() }), answer).value}`
}

let keys: ReturnType<typeof createRemoteJWKSet> | undefined

/** The claims of a token signed by `signToken` for one of these audiences; rejects when it does not hold. */
export async function verifyToken(
  token: string,
  audiences: string[]
): Promise<Record<string, unknown>> {
  const issuer = setting('SEAT_ISSUER')
  keys ??= createRemoteJWKSet(new URL(`${issuer}/keys`))
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: audiences,
    algorithms: ['RS256']
  })
  return payload
}
