import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'

/** How far clocks may differ, in s, and how many tokens are remembered until they expire: verifying costs more than serving. */
const CLOCK_SKEW_S = 60
const HELD_TOKENS = 1_000

/** Checks a bearer token's signature, audience and times; rejects with jose's error where it does not hold. */
export type CheckToken = (token: string, audience: string | string[]) => Promise<JWTPayload>

/** Tokens signed by the key set at `jwksUrl`: the identity endpoint's for managed identities. */
export function createCheckToken(jwksUrl: string): CheckToken {
  const keys = createRemoteJWKSet(new URL(jwksUrl))
  const held = new Map<string, JWTPayload>()
  return async (token, audience) => {
    const known = held.get(`${token} ${audience}`)
    if (known?.exp && known.exp * 1_000 > Date.now()) return known
    const { payload } = await jwtVerify(token, keys, { audience, clockTolerance: CLOCK_SKEW_S })
    held.set(`${token} ${audience}`, payload)
    if (held.size > HELD_TOKENS) held.delete(held.keys().next().value ?? '')
    return payload
  }
}
