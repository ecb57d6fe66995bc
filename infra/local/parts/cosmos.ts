import { join } from 'node:path'
import { runChild } from '../child.ts'
import { startCosmos } from '../cosmos/server.ts'
import { mayUseItems } from '../permissions.ts'
import type { CloudPlan } from '../plan.ts'
import { createCheckToken } from '../tokens.ts'

await runChild(({ dir, ports, tls, jwksUrl, cosmosKey }: CloudPlan) =>
  startCosmos({
    dir: join(dir, 'cosmos'),
    port: ports.cosmos,
    tls,
    key: cosmosKey,
    checkToken: createCheckToken(jwksUrl),
    isAllowed: mayUseItems
  })
)
