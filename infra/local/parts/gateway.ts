import { ManagedIdentityCredential } from '@azure/identity'
import topology from '#topology' with { type: 'json' }
import { runChild } from '../child.ts'
import { startGateway } from '../gateway/server.ts'
import type { CloudPlan } from '../plan.ts'

await runChild(({ ports, tenantId, apiAudience }: CloudPlan) => {
  const credential = new ManagedIdentityCredential()
  const on = (port: number) => `http://127.0.0.1:${port}`
  return startGateway({
    port: ports.gateway,
    namedValues: {
      'page-origin': '*',
      'public-url': on(ports.public),
      'publish-url': on(ports.publish),
      'rider-url': on(ports.rider),
      'event-hubs-url': `https://localhost:${ports.eventHubsRest}`,
      hub: topology.eventHubs.hub,
      'seat-openid-config': `${on(ports.rider)}/.well-known/openid-configuration`,
      'entra-openid-config': `${on(ports.issuer)}/${tenantId}/v2.0/.well-known/openid-configuration`,
      'api-audience': apiAudience
    },
    identity: async resource => (await credential.getToken(`${resource}/.default`)).token
  })
})
