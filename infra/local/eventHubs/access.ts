import { createHmac, timingSafeEqual } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { CheckToken } from '../tokens.ts'
import { Refusal } from './errors.ts'

/** Entra ID writes the resource with and without the slash, by how the scope was asked for. */
const AUDIENCES = ['https://eventhubs.azure.net', 'https://eventhubs.azure.net/']
/** Verified tokens that are remembered. */
const REMEMBERED_TOKENS = 1_000

/** What a token opens: until when, in ms since 1970, and whether for messages that IoT Hub has annotated. */
export type Grant = { until: number; routes: boolean }

/** What a token grants at the entity at `path`; rejects with an unauthorized refusal. */
export type Access = (token: string, path: string) => Grant | Promise<Grant>

/** The entity's path in `sb://host/hub/…`, in lower case as the service compares it. */
export const pathOf = (uri: string) =>
  uri
    .replace(/^\w+:\/\//, '')
    .replace(/^[^/]*\/?/, '')
    .toLowerCase()

/** Whether a grant of one entity opens another: itself or a part of it. */
const covers = (granted: string, path: string) =>
  granted === '' || granted === path || path.startsWith(`${granted}/`)

const unauthorized = (detail: string) =>
  new Refusal('unauthorized', `Unauthorized access. ${detail}`)

/** Accepts the hub's shared access key and Entra ID tokens for Event Hubs; `isRouter` knows IoT Hub's by their claims. */
export function createAccess(
  key: { name: string; value: string },
  checkToken: CheckToken,
  isRouter: (claims: JWTPayload) => boolean,
  now: () => number
): Access {
  const remembered = new Map<string, Grant>()

  function checkSignature(token: string, path: string): Grant {
    const fields = new URLSearchParams(token.slice(token.indexOf(' ') + 1))
    const expiry = fields.get('se') ?? ''
    // What was signed is the resource as it was encoded; unlike IoT Hub's, the key is text, not base64.
    const resource = /[ &]sr=([^&]*)/.exec(token)?.[1] ?? ''
    const expected = createHmac('sha256', key.value).update(`${resource}\n${expiry}`).digest()
    const signature = Buffer.from(fields.get('sig') ?? '', 'base64')
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw unauthorized('The signature does not hold')
    if (fields.get('skn') !== key.name) throw unauthorized('No such key name')
    if (!covers(pathOf(fields.get('sr') ?? ''), path))
      throw unauthorized(`The token is not for ${path}`)
    return { until: Number(expiry) * 1_000, routes: false }
  }

  async function checkBearer(token: string): Promise<Grant> {
    const claims = await checkToken(token, AUDIENCES).catch(error => {
      throw unauthorized(String(error))
    })
    const grant = { until: (claims.exp ?? 0) * 1_000, routes: isRouter(claims) }
    if (remembered.size >= REMEMBERED_TOKENS) remembered.clear()
    remembered.set(token, grant)
    return grant
  }

  const live = (grant: Grant) => {
    if (!(grant.until > now())) throw unauthorized('The token has expired')
    return grant
  }

  return (token, path) => {
    if (token.startsWith('SharedAccessSignature ')) return live(checkSignature(token, path))
    const grant = remembered.get(token)
    return grant ? live(grant) : checkBearer(token).then(live)
  }
}

/** What one connection has put tokens for. */
export type Grants = {
  add(path: string, grant: Grant): void
  /** The grant of a token that still holds and covers `path`; throws an unauthorized refusal where there is none. */
  check(path: string): Grant
}

export function createGrants(now: () => number): Grants {
  const grants = new Map<string, Grant>()
  return {
    add: (path, grant) => grants.set(path, grant),
    check(path) {
      for (const [granted, grant] of grants)
        if (covers(granted, path) && grant.until > now()) return grant
      throw unauthorized(`No token on this connection opens ${path}`)
    }
  }
}
