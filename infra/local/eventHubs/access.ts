import { createHmac, timingSafeEqual } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { CheckToken } from '../tokens.ts'
import { Refusal } from './errors.ts'

/** Entra ID writes the resource with and without the slash, by how the scope was asked for. */
const AUDIENCES = ['https://eventhubs.azure.net', 'https://eventhubs.azure.net/']
/** Verified tokens that are remembered. */
const REMEMBERED_TOKENS = 1_000

/** What may be done to the hub's events, in the topology's words. */
export type Right = 'send' | 'receive'
const ALL: readonly Right[] = ['send', 'receive']
/** What the service calls the rights in its refusals. */
const CLAIMS = { send: 'Send', receive: 'Listen' }

/** What the holder of a token may do. */
export type Grant = {
  /** The identity's name, or the key's. */
  holder: string
  rights: readonly Right[]
  /** When the token ends, in ms since 1970. */
  until: number
  /** Whether it may send messages that IoT Hub has annotated. */
  routes: boolean
}

/** Which identities may do what; what is left out is the default of a hub without a topology. */
export type Policy = {
  /** Whether a token's claims give the right; every valid token does unless given. */
  isAllowed?: (claims: JWTPayload, right: Right) => boolean
  /** Whether a token is IoT Hub's, whose annotations are kept: its word for the device. None is unless given. */
  isRouter?: (claims: JWTPayload) => boolean
}

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

/** Throws an unauthorized refusal unless the grant gives the right, or any where none is named. */
export function demand({ holder, rights }: Grant, path: string, right?: Right): void {
  if (right ? rights.includes(right) : rights.length > 0) return
  const claim = CLAIMS[right ?? 'receive']
  throw unauthorized(`The '${claim}' claim is required: ${holder} has none at ${path}`)
}

/** Accepts the hub's shared access key, which gives all rights, and Entra ID tokens for Event Hubs. */
export function createAccess(
  key: { name: string; value: string },
  checkToken: CheckToken,
  { isAllowed = () => true, isRouter = () => false }: Policy,
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
    return { holder: key.name, rights: ALL, until: Number(expiry) * 1_000, routes: false }
  }

  async function checkBearer(token: string): Promise<Grant> {
    const claims = await checkToken(token, AUDIENCES).catch(error => {
      throw unauthorized(String(error))
    })
    const grant = {
      holder: String(claims.app_displayname),
      rights: ALL.filter(right => isAllowed(claims, right)),
      until: (claims.exp ?? 0) * 1_000,
      routes: isRouter(claims)
    }
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
  /**
   * The grant of a token that still holds, covers `path` and gives the right, or any where none is named; throws an
   * unauthorized refusal where there is none.
   */
  check(path: string, right?: Right): Grant
}

export function createGrants(now: () => number): Grants {
  const grants = new Map<string, Grant>()
  return {
    add: (path, grant) => grants.set(path, grant),
    check(path, right) {
      for (const [granted, grant] of grants)
        if (covers(granted, path) && grant.until > now()) {
          demand(grant, path, right)
          return grant
        }
      throw unauthorized(`No token on this connection opens ${path}`)
    }
  }
}
