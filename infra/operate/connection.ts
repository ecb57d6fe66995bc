import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import tls from 'node:tls'
import { type Container, CosmosClient } from '@azure/cosmos'
import { EventHubProducerClient } from '@azure/event-hubs'
import { DefaultAzureCredential } from '@azure/identity'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import topology from '#topology' with { type: 'json' }
import { startCloud } from '../local/cloud.ts'
import { type Endpoints, endpointsOf } from '../local/endpoints.ts'
import { tryLock } from '../local/lock.ts'
import { SECRET_FILE } from '../local/secretFile.ts'
import type { Place } from './arguments.ts'

/** The client's own defaults wait half a minute. */
const RETRY = {
  retryOptions: {
    maxRetries: 5,
    retryDelayInMs: 500,
    maxRetryDelayInMs: 5_000,
    timeoutInMs: 10_000
  }
}
const HUB = topology.eventHubs.hub

/** What operators' commands work on. */
export type Connection = {
  container(name: keyof typeof topology.cosmos.containers): Container
  /** Capture's files. */
  archive: ContainerClient
  /** Sends to the hub, and knows how far its partitions reach. */
  hub: EventHubProducerClient
  close(): Promise<void>
}

/** Connects to a place. A laptop's that is stopped has its stores started, until `close`. */
export async function connect(place: Place): Promise<Connection> {
  if (place.azure) return connectToAzure(place.azure)
  const dir = resolve(place.state)
  if (!existsSync(join(dir, SECRET_FILE))) throw new Error(`There is no Grandstand in ${dir}.`)
  const lock = tryLock(dir)
  if (!lock) {
    const endpoints = JSON.parse(await readFile(join(dir, 'endpoints.json'), 'utf8'))
    return connectToLaptop(endpoints as Endpoints)
  }
  try {
    const stores = await startCloud({ dir, storesAlone: true })
    const connection = await connectToLaptop(endpointsOf(stores.plan, {}))
    const close = async () => {
      await connection.close()
      await stores.close()
      await lock.close()
    }
    return { ...connection, close }
  } catch (error) {
    await lock.close()
    throw error
  }
}

/** Connects to a laptop that runs. */
export async function connectToLaptop(endpoints: Endpoints): Promise<Connection> {
  const { cosmos, archive, eventHubs, caFile } = endpoints
  tls.setDefaultCACertificates([
    ...tls.getCACertificates('default'),
    await readFile(caFile, 'utf8')
  ])
  const { endpoint, key } = cosmos
  return connection(
    new CosmosClient({ endpoint, key, connectionPolicy: POLICY }),
    BlobServiceClient.fromConnectionString(archive.connectionString),
    new EventHubProducerClient(eventHubs.connectionString, HUB, RETRY)
  )
}

function connectToAzure({ eventHubs, cosmos, archive }: NonNullable<Place['azure']>): Connection {
  const credential = new DefaultAzureCredential()
  return connection(
    new CosmosClient({ endpoint: cosmos, aadCredentials: credential, connectionPolicy: POLICY }),
    new BlobServiceClient(archive, credential),
    new EventHubProducerClient(eventHubs, HUB, credential, RETRY)
  )
}

const POLICY = { enableBackgroundEndpointRefreshing: false }

function connection(
  cosmos: CosmosClient,
  storage: BlobServiceClient,
  hub: EventHubProducerClient
): Connection {
  const database = cosmos.database(topology.cosmos.database)
  return {
    container: name => database.container(name),
    archive: storage.getContainerClient(HUB),
    hub,
    async close() {
      cosmos.dispose()
      await hub.close()
    }
  }
}
