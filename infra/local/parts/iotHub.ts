import { join } from 'node:path'
import { ManagedIdentityCredential } from '@azure/identity'
import topology from '#topology' with { type: 'json' }
import { runChild } from '../child.ts'
import { startIotHub } from '../iotHub/server.ts'
import { isPermitted } from '../permissions.ts'
import type { CloudPlan } from '../plan.ts'
import { clientIdOf } from '../stableId.ts'
import { createCheckToken } from '../tokens.ts'

await runChild(({ dir, ports, tls, jwksUrl, iotHub }: CloudPlan) =>
  startIotHub({
    dir: join(dir, 'iot-hub'),
    ports: { mqtts: ports.mqtts, rest: ports.iotHubRest },
    tls,
    hostName: iotHub.hostName,
    devices: iotHub.devices,
    deviceCa: iotHub.certificates.ca,
    eventHub: {
      namespace: `localhost:${ports.amqps}`,
      hub: topology.eventHubs.hub,
      credential: new ManagedIdentityCredential({ clientId: clientIdOf('iotHub') })
    },
    checkToken: createCheckToken(jwksUrl),
    isAllowed: (claims, right) => isPermitted(claims, 'iotHub', right)
  })
)
