import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose'

/** The same token, valid for another hour by its own words, signed by a key that is not the issuer's. */
export async function forged(token: string): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  const { kid = '' } = decodeProtectedHeader(token)
  return new SignJWT({ ...decodeJwt(token), exp: Math.floor(Date.now() / 1_000) + 3_600 })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .sign(privateKey)
}

/** The same claims without any signature (`alg` none). */
export function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}
