import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import * as v from 'valibot'
import { Refused } from '../stages/problem.ts'
import { setting } from './settings.ts'

/** How far clocks may differ, in s, and how long the issuer may take, in ms. */
const CLOCK_SKEW_S = 60
const TIMEOUT_MS = 5_000
/** What jose reports when the issuer's keys could not be read: no fault of the caller's. */
const KEYS_UNREADABLE = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']

const Discovery = v.object({ issuer: v.string(), jwks_uri: v.pipe(v.string(), v.url()) })
const Claims = v.object({
  tid: v.string(),
  oid: v.string(),
  ver: v.literal('2.0'),
  /** When it ends, in s since 1970. */
  exp: v.number(),
  /** Scopes by blanks; an app that acts for itself has none. */
  scp: v.optional(v.string()),
  roles: v.optional(v.array(v.string()), [])
})

/** What a token says that holds. Throws `Refused`: 401 for one that does not, 503 where that cannot be found out. */
export type VerifyEntraToken = (token: string) => Promise<v.InferOutput<typeof Claims>>

/** Verifies tokens of one issuer, `https://…/{tenant}/v2.0`, by the keys it publishes, for one audience. */
export function createVerifyEntraToken(issuer: string, audience: string): VerifyEntraToken {
  const tenant = new URL(issuer).pathname.split('/')[1]
  const options = {
    issuer,
    audience,
    algorithms: ['RS256'],
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_SKEW_S
  }
  let keys: ReturnType<typeof readKeys> | undefined

  const payloadOf = async (token: string) => {
    keys ??= readKeys(issuer)
    try {
      return (await jwtVerify(token, await keys, options)).payload
    } catch (error) {
      if (error instanceof errors.JOSEError && !KEYS_UNREADABLE.includes(error.code)) {
        throw doesNotHold(error.message)
      }
      keys = undefined
      throw new Refused('unavailable', 'Tokens cannot be checked at the moment: send it again.')
    }
  }

  return async token => {
    const claims = v.safeParse(Claims, await payloadOf(token))
    if (!claims.success) throw doesNotHold(claims.issues[0].message)
    if (claims.output.tid !== tenant) throw doesNotHold('it is of another tenant')
    return claims.output
  }
}

async function readKeys(issuer: string) {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(TIMEOUT_MS)
  })
  const discovery = v.parse(Discovery, await answer.json())
  if (discovery.issuer !== issuer) throw new Error(`${issuer} says it is ${discovery.issuer}`)
  return createRemoteJWKSet(new URL(discovery.jwks_uri), { timeoutDuration: TIMEOUT_MS })
}

const doesNotHold = (why: string) =>
  new Refused(
    'unauthorized',
    `Sign in again or ask for a new token; this one does not hold: ${why}.`
  )

let verify: VerifyEntraToken | undefined

/** Verifies tokens of the tenant for this deployment's API. */
export const verifyEntraToken: VerifyEntraToken = token => {
  verify ??= createVerifyEntraToken(setting('ENTRA_ISSUER'), setting('API_AUDIENCE'))
  return verify(token)
}
