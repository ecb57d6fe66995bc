import { CosmosClient } from '@azure/cosmos'
import topology from '#topology' with { type: 'json' }
import type { CloudPlan } from './plan.ts'

type ContainerPlan = { partitionKey: string; defaultTtl?: number; indexed?: string[] }

/** Creates the database and containers of the topology, as Bicep does on Azure; those that are there stay. */
export async function seedDatabase({ ports, cosmosKey }: CloudPlan): Promise<void> {
  const client = new CosmosClient({
    endpoint: `https://localhost:${ports.cosmos}/`,
    key: cosmosKey,
    connectionPolicy: { enableBackgroundEndpointRefreshing: false }
  })
  const { database } = await client.databases.createIfNotExists({ id: topology.cosmos.database })
  const containers: [string, ContainerPlan][] = Object.entries(topology.cosmos.containers)
  for (const [id, { partitionKey, defaultTtl, indexed }] of containers) {
    await database.containers.createIfNotExists({
      id,
      partitionKey: { paths: [partitionKey], version: 2 },
      ...(defaultTtl === undefined ? {} : { defaultTtl }),
      ...(indexed ? { indexingPolicy: indexingOnly(indexed) } : {})
    })
  }
  client.dispose()
}

/** Payloads stay out of the index: writing them costs a third. */
const indexingOnly = (paths: string[]) => ({
  indexingMode: 'consistent' as const,
  automatic: true,
  includedPaths: paths.map(path => ({ path })),
  excludedPaths: [{ path: '/*' }]
})
