import topology from '#topology' with { type: 'json' }
import { runChild } from '../child.ts'
import type { CloudPlan } from '../plan.ts'
import { createCheckToken } from '../tokens.ts'
import { startWebPubSub } from '../webPubSub/server.ts'

await runChild(({ ports, tls, jwksUrl, webPubSubKey }: CloudPlan) =>
  startWebPubSub({
    ports: { rest: ports.webPubSubRest, client: ports.webPubSubClient },
    tls,
    hub: topology.webPubSub.hub,
    accessKey: webPubSubKey,
    checkToken: createCheckToken(jwksUrl)
  })
)
