import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Context, Step } from './context.ts'
import { PolicyError } from './errors.ts'
import { attribute, childOf, type Element, textsOf } from './policies.ts'
import type { Services } from './steps.ts'

/** Most verified tokens remembered until they expire. */
const VERIFIED_MAX = 20_000
/** A token by an unknown key makes the key set be read again, at most this often, in ms. */
const KEYS_COOLDOWN_MS = 1_000

const failed = (reason: string, message: string) =>
  new PolicyError('validate-jwt', reason, `${message}. Access denied.`)

async function readIssuer(configUrl: string) {
  const answer = await fetch(configUrl)
  if (!answer.ok) throw new Error(`${configUrl} answers ${answer.status}`)
  const config = (await answer.json()) as { issuer: string; jwks_uri: string }
  const keys = createRemoteJWKSet(new URL(config.jwks_uri), { cooldownDuration: KEYS_COOLDOWN_MS })
  return { issuer: config.issuer, keys }
}

/** `validate-jwt`: RS256 by the issuer's published keys, read when first needed as the issuer may start later. */
export function compileValidateJwt(element: Element, { now }: Services): Step {
  const config = childOf(element, 'openid-config')
  const audience = textsOf(element, 'audiences')
  const clockTolerance = Number(attribute(element, 'clock-skew'))
  const claims = childOf(element, 'required-claims')?.children ?? []
  const verified = new Map<string, JWTPayload>()
  let issuer: ReturnType<typeof readIssuer> | undefined

  const verify = async (token: string): Promise<JWTPayload> => {
    issuer ??= readIssuer(config ? attribute(config, 'url') : '')
    const { keys, ...known } = await issuer.catch(error => {
      issuer = undefined
      throw error
    })
    const options = {
      ...known,
      audience,
      clockTolerance,
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
      currentDate: new Date(now())
    }
    const { payload } = await jwtVerify(token, keys, options).catch(error => {
      // The code is generic where the key set could not be read: that is no fault of the caller's.
      if (!(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC') throw error
      const isExpired = error instanceof errors.JWTExpired
      throw failed(isExpired ? 'TokenExpired' : 'JwtInvalid', error.message)
    })
    if (verified.size >= VERIFIED_MAX) verified.clear()
    verified.set(token, payload)
    return payload
  }
  const accept = (context: Context, payload: JWTPayload): void => {
    for (const claim of claims) {
      const name = attribute(claim, 'name')
      const held = [payload[name] ?? []].flat()
      if (held.length === 0) throw failed('TokenClaimNotFound', `JWT misses the claim ${name}`)
      if (!claim.children.some(value => held.includes(value.text)))
        throw failed('TokenClaimValueNotAllowed', `Claim ${name} has no allowed value`)
    }
    context.variables.set(attribute(element, 'output-token-variable-name'), payload)
  }

  return context => {
    const token = /^bearer ([^ ]+)$/i.exec(String(context.fields.authorization ?? ''))?.[1]
    if (!token) throw failed('TokenNotPresent', 'JWT not present')
    const known = verified.get(token)
    if (known && ((known.exp ?? 0) + clockTolerance) * 1000 > now()) return accept(context, known)
    return verify(token).then(payload => accept(context, payload))
  }
}
