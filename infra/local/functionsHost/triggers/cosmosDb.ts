import { ChangeFeedStartFrom, type Container, CosmosClient } from '@azure/cosmos'
import type { AppFunction } from '../core.ts'
import { messageOf, NotServedError } from '../errors.ts'
import type { Invoke } from '../invoke.ts'
import { writeLog } from '../log.ts'
import { pause } from '../pause.ts'
import { readConnection } from '../settings.ts'
import { invokeWithRetry } from './retry.ts'

type CosmosTrigger = {
  connection: string
  databaseName: string
  containerName: string
  leaseContainerName?: string
  leaseContainerPrefix?: string
  feedPollDelay?: number
  maxItemsPerInvocation?: number
  startFromBeginning?: boolean
}

const DEFAULT_POLL_DELAY_MS = 5000
/** Pause after the account did not answer. */
const RECONNECT_DELAY_MS = 500
const NOT_MODIFIED = 304

const REFUSED_OPTIONS = [
  'leaseConnection',
  'leaseDatabaseName',
  'startFromTime',
  'createLeaseContainerIfNotExists',
  'changeFeedMode'
]

/**
 * Follows a container's change feed until `signal` aborts: one batch at a time, the continuation
 * saved in the lease container after each. One lease covers the whole container. Throws at once if
 * the trigger cannot be served.
 */
export function runCosmosDb(fn: AppFunction, invoke: Invoke, signal: AbortSignal): Promise<void> {
  const refused = REFUSED_OPTIONS.find(option => fn.trigger[option])
  if (refused) throw new NotServedError(refused, fn.name)
  const trigger = fn.trigger as unknown as CosmosTrigger
  return follow(fn, trigger, connect(trigger.connection), invoke, signal)
}

async function follow(
  fn: AppFunction,
  trigger: CosmosTrigger,
  { client, host }: { client: CosmosClient; host: string },
  invoke: Invoke,
  signal: AbortSignal
): Promise<void> {
  const database = client.database(trigger.databaseName)
  const container = database.container(trigger.containerName)
  const leases = database.container(trigger.leaseContainerName ?? 'leases')
  const prefix = trigger.leaseContainerPrefix ?? ''
  const leaseId = `${prefix}${host}_${trigger.databaseName}_${trigger.containerName}..0`
  try {
    while (!signal.aborted) {
      try {
        await followFeed(fn, trigger, container, leases, leaseId, invoke, signal)
      } catch (error) {
        writeLog('warning', fn.name, `change feed interrupted: ${messageOf(error)}`)
        await pause(RECONNECT_DELAY_MS, signal)
      }
    }
  } finally {
    client.dispose()
  }
}

async function followFeed(
  fn: AppFunction,
  trigger: CosmosTrigger,
  container: Container,
  leases: Container,
  leaseId: string,
  invoke: Invoke,
  signal: AbortSignal
): Promise<void> {
  const { resource: lease } = await leases
    .item(leaseId, leaseId)
    .read<{ ContinuationToken: string }>()
  const start = trigger.startFromBeginning
    ? ChangeFeedStartFrom.Beginning()
    : ChangeFeedStartFrom.Now()
  const feed = container.items.getChangeFeedIterator({
    changeFeedStartFrom: lease ? ChangeFeedStartFrom.Continuation(lease.ContinuationToken) : start,
    ...(trigger.maxItemsPerInvocation && { maxItemCount: trigger.maxItemsPerInvocation })
  })
  // "from now" must not move when the host restarts before the first change
  let saved = lease !== undefined
  while (!signal.aborted) {
    const page = await feed.readNext()
    const drained = page.statusCode === NOT_MODIFIED
    if (!drained && page.result.length > 0) {
      const data = { json: JSON.stringify(page.result) }
      if (!(await invokeWithRetry(fn, invoke, { data }, signal))) return
    }
    if (!drained || !saved) {
      await leases.items.upsert({ id: leaseId, ContinuationToken: page.continuationToken })
      saved = true
    }
    if (drained) await pause(trigger.feedPollDelay ?? DEFAULT_POLL_DELAY_MS, signal)
  }
}

function connect(name: string): { client: CosmosClient; host: string } {
  const connection = readConnection(name, 'accountEndpoint')
  const connectionPolicy = { enableBackgroundEndpointRefreshing: false }
  if ('address' in connection) {
    const { address: endpoint, credential: aadCredentials } = connection
    const client = new CosmosClient({ endpoint, aadCredentials, connectionPolicy })
    return { client, host: new URL(endpoint).hostname }
  }
  const { connectionString } = connection
  const endpoint = /AccountEndpoint=([^;]+)/i.exec(connectionString)?.[1] ?? ''
  const client = new CosmosClient({ connectionString, connectionPolicy })
  return { client, host: new URL(endpoint).hostname }
}
