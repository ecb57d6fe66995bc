import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { readIfThere, writeSecret } from './secretFile.ts'
import type { Tls } from './standIn.ts'

/** Life of authority and certificate, in days: what browsers still accept. */
const LIFE_DAYS = 397
/** Certificates with less life than this are made anew, in days. */
const RENEW_DAYS = 30
const DAY_MS = 86_400_000

/** The local authority's certificate, for clients to trust, and a certificate for this machine's loopback names. */
type Certificates = { caFile: string; ca: string; tls: Tls }

/** The certificates in `dir`, made the first time and again when they near their end. */
export async function ensureCertificates(dir: string): Promise<Certificates> {
  const files = ['localhost.key', 'localhost.pem', 'ca.pem'].map(name => join(dir, name))
  const [keyFile = '', certFile = '', caFile = ''] = files
  const [key, cert, ca] = await Promise.all(files.map(readIfThere))
  if (key && cert && ca && isUsable(key, cert, ca)) return { caFile, ca, tls: { key, cert } }
  const made = await make()
  await writeSecret(keyFile, made.tls.key)
  await writeSecret(certFile, made.tls.cert)
  await writeSecret(caFile, made.ca)
  return { caFile, ...made }
}

/** A crash between two of the files leaves a key, a certificate and an authority that do not belong together. */
function isUsable(key: string, cert: string, ca: string): boolean {
  const leaf = new X509Certificate(cert)
  return (
    leaf.checkPrivateKey(createPrivateKey(key)) &&
    leaf.verify(new X509Certificate(ca).publicKey) &&
    leaf.validToDate.getTime() - Date.now() > RENEW_DAYS * DAY_MS
  )
}

/** The authority's key is dropped at once: whoever trusts it then trusts this one certificate and no other. */
async function make(): Promise<{ ca: string; tls: Tls }> {
  const common = {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + LIFE_DAYS * DAY_MS)
  } as const
  // A name of its own: who trusts several authorities of one name may check by the wrong one.
  const name = `Grandstand local authority ${randomUUID()}`
  const authority = await generate([{ name: 'commonName', value: name }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true }
    ]
  })
  // Without extensions of its own it gets DNS:localhost and IP:127.0.0.1, for servers.
  const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert }
  })
  return { ca: authority.cert, tls: { key: leaf.private, cert: leaf.cert } }
}
