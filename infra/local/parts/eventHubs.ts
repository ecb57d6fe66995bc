import { join } from 'node:path'
import { ManagedIdentityCredential } from '@azure/identity'
import { BlobServiceClient } from '@azure/storage-blob'
import topology from '#topology' with { type: 'json' }
import { archiveUrl, CAPTURE } from '../archive.ts'
import { runChild } from '../child.ts'
import { startEventHubs } from '../eventHubs/server.ts'
import { isPermitted } from '../permissions.ts'
import type { CloudPlan } from '../plan.ts'
import { clientIdOf } from '../stableId.ts'
import { createCheckToken } from '../tokens.ts'

/** The namespace's name on Azure is the first part of its files' names. */
const NAMESPACE = 'grandstand'

await runChild(({ dir, ports, tls, jwksUrl, eventHubsKey, captureMs }: CloudPlan) =>
  startEventHubs({
    dir: join(dir, 'event-hubs'),
    ports: { amqps: ports.amqps, amqp: ports.amqp, rest: ports.eventHubsRest },
    tls,
    ...topology.eventHubs,
    key: eventHubsKey,
    checkToken: createCheckToken(jwksUrl),
    isAllowed: (claims, right) => isPermitted(claims, 'eventHubs', right),
    isRouter: claims => claims.app_displayname === 'iotHub',
    capture: {
      namespace: NAMESPACE,
      windowMs: captureMs,
      container: new BlobServiceClient(
        archiveUrl(ports),
        new ManagedIdentityCredential({ clientId: clientIdOf(CAPTURE) })
      ).getContainerClient(topology.eventHubs.hub)
    }
  })
)
