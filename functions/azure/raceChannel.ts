import { WebPubSubServiceClient } from '@azure/web-pubsub'
import { type Frame, groupOf } from '#contract'
import topology from '#topology'
import { credential } from './credential.ts'
import { optionalSetting, setting } from './settings.ts'

/** Life of a socket's link: it is checked when the socket opens, not after. */
const LINK_MINUTES = 5

let service: WebPubSubServiceClient | undefined
const channel = () => {
  service ??= new WebPubSubServiceClient(
    setting('WEB_PUBSUB_ENDPOINT'),
    credential,
    topology.webPubSub.hub
  )
  return service
}

/** Sends a frame to everyone who watches the race. */
export async function sendFrame(raceId: string, frame: Frame): Promise<void> {
  await channel().group(groupOf(raceId)).sendToAll(frame)
}

/** A link that opens one socket in the race's group, with no right to send or to join another. */
export async function socketLink(raceId: string, viewer: string): Promise<string> {
  const { url } = await channel().getClientAccessToken({
    userId: viewer,
    groups: [groupOf(raceId)],
    roles: [],
    expirationTimeInMinutes: LINK_MINUTES
  })
  const outside = optionalSetting('WEB_PUBSUB_CLIENT_ENDPOINT')
  if (!outside) return url
  const link = new URL(url)
  const { protocol, host } = new URL(outside)
  return `${protocol}//${host}${link.pathname}${link.search}`
}
