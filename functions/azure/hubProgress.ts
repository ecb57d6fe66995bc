import type { EventHubConsumerClient } from '@azure/event-hubs'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import topology from '#topology'
import { credential } from './credential.ts'
import { openHub, partitionsOf } from './hub.ts'
import { setting } from './settings.ts'

/** The container and path in which the Functions host keeps the checkpoints of its Event Hubs triggers. */
const CHECKPOINTS = 'azure-webjobs-eventhub'
const GROUP = 'aggregate'

let hub: EventHubConsumerClient | undefined
let checkpoints: ContainerClient | undefined

/**
 * Where the hub's partitions end now: the last sequence number of each, -1 where one is empty. One connection is kept for
 * all who ask; after a failure the next one opens another.
 */
export async function hubMarks(): Promise<number[]> {
  hub ??= openHub(GROUP)
  const asked = hub
  try {
    return (await partitionsOf(asked))
      .sort((a, b) => Number(a.partitionId) - Number(b.partitionId))
      .map(partition => (partition.isEmpty ? -1 : partition.lastEnqueuedSequenceNumber))
  } catch (error) {
    if (hub === asked) hub = undefined
    // Whatever closing says, the first failure is the one to know.
    await asked.close().catch(() => undefined)
    throw error
  }
}

/** By partition the last sequence number that has been handed to the entities, as the host's checkpoints have it; none where nothing has. */
export async function hubCheckpoints(): Promise<Map<number, number>> {
  const namespace = new URL(`sb://${setting('EVENT_HUBS__fullyQualifiedNamespace')}`).hostname
  const prefix = `${namespace}/${topology.eventHubs.hub}/${GROUP}/checkpoint/`
  checkpoints ??= new BlobServiceClient(
    setting('AzureWebJobsStorage__blobServiceUri'),
    credential
  ).getContainerClient(CHECKPOINTS)
  const reached = new Map<number, number>()
  for await (const blob of checkpoints.listBlobsFlat({ prefix, includeMetadata: true })) {
    reached.set(Number(blob.name.slice(prefix.length)), Number(blob.metadata?.sequencenumber ?? -1))
  }
  return reached
}

/** Whether the host's checkpoints have come to the marks: everything up to them has been handed to the entities. */
export async function isDrained(marks: number[]): Promise<boolean> {
  const reached = await hubCheckpoints()
  return marks.every((mark, partition) => mark < 0 || (reached.get(partition) ?? -1) >= mark)
}
