import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CheckToken } from '../tokens.ts'
import { Refusal } from './errors.ts'

/** Entra ID writes the resource with and without the slash, by how the scope was asked for. */
const AUDIENCES = ['https://eventhubs.azure.net', 'https://eventhubs.azure.net/']
/** Verified tokens that are remembered. */
const REMEMBERED_TOKENS = 1_000

/** Until when, in ms since 1970, a token opens the entity at `path`; rejects with an unauthorized refusal. */
export type Access = (token: string, path: string) => number | Promise<number>

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

/** Accepts the hub's shared access key and Entra ID tokens for Event Hubs. */
export function createAccess(
  key: { name: string; value: string },
  checkToken: CheckToken,
  now: () => number
): Access {
  const remembered = new Map<string, number>()

  function checkSignature(token: string, path: string): number {
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
    return Number(expiry) * 1_000
  }

  async function checkBearer(token: string): Promise<number> {
    const { exp } = await checkToken(token, AUDIENCES).catch(error => {
      throw unauthorized(String(error))
    })
    const until = (exp ?? 0) * 1_000
    if (remembered.size >= REMEMBERED_TOKENS) remembered.clear()
    remembered.set(token, until)
    return until
  }

  const live = (until: number) => {
    if (!(until > now())) throw unauthorized('The token has expired')
    return until
  }

  return (token, path) => {
    if (token.startsWith('SharedAccessSignature ')) return live(checkSignature(token, path))
    const until = remembered.get(token)
    return until === undefined ? checkBearer(token).then(live) : live(until)
  }
}

/** What one connection has put tokens for. */
export type Grants = {
  add(path: string, until: number): void
  /** Throws an unauthorized refusal unless a token that still holds covers `path`. */
  check(path: string): void
}

export function createGrants(now: () => number): Grants {
  const grants = new Map<string, number>()
  return {
    add: (path, until) => grants.set(path, until),
    check(path) {
      for (const [granted, until] of grants) if (covers(granted, path) && until > now()) return
      throw unauthorized(`No token on this connection opens ${path}`)
    }
  }
}
