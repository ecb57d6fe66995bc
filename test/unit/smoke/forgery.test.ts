import { createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { forged, unsigned } from '../../smoke/forgery.ts'

test('forgeries say what the token says, and do not hold by the issuer’s keys', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const token = await new SignJWT({ race: 'r-1', exp: 1_000_000_000 })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .sign(privateKey)
  const keys = createLocalJWKSet({
    keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }]
  })
  const other = await forged(token)
  expect(decodeJwt(other)).toMatchObject({ race: 'r-1' })
  expect(decodeJwt(other).exp).toBeGreaterThan(Date.now() / 1_000)
  await expect(jwtVerify(other, keys)).rejects.toThrow('signature verification failed')
  expect(unsigned(token).split('.')).toEqual([expect.any(String), token.split('.')[1], ''])
  await expect(jwtVerify(unsigned(token), keys)).rejects.toThrow()
})
