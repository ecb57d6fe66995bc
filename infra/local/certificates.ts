import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { type CertificateExtension, generate } from 'selfsigned'
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

/** The certificates by which devices come. */
export type DeviceCertificates = {
  /** Of an authority of their own, which the IoT Hub knows: no device may pose as one of the servers. */
  ca: string
  /** By device id, which is each one's common name. */
  devices: Record<string, Tls>
}

/** The certificates of these devices, kept in `dir`: made the first time, and all again when one is missing or nears its end. */
export async function ensureDeviceCertificates(
  dir: string,
  deviceIds: string[]
): Promise<DeviceCertificates> {
  const file = join(dir, 'devices.json')
  const text = await readIfThere(file)
  const kept: DeviceCertificates | undefined = text && JSON.parse(text)
  const isGood = ({ ca, devices }: DeviceCertificates) =>
    deviceIds.every(id => devices[id] && isUsable(devices[id].key, devices[id].cert, ca))
  if (kept && isGood(kept)) return kept
  const made = await makeDeviceCertificates(deviceIds)
  await writeSecret(file, JSON.stringify(made))
  return made
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

async function make(): Promise<{ ca: string; tls: Tls }> {
  const { ca, sign } = await makeAuthority('Grandstand local authority')
  // Without extensions of its own it gets DNS:localhost and IP:127.0.0.1, for servers.
  return { ca, tls: await sign('localhost') }
}

/** A new authority, and by it a certificate for each device. */
export async function makeDeviceCertificates(deviceIds: string[]): Promise<DeviceCertificates> {
  const { ca, sign } = await makeAuthority('Grandstand local devices')
  const devices: Record<string, Tls> = {}
  for (const id of deviceIds)
    devices[id] = await sign(id, [{ name: 'extKeyUsage', clientAuth: true }])
  return { ca, devices }
}

/** The authority's key is dropped with `sign`: whoever trusts it then trusts what it has signed and nothing else. */
async function makeAuthority(title: string) {
  const common = {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + LIFE_DAYS * DAY_MS)
  } as const
  // A name of its own: who trusts several authorities of one name may check by the wrong one.
  const name = `${title} ${randomUUID()}`
  const authority = await generate([{ name: 'commonName', value: name }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true }
    ]
  })
  return {
    ca: authority.cert,
    async sign(commonName: string, extensions?: CertificateExtension[]): Promise<Tls> {
      const leaf = await generate([{ name: 'commonName', value: commonName }], {
        ...common,
        ...(extensions ? { extensions } : {}),
        ca: { key: authority.private, cert: authority.cert }
      })
      return { key: leaf.private, cert: leaf.cert }
    }
  }
}
