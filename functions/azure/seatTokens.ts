import { createHash } from 'node:crypto'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import * as v from 'valibot'
import { CompetitorId, PASS_AUDIENCE, SEAT_AUDIENCE, SeatClaims } from '#contract'
import topology from '#topology'
import { Refused } from '../stages/problem.ts'
import { credential } from './credential.ts'
import { setting } from './settings.ts'

/** Key Vault's REST API and scope. */
const API_VERSION = '7.4'
const SCOPE = 'https://vault.azure.net/.default'
/** How long the key's public part is remembered, and how long a call may take. */
const KEY_FRESH_MS = 600_000
const TIMEOUT_MS = 5_000
/** What jose reports when the keys could not be read: no fault of the token's. */
const KEYS_UNREADABLE = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']

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

/** What a seat token says. Throws `Refused`: `session-closed` for one that has ended, else `unauthorized`. */
export async function verifySeat(token: string): Promise<SeatClaims> {
  const claims = await holding(token, SEAT_AUDIENCE)
  if (claims === 'ended') {
    throw new Refused('session-closed', 'The seat token has ended: take a seat.')
  }
  const seat = v.safeParse(SeatClaims, claims)
  if (seat.success) return seat.output
  throw new Refused('unauthorized', 'The seat token does not hold: take a seat.')
}

/** The competitor of a pass; undefined where it does not hold. */
export async function competitorOfPass(pass: string): Promise<string | undefined> {
  const claims = v.safeParse(v.object({ sub: CompetitorId }), await holding(pass, PASS_AUDIENCE))
  return claims.success ? claims.output.sub : undefined
}

/** The claims of a token, undefined of one that is none of ours. Rejects where that cannot be found out. */
async function holding(
  token: string,
  audience: string
): Promise<Record<string, unknown> | 'ended' | undefined> {
  try {
    return await verifyToken(token, [audience])
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'ended'
    if (error instanceof errors.JOSEError && !KEYS_UNREADABLE.includes(error.code)) return undefined
    throw error
  }
}
