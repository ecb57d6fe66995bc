import { join } from 'node:path'
import type { ContainerClient } from '@azure/storage-blob'
import { filesIn } from '../filesIn.ts'
import { isPage } from '../upToDate.ts'
import { HOST_CONFIG } from './config.ts'
import { contentTypeOf } from './contentTypes.ts'
import { cacheControlOf } from './headers.ts'

/**
 * Makes the container hold what the folder does. Pages follow what they refer to, and what is gone goes last, so a
 * browser never reads a page whose files are missing. Throws before it writes anything when a file is of no known type.
 */
export async function uploadPages(container: ContainerClient, dir: string): Promise<void> {
  const files = (await filesIn(dir)).filter(file => file !== HOST_CONFIG)
  const typed = files.map(file => {
    const type = contentTypeOf(file)
    if (!type) throw new Error(`${file} in ${dir} is no part of the pages: nothing was uploaded.`)
    return { file, type }
  })
  for (const page of [false, true]) {
    await Promise.all(
      typed
        .filter(({ file }) => isPage(file) === page)
        .map(({ file, type }) =>
          container.getBlockBlobClient(file).uploadFile(join(dir, file), {
            blobHTTPHeaders: { blobContentType: type, blobCacheControl: cacheControlOf(file) }
          })
        )
    )
  }
  for await (const { name } of container.listBlobsFlat()) {
    if (!files.includes(name)) await container.deleteBlob(name)
  }
}
