import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import topology from '#topology' with { type: 'json' }
import { appSettings } from '../appSettings.ts'
import { ARCHIVE_ACCOUNT, CAPTURE } from '../archive.ts'
import { runChild } from '../child.ts'
import type { CloudPlan } from '../plan.ts'
import { createCheckToken } from '../tokens.ts'

const POLL_MS = 50
const AUDIENCES = ['https://storage.azure.com', 'https://storage.azure.com/']

/** What is used of Azurite's own check of tokens, which knows their form alone. */
type Request = { getHeader(name: string): string | undefined }
type Context = { contextId: string }
type Authenticator = {
  prototype: { validate(request: Request, context: Context): Promise<boolean | undefined> }
}

const load = createRequire(import.meta.url)
const azurite = (path: string) => load(`azurite/dist/src/${path}.js`)

/** Azurite is a program, not a library: it reads the command line and says nothing when it serves. */
await runChild(async (plan: CloudPlan) => {
  const { dir, ports, tlsFiles } = plan
  const accountOf = new Map(Object.keys(topology.apps).map(app => [app, accountIn(app, plan)]))
  process.env.AZURITE_ACCOUNTS = listAccounts(new Set(accountOf.values()), plan.archiveKey)
  if (topology.principals.capture.archive.includes('write')) accountOf.set(CAPTURE, ARCHIVE_ACCOUNT)
  process.argv.splice(
    2,
    process.argv.length,
    ...['--blobHost', '127.0.0.1', '--blobPort', String(ports.storage)],
    ...['--location', `${dir}/storage`, '--silent', '--skipApiVersionCheck', '--disableTelemetry'],
    ...['--oauth', 'basic', '--cert', tlsFiles.cert, '--key', tlsFiles.key]
  )
  checkOwners(accountOf, plan.jwksUrl)
  azurite('blob/main')
  while (!(await answers(ports.storage))) await pause(POLL_MS)
  return { close: async () => undefined }
})

/** An app's own account is the one that its settings name, as on Azure. */
function accountIn(app: string, plan: CloudPlan): string {
  return new URL(appSettings(app, plan).AzureWebJobsStorage__blobServiceUri ?? '').pathname.slice(1)
}

/**
 * Azurite's list of accounts: the apps' own, whose keys nobody learns, and for clients from outside the archive's and its
 * standing one.
 */
function listAccounts(own: Set<string>, archiveKey: string): string {
  const { EMULATOR_ACCOUNT_NAME, EMULATOR_ACCOUNT_KEY } = azurite('common/utils/constants')
  const keys = new Map([...own].map(name => [name, randomBytes(64)]))
  keys.set(EMULATOR_ACCOUNT_NAME, EMULATOR_ACCOUNT_KEY)
  keys.set(ARCHIVE_ACCOUNT, Buffer.from(archiveKey, 'base64'))
  return [...keys].map(([name, key]) => `${name}:${key.toString('base64')}`).join(';')
}

/** Adds to Azurite's check of tokens who signed them, and that each app's opens its own account alone. */
function checkOwners(accountOf: Map<string, string>, jwksUrl: string): void {
  const { default: StorageContext } = azurite('blob/context/BlobStorageContext')
  const { default: Errors } = azurite('blob/errors/StorageErrorFactory')
  const { prototype }: Authenticator = azurite('blob/authentication/BlobTokenAuthenticator').default
  const { validate } = prototype
  const checkToken = createCheckToken(jwksUrl)

  prototype.validate = async function (request, context) {
    const hasForm = await validate.call(this, request, context)
    if (!hasForm) return hasForm
    const { contextId } = context
    const token = request.getHeader('authorization')?.replace(/^Bearer /, '') ?? ''
    const { app_displayname: app } = await checkToken(token, AUDIENCES).catch(error => {
      throw Errors.getAuthenticationFailed(contextId, String(error))
    })
    const { account } = new StorageContext(context)
    if (accountOf.get(String(app)) === account) return true
    console.error(`${app} has no right at the storage account ${account}`)
    throw Errors.getAuthorizationPermissionMismatch(contextId)
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
