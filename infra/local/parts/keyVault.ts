import topology from '#topology' with { type: 'json' }
import { runChild } from '../child.ts'
import { startKeyVault } from '../keyVault/server.ts'
import type { CloudPlan } from '../plan.ts'
import { createCheckToken } from '../tokens.ts'

await runChild(({ dir, ports, jwksUrl }: CloudPlan) =>
  startKeyVault({
    dir,
    port: ports.keyVault,
    keys: [topology.keyVault.seatKey],
    checkToken: createCheckToken(jwksUrl)
  })
)
