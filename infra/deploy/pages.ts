import { join } from 'node:path'
import { AzureDeveloperCliCredential } from '@azure/identity'
import { BlobServiceClient, RestError } from '@azure/storage-blob'
import { buildAll, DIST } from '../build.ts'
import { writeConfig } from './config.ts'
import { runHook } from './hook.ts'
import { outputsOf } from './outputs.ts'
import { uploadPages } from './upload.ts'

/** The container that Storage serves as a website. */
const WEBSITE = '$web'

/** After a deployment: brings the pages to the storage behind Front Door. On Static Web Apps azd has done it. */
async function deployPages(env: Record<string, string | undefined>): Promise<void> {
  if (env.PAGES_ON_STATIC_WEB_APPS === 'true') return
  const endpoint = env.PAGES_STORAGE_ENDPOINT
  if (!endpoint)
    throw new Error('PAGES_STORAGE_ENDPOINT is not set: run azd provision, which puts it out.')
  const dir = join(DIST, 'web')
  await buildAll()
  await writeConfig(dir, outputsOf(env))
  const service = new BlobServiceClient(endpoint, new AzureDeveloperCliCredential())
  try {
    await uploadPages(service.getContainerClient(WEBSITE), dir)
  } catch (cause) {
    if (!(cause instanceof RestError && cause.statusCode === 403)) throw cause
    const said = `${endpoint} does not let you upload the pages yet: a right given by azd provision takes some minutes.`
    throw new Error(`${said} Run azd deploy again.`, { cause })
  }
  console.log(`The pages are at ${env.PAGES_URL}`)
}

await runHook(deployPages)
