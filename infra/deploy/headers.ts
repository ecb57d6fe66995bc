import pageHeaders from '../pageHeaders.json' with { type: 'json' }
import type { Outputs } from './outputs.ts'

/** What a file's name is a digest of never changes. */
const FOREVER = 'public, max-age=31536000, immutable'

/** How long caches may keep a file of the pages. */
export const cacheControlOf = (file: string): string =>
  file.startsWith('assets/') ? FOREVER : 'no-cache'

/** The headers of every answer with a page: it loads nothing and talks to nobody but its own host and the API. */
export function securityHeaders(outputs: Outputs): Record<string, string> {
  const { lookupsUrl, gatewayUrl, webPubSubEndpoint } = outputs
  const api = new Set([lookupsUrl, gatewayUrl].map(url => new URL(url).origin))
  const sockets = new URL(webPubSubEndpoint.replace(/^http/, 'ws')).origin
  const callees = ["connect-src 'self'", ...api, sockets].join(' ')
  const policy = [...pageHeaders.contentSecurityPolicy, callees].join('; ')
  return { 'Content-Security-Policy': policy, ...pageHeaders.others }
}
