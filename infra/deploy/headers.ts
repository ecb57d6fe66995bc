import pageHeaders from '../pageHeaders.json' with { type: 'json' }
import type { Outputs } from './outputs.ts'

/** What a file's name is a digest of never changes. */
const FOREVER = 'public, max-age=31536000, immutable'
/** Of every page but that of silent renewals. */
const UNFRAMED = "frame-ancestors 'none'"

/** How long caches may keep a file of the pages. */
export const cacheControlOf = (file: string): string =>
  file.startsWith('assets/') ? FOREVER : 'no-cache'

/** Whom pages may talk to. */
type Callees = Pick<Outputs, 'lookupsUrl' | 'gatewayUrl' | 'webPubSubEndpoint'>

/** The headers of every answer with a page: it loads nothing and talks to nobody but its own host and the API. */
export const securityHeaders = (callees: Callees): Record<string, string> => {
  return { 'Content-Security-Policy': policyOf(callees), ...pageHeaders.others }
}

/**
 * Headers in place of those above, by the folder of the pages that they are for: officials, riders and players talk to the
 * authority that signs them in and renew their tokens in a hidden frame, and the page that such a frame ends at is framed
 * by ours. Riders have the officials' authority unless theirs is named.
 */
export function headersByFolder(callees: Callees, authority: string, ofRiders = authority) {
  const policy = policyOf(callees)
  const signingIn = (by: string) => {
    const { origin } = new URL(by)
    return { 'Content-Security-Policy': `${policy} ${origin}; frame-src 'self' ${origin}` }
  }
  return {
    officials: signingIn(authority),
    ride: signingIn(ofRiders),
    arcade: signingIn(ofRiders),
    redirect: { 'Content-Security-Policy': policy.replace(UNFRAMED, "frame-ancestors 'self'") }
  }
}

/** Its last directive says whom the page may talk to. */
function policyOf({ lookupsUrl, gatewayUrl, webPubSubEndpoint }: Callees): string {
  const api = new Set([lookupsUrl, gatewayUrl].map(url => new URL(url).origin))
  const sockets = new URL(webPubSubEndpoint.replace(/^http/, 'ws')).origin
  const callees = ["connect-src 'self'", ...api, sockets].join(' ')
  return [...pageHeaders.contentSecurityPolicy, callees].join('; ')
}
