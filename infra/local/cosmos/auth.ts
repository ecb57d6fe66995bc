import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { JWTPayload } from 'jose'
import type { CheckToken } from '../tokens.ts'
import { unauthorized } from './errors.ts'

/** How far the client's clock may be off, in ms. */
const DATE_TOLERANCE_MS = 15 * 60_000
/** The audience of clients that do not ask for the account's own. */
const PUBLIC_AUDIENCE = 'https://cosmos.azure.com'

/** Who calls, by the request and its decoded path: the claims of an Entra token, or undefined for the key's holder. Rejects with 401. */
export type Authenticate = (
  request: IncomingMessage,
  segments: string[]
) => Promise<JWTPayload | undefined>

/** `key` is base64; the account's own audience is `endpoint` with or without the slash. */
export function createAuthenticate(
  key: string,
  endpoint: string,
  checkToken: CheckToken,
  now: () => number
): Authenticate {
  const secret = Buffer.from(key, 'base64')
  const audiences = [endpoint, endpoint.replace(/\/$/, ''), PUBLIC_AUDIENCE]

  return async ({ method = '', headers }, segments) => {
    const envelope = decodeURIComponent(headers.authorization ?? '')
    const [, type, signature = ''] = /^type=(master|aad)&ver=1\.0&sig=(.+)$/s.exec(envelope) ?? []
    if (!type) throw unauthorized('Required Header authorization is missing or malformed.')
    if (type === 'aad') {
      try {
        return await checkToken(signature, audiences)
      } catch (error) {
        throw unauthorized(`The Entra token is not valid: ${String(error)}`)
      }
    }
    const date = String(headers['x-ms-date'] ?? '')
    if (!(Math.abs(now() - Date.parse(date)) <= DATE_TOLERANCE_MS))
      throw unauthorized('The x-ms-date header is missing or too far from the present.')
    const text = [method, ...linkOf(segments), date].map(lowerAround).join('\n')
    const expected = createHmac('sha256', secret).update(`${text}\n\n`).digest()
    const given = Buffer.from(signature, 'base64')
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw unauthorized("The input authorization token can't serve the request.")
    return undefined
  }
}

/** All but the resource link, the third line, is signed in lower case. */
const lowerAround = (line: string, index: number) => (index === 2 ? line : line.toLowerCase())

/** What the signature names: the resource's type, and its own path or, for a feed or a create, its parent's. */
function linkOf(segments: string[]): [type: string, link: string] {
  const isFeed = segments.length % 2 === 1
  const type = segments.at(isFeed ? -1 : -2) ?? ''
  return [type, (isFeed ? segments.slice(0, -1) : segments).join('/')]
}
