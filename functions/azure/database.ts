import { type Container, CosmosClient } from '@azure/cosmos'
import topology from '#topology'
import { credential } from './credential.ts'
import { setting } from './settings.ts'

/** Containers by the names of the topology. */
export type ContainerName = keyof typeof topology.cosmos.containers

/** No request to the database takes longer than this. */
const REQUEST_TIMEOUT_MS = 5_000

let database: ReturnType<CosmosClient['database']> | undefined

/** A container of the product's database; the client is made once and shared. */
export function container(name: ContainerName): Container {
  database ??= new CosmosClient({
    endpoint: setting('COSMOS__accountEndpoint'),
    aadCredentials: credential,
    connectionPolicy: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      enableBackgroundEndpointRefreshing: false
    }
  }).database(topology.cosmos.database)
  return database.container(name)
}

/** Whether the database answered with this status. */
export const answered = (error: unknown, ...statuses: number[]): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  statuses.includes(Number(error.code))
