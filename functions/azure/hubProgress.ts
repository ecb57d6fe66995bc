import { EventHubConsumerClient } from '@azure/event-hubs'
import { BlobServiceClient } from '@azure/storage-blob'
import topology from '#topology'
import { credential } from './credential.ts'
import { setting } from './settings.ts'

/** The container and path in which the Functions host keeps the checkpoints of its Event Hubs triggers. */
const CHECKPOINTS = 'azure-webjobs-eventhub'
const GROUP = 'aggregate'

/** Where the hub's partitions end now: the last sequence number of each, -1 where one is empty. */
export async function hubMarks(): Promise<number[]> {
  const hub = new EventHubConsumerClient(
    GROUP,
    setting('EVENT_HUBS__fullyQualifiedNamespace'),
    topology.eventHubs.hub,
    credential,
    { retryOptions: { maxRetries: 3, retryDelayInMs: 500, timeoutInMs: 10_000 } }
  )
  try {
    const ids = await hub.getPartitionIds()
    const partitions = await Promise.all(ids.map(id => hub.getPartitionProperties(id)))
    return partitions
      .sort((a, b) => Number(a.partitionId) - Number(b.partitionId))
      .map(partition => (partition.isEmpty ? -1 : partition.lastEnqueuedSequenceNumber))
  } finally {
    await hub.close()
  }
}

/** Whether the host's checkpoints have come to the marks: everything up to them has been handed to the entities. */
export async function isDrained(marks: number[]): Promise<boolean> {
  const namespace = new URL(`sb://${setting('EVENT_HUBS__fullyQualifiedNamespace')}`).hostname
  const prefix = `${namespace}/${topology.eventHubs.hub}/${GROUP}/checkpoint/`
  const storage = new BlobServiceClient(setting('AzureWebJobsStorage__blobServiceUri'), credential)
  const reached = new Map<number, number>()
  const blobs = storage
    .getContainerClient(CHECKPOINTS)
    .listBlobsFlat({ prefix, includeMetadata: true })
  for await (const blob of blobs) {
    reached.set(Number(blob.name.slice(prefix.length)), Number(blob.metadata?.sequencenumber ?? -1))
  }
  return marks.every((mark, partition) => mark < 0 || (reached.get(partition) ?? -1) >= mark)
}
