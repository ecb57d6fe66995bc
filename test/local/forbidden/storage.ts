import type { TokenCredential } from '@azure/identity'
import { BlobServiceClient } from '@azure/storage-blob'
import topology from '#topology' with { type: 'json' }
import { appSettings } from '../../../infra/local/appSettings.ts'
import rights from '../../../infra/rights.json' with { type: 'json' }
import type { Attempt } from './attempt.ts'
import type { Cloud } from './cloud.ts'

const CONTAINER = 'azure-webjobs-hosts'

/** The storage that an app's host keeps packages, leases and checkpoints in. */
export const ownStorage = (app: string, { plan }: Cloud): string =>
  appSettings(app, plan).AzureWebJobsStorage__blobServiceUri ?? ''

/** Using the storage of each app. */
export function storageAttempts(cloud: Cloud): Attempt[] {
  const own = new Set(Object.keys(topology.apps).map(app => ownStorage(app, cloud)))
  return [...own].map(where => ({
    service: 'storage',
    where,
    right: 'own',
    actions: [rights.builtIn.host.blobs.name],
    async call(by: TokenCredential) {
      const container = new BlobServiceClient(where, by).getContainerClient(CONTAINER)
      await container.createIfNotExists()
      await container.getBlockBlobClient('lease').upload('held', 4)
    }
  }))
}
