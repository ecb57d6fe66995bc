import { BlobServiceClient } from '@azure/storage-blob'
import topology from '#topology' with { type: 'json' }
import type { CloudPlan } from './plan.ts'
import type { Ports } from './ports.ts'

/** The archive's storage account, and the identity that writes there. */
export const ARCHIVE_ACCOUNT = 'starchive'
export const CAPTURE = 'capture'

/** The address of the archive's account. */
export const archiveUrl = (ports: Ports): string =>
  `https://localhost:${ports.storage}/${ARCHIVE_ACCOUNT}`

/** For operators' clients: the key opens the archive's account and no other. */
export const archiveConnection = ({ ports, archiveKey }: Pick<CloudPlan, 'ports' | 'archiveKey'>) =>
  `DefaultEndpointsProtocol=https;AccountName=${ARCHIVE_ACCOUNT};AccountKey=${archiveKey};` +
  `BlobEndpoint=${archiveUrl(ports)};`

/** Creates the archive's container, as Bicep does on Azure; one that is there stays. */
export async function seedArchive(plan: CloudPlan): Promise<void> {
  await BlobServiceClient.fromConnectionString(archiveConnection(plan))
    .getContainerClient(topology.eventHubs.hub)
    .createIfNotExists()
}
