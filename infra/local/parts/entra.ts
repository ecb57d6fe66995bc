import { runChild } from '../child.ts'
import { startIdentity } from '../identity/server.ts'
import { startIssuer } from '../issuer/server.ts'
import type { CloudPlan } from '../plan.ts'

/** Entra ID: the apps' own identities, and tokens of people and devices. */
await runChild(async ({ dir, ports, tenantId, apps, apiAudience, clients }: CloudPlan) => {
  const identity = await startIdentity({ dir, port: ports.identity, tenantId, apps })
  const issuer = await startIssuer({ dir, port: ports.issuer, tenantId, apiAudience, clients })
  return {
    async close() {
      await Promise.all([identity.close(), issuer.close()])
    }
  }
})
