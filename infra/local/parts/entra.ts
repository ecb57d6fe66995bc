import topology from '#topology' with { type: 'json' }
import { runChild } from '../child.ts'
import { startIdentity } from '../identity/server.ts'
import { startIssuer } from '../issuer/server.ts'
import { type CloudPlan, entraIssuer } from '../plan.ts'

/** Entra ID: the apps' own identities, and tokens of people and devices. */
await runChild(async (plan: CloudPlan) => {
  const { dir, ports, tenantId, apps, apiAudience, clients, pages, people } = plan
  const api = { audience: apiAudience, issuer: entraIssuer(plan) }
  const identity = await startIdentity({ dir, port: ports.identity, tenantId, apps, api })
  const issuer = await startIssuer({
    ...{ dir, port: ports.issuer, tenantId, apiAudience, clients, pages, people },
    scope: topology.entra.scope
  })
  return {
    async close() {
      await Promise.all([identity.close(), issuer.close()])
    }
  }
})
