import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import {
  type ChangeFeedStartFrom,
  type Container,
  type ContainerRequest,
  CosmosClient,
  type CosmosClientOptions,
  ErrorResponse,
  type JSONObject,
  type SqlQuerySpec
} from '@azure/cosmos'
import { DefaultAzureCredential } from '@azure/identity'
import { ensureCertificates } from '../../infra/local/certificates.ts'
import { type CosmosOptions, startCosmos } from '../../infra/local/cosmos/server.ts'

/** How long anything that must happen may take, in ms. */
export const DEADLINE_MS = 10_000
/** The key of every account on the laptop. */
export const KEY = Buffer.from('the local account key, long enough for a test').toString('base64')
/** The address of the real account, where the tests run against Azure. */
export const live = process.env.AZURE_LIVE === '1' ? process.env.COSMOS_ENDPOINT : undefined

export const connect = (endpoint: string, options: Partial<CosmosClientOptions> = {}) =>
  new CosmosClient({ endpoint, key: KEY, consistencyLevel: 'Session', ...options })

export type Laptop = Awaited<ReturnType<typeof openLaptop>>

/** A folder for the journals of accounts, with certificates that this process trusts from now on. */
export async function openLaptop() {
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-cosmos-'))
  const { tls, ca, caFile } = await ensureCertificates(dir)
  setDefaultCACertificates([...getCACertificates('default'), ca])
  let folders = 0
  return {
    dir,
    caFile,
    newFolder: () => join(dir, `account-${folders++}`),
    /** Starts an account on a folder; without `checkToken` by key alone. */
    startAccount: (folder: string, options: Partial<CosmosOptions> = {}) =>
      startCosmos({
        dir: folder,
        port: 0,
        tls,
        key: KEY,
        checkToken: () => Promise.reject(new Error('no such token')),
        ...options
      }),
    remove: () => rm(dir, { recursive: true })
  }
}

/** A client of the real account, or of one on the laptop, and how to close what it needs. */
async function openClient() {
  if (live) {
    const key = process.env.COSMOS_KEY
    const client = key
      ? connect(live, { key })
      : new CosmosClient({ endpoint: live, aadCredentials: new DefaultAzureCredential() })
    return { client, close: async () => client.dispose() }
  }
  const laptop = await openLaptop()
  const cosmos = await laptop.startAccount(laptop.newFolder())
  const client = connect(cosmos.endpoint)
  const close = async () => {
    client.dispose()
    await cosmos.close()
    await laptop.remove()
  }
  return { client, close }
}

export type TestAccount = Awaited<ReturnType<typeof openAccount>>

/** An account in Azure or on the laptop, with a database of its own that `close` deletes. */
export async function openAccount() {
  const { client, close } = await openClient()
  const { database } = await client.databases.createIfNotExists({
    id: `grandstand-test-${randomUUID()}`
  })
  let containers = 0
  return {
    client,
    database,
    newContainer: async (options: Partial<ContainerRequest> = {}): Promise<Container> => {
      const { container } = await database.containers.createIfNotExists({
        id: `items-${containers++}`,
        partitionKey: '/raceId',
        ...options
      })
      return container
    },
    close: async () => {
      await database.delete()
      await close()
    }
  }
}

/** What a refused call says. */
export async function refusalOf(call: Promise<unknown>) {
  try {
    await call
  } catch (error) {
    if (error instanceof ErrorResponse)
      return { code: error.code, substatus: error.substatus, message: error.message }
    throw error
  }
  throw new Error('The call was not refused.')
}

export const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code

/** All rows of a query, of one partition or of all. */
export async function rowsOf(
  container: Container,
  query: string | SqlQuerySpec,
  partitionKey?: string
): Promise<unknown[]> {
  const options = partitionKey === undefined ? {} : { partitionKey }
  return (await container.items.query(query, options).fetchAll()).resources
}

export const feedOf = (
  container: Container,
  changeFeedStartFrom: ChangeFeedStartFrom,
  maxItemCount = 100
) => container.items.getChangeFeedIterator<JSONObject>({ changeFeedStartFrom, maxItemCount })

/** All pages until the feed has nothing new. */
export async function drain(feed: ReturnType<typeof feedOf>) {
  const pages: JSONObject[][] = []
  while (true) {
    const page = await feed.readNext()
    if (page.statusCode === 304)
      return { pages, items: pages.flat(), token: page.continuationToken }
    pages.push(page.result)
  }
}
