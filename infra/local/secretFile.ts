import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes
} from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { calculateJwkThumbprint } from 'jose'

/** What the file holds, or undefined where there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces the file as a whole, on disk when resolved, readable by its owner alone. */
export async function writeSecret(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}

/** The secret in the file, made by `make` the first time. */
export async function keepSecret(file: string, make: () => Promise<string>): Promise<string> {
  const kept = await readIfThere(file)
  if (kept !== undefined) return kept
  const made = await make()
  await writeSecret(file, made)
  return made
}

/** In a state folder: what all keys, ids and passwords of the local cloud are derived from. */
export const SECRET_FILE = 'identity.secret'

/** The secret of that name, derived from the one kept in `dir`: the same at every start. */
export async function openSecrets(dir: string): Promise<(name: string) => string> {
  const make = async () => randomBytes(32).toString('hex')
  const secret = await keepSecret(join(dir, SECRET_FILE), make)
  return name => createHmac('sha256', secret).update(name).digest('hex')
}

/** An RSA key of 2,048 bits; `kid` is the thumbprint of RFC 7638, so it is as lasting as the key. */
export type SigningKey = {
  kid: string
  privateKey: KeyObject
  publicJwk: { kty: 'RSA'; n: string; e: string }
}

/** The signing key in the file, made the first time. */
export async function keepSigningKey(file: string): Promise<SigningKey> {
  const pem = await keepSecret(file, async () => {
    const made = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
    return made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  })
  const privateKey = createPrivateKey(pem)
  const { n = '', e = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const publicJwk = { kty: 'RSA' as const, n, e }
  return { kid: await calculateJwkThumbprint(publicJwk), privateKey, publicJwk }
}
