import { BlobServiceClient } from '@azure/storage-blob'
import type { readConnection } from '../settings.ts'

/** The service keeps its Event Hubs checkpoints in this container of the app's storage account. */
const CONTAINER = 'azure-webjobs-eventhub'
const RETRY_OPTIONS = { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1000 }

/** How far a partition has been worked off. */
export type Checkpoint = { offset: string; sequenceNumber: number }

/** Checkpoints of one consumer group of one hub, as metadata of one empty blob per partition. */
export function createCheckpoints(
  storage: ReturnType<typeof readConnection>,
  namespace: string,
  hub: string,
  consumerGroup: string
) {
  const options = { retryOptions: RETRY_OPTIONS }
  const service =
    'address' in storage
      ? new BlobServiceClient(storage.address, storage.credential, options)
      : BlobServiceClient.fromConnectionString(storage.connectionString, options)
  const container = service.getContainerClient(CONTAINER)
  const host = namespace.replace(/:\d+$/, '')
  const prefix = `${host}/${hub}/${consumerGroup}`.toLowerCase()
  const blob = (partition: string) =>
    container.getBlockBlobClient(`${prefix}/checkpoint/${partition}`)

  return {
    async load(partition: string): Promise<Checkpoint | undefined> {
      if (!(await blob(partition).exists())) return undefined
      const { metadata } = await blob(partition).getProperties()
      const { offset, sequencenumber } = metadata ?? {}
      return offset ? { offset, sequenceNumber: Number(sequencenumber) } : undefined
    },
    async save(partition: string, { offset, sequenceNumber }: Checkpoint): Promise<void> {
      await blob(partition).upload('', 0, {
        metadata: { offset, sequencenumber: String(sequenceNumber) }
      })
    },
    async prepare(): Promise<void> {
      await container.createIfNotExists()
    }
  }
}
