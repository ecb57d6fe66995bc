import type { TokenCredential } from '@azure/identity'
import { WebPubSubServiceClient } from '@azure/web-pubsub'
import topology from '#topology' with { type: 'json' }
import rights from '../../../infra/rights.json' with { type: 'json' }
import type { Attempt } from './attempt.ts'
import type { Cloud } from './cloud.ts'

/** Sending to a race's screens, and opening sockets to them. */
export function webPubSubAttempts({ plan: { ports } }: Cloud): Attempt[] {
  const { hub } = topology.webPubSub
  const { send, negotiate } = rights.dataActions.webPubSub
  const open = (by: TokenCredential) =>
    new WebPubSubServiceClient(`https://localhost:${ports.webPubSubRest}`, by, hub)
  const at = { service: 'webPubSub', where: hub }
  return [
    { ...at, right: 'send', actions: send, call: by => open(by).group('race').sendToAll({}) },
    {
      ...at,
      right: 'negotiate',
      actions: negotiate,
      call: by => open(by).getClientAccessToken({ groups: ['race'] })
    }
  ]
}
