import { join } from 'node:path'
import topology from '#topology' with { type: 'json' }
import { runChild } from '../child.ts'
import { startEventHubs } from '../eventHubs/server.ts'
import { isPermitted } from '../permissions.ts'
import type { CloudPlan } from '../plan.ts'
import { createCheckToken } from '../tokens.ts'

await runChild(({ dir, ports, tls, jwksUrl, eventHubsKey }: CloudPlan) =>
  startEventHubs({
    dir: join(dir, 'event-hubs'),
    ports: { amqps: ports.amqps, amqp: ports.amqp, rest: ports.eventHubsRest },
    tls,
    ...topology.eventHubs,
    key: eventHubsKey,
    checkToken: createCheckToken(jwksUrl),
    isAllowed: (claims, right) => isPermitted(claims, 'eventHubs', right),
    isRouter: claims => claims.app_displayname === 'iotHub'
  })
)
