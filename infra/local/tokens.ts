import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'

/** Checks a bearer token's signature, audience and times; rejects with jose's error where it does not hold. */
export type CheckToken = (token: string, audience: string | string[]) => Promise<JWTPayload>

/** Tokens signed by the key set at `jwksUrl`: the identity endpoint's for managed identities. */
export function createCheckToken(jwksUrl: string): CheckToken {
  const keys = createRemoteJWKSet(new URL(jwksUrl))
  return async (token, audience) => {
    const { payload } = await jwtVerify(token, keys, { audience, clockTolerance: 60 })
    return payload
  }
}
