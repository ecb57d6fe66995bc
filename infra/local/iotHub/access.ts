import { createHmac, timingSafeEqual } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { Connection } from 'aedes'
import type { Device } from './registry.ts'

/** What a device shows when it connects. */
export type Credentials = {
  username: string | undefined
  password: string | undefined
  connection: Connection
}

/**
 * Until when, in ms since 1970, the device may stay connected; throws one sentence where it may not connect. The user
 * name and the token may name the hub by any of its names.
 */
export function checkDevice(
  device: Device,
  hostNames: string[],
  { username, password, connection }: Credentials,
  now: number
): number {
  if (device.disabled) throw new Error('the device is disabled')
  const [user, query] = (username ?? '').split('?', 2)
  const hostName = hostNames.find(name => user === `${name}/${device.deviceId}/`)
  if (!hostName || !new URLSearchParams(query).has('api-version'))
    throw new Error('the user name is not {hub}/{device}/?api-version=…')
  if (device.key !== undefined) {
    const path = `${hostName}/devices/${device.deviceId}`
    return checkSignature(password ?? '', path, device.key, now)
  }
  if (password) throw new Error('it is registered to come by certificate, not by token')
  return checkCertificate(connection, device.deviceId)
}

function checkSignature(token: string, path: string, key: string, now: number): number {
  const text = /^SharedAccessSignature (.+)$/.exec(token)?.[1]
  if (!text) throw new Error('it brings no shared access signature')
  const fields = new URLSearchParams(text)
  const expiry = fields.get('se') ?? ''
  // What was signed is the resource as it was encoded; unlike Event Hubs' the key is base64.
  const resource = /(?:^|&)sr=([^&]*)/.exec(text)?.[1] ?? ''
  const secret = Buffer.from(key, 'base64')
  const expected = createHmac('sha256', secret).update(`${resource}\n${expiry}`).digest()
  const signature = Buffer.from(fields.get('sig') ?? '', 'base64')
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    throw new Error('the signature does not hold')
  if (fields.get('skn')) throw new Error('tokens of shared access policies are not taken')
  if (fields.get('sr') !== path) throw new Error(`the token is not for ${path}`)
  const until = Number(expiry) * 1_000
  if (!(until > now)) throw new Error('the token has expired')
  return until
}

function checkCertificate(connection: Connection, deviceId: string): number {
  if (!(connection instanceof TLSSocket) || !connection.authorized)
    throw new Error('it shows no certificate of an authority that the hub knows')
  const { subject, valid_to } = connection.getPeerCertificate()
  if (subject.CN !== deviceId) throw new Error(`its certificate is that of ${subject.CN}`)
  return new Date(valid_to).getTime()
}
