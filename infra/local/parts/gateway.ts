import { ManagedIdentityCredential } from '@azure/identity'
import topology from '#topology' with { type: 'json' }
import { runChild } from '../child.ts'
import { startGateway } from '../gateway/server.ts'
import { type CloudPlan, entraIssuer } from '../plan.ts'
import { clientIdOf } from '../stableId.ts'

await runChild((plan: CloudPlan) => {
  const { ports, apiAudience } = plan
  const on = (port: number) => `http://127.0.0.1:${port}`
  return startGateway({
    port: ports.gateway,
    namedValues: {
      'page-origin': '*',
      'public-url': on(ports.public),
      'publish-url': on(ports.publish),
      'rider-url': on(ports.rider),
      'timekeeper-url': on(ports.timekeeper),
      'admin-url': on(ports.admin),
      'event-hubs-url': `https://localhost:${ports.eventHubsRest}`,
      hub: topology.eventHubs.hub,
      'seat-openid-config': `${on(ports.rider)}/.well-known/openid-configuration`,
      'entra-openid-config': `${entraIssuer(plan)}/.well-known/openid-configuration`,
      'api-audience': apiAudience,
      'gateway-client-id': clientIdOf('gateway'),
      // There is no Front Door before it.
      'front-door-id': 'none'
    },
    async identity(resource, clientId) {
      const credential = new ManagedIdentityCredential({ clientId })
      return (await credential.getToken(`${resource}/.default`)).token
    }
  })
})
