import {
  EventHubConsumerClient,
  earliestEventPosition,
  parseEventHubConnectionString,
  type Checkpoint as ReadPosition,
  type ReceivedEventData,
  RetryMode
} from '@azure/event-hubs'
import type { AppFunction } from '../core.ts'
import { messageOf, NotServedError } from '../errors.ts'
import type { Invoke } from '../invoke.ts'
import { writeLog } from '../log.ts'
import { pause } from '../pause.ts'
import { type EventHubsSettings, readConnection } from '../settings.ts'
import { createCheckpoints } from './checkpoints.ts'
import { toInvocation } from './eventHubBatch.ts'
import { createPartitionQueue } from './partitionQueue.ts'
import { invokeWithRetry } from './retry.ts'

type EventHubTrigger = { connection: string; eventHubName: string; consumerGroup?: string }

/** The client finds out that its connection was lost only when a wait for events ends, s. */
const RECEIVE_WAIT_S = 1
/** How often the client looks after a partition whose receiver it has lost, ms. */
const RESUBSCRIBE_INTERVAL_MS = 500
/** Short, so that a hub that was away is found again soon; the client's defaults wait 30 s. */
const OPTIONS = {
  retryOptions: {
    maxRetries: 3,
    retryDelayInMs: 200,
    mode: RetryMode.Exponential,
    maxRetryDelayInMs: 2000,
    timeoutInMs: 5000
  },
  loadBalancingOptions: { updateIntervalInMs: RESUBSCRIBE_INTERVAL_MS }
}

/**
 * Works off all partitions of a hub until `signal` aborts: partitions in parallel, one batch at a
 * time in each, a checkpoint after each batch. Throws at once if the trigger cannot be served.
 */
export function runEventHub(
  fn: AppFunction,
  invoke: Invoke,
  settings: EventHubsSettings,
  withEmptyEntries: boolean,
  signal: AbortSignal
): Promise<void> {
  if (fn.trigger.cardinality !== 'many') throw new NotServedError('cardinality one', fn.name)
  if (fn.trigger.dataType) throw new NotServedError('dataType', fn.name)
  const trigger = fn.trigger as unknown as EventHubTrigger
  const { eventHubName: hub, consumerGroup: group = '$Default' } = trigger
  const connection = readConnection(trigger.connection, 'fullyQualifiedNamespace')
  const namespace =
    'address' in connection
      ? connection.address
      : parseEventHubConnectionString(connection.connectionString).fullyQualifiedNamespace
  const place = { fullyQualifiedNamespace: namespace, eventHubName: hub, consumerGroup: group }
  const storage = readConnection('AzureWebJobsStorage', 'blobServiceUri')
  const checkpoints = createCheckpoints(storage, namespace, hub, group)

  // where each partition's receiver goes on; ahead of the checkpoint by what is queued
  const positions = new Map<string, ReadPosition>()
  // given such a store, the client attaches with epoch 0: a new host displaces an old one
  const reading = {
    listCheckpoints: async () => [...positions.values()],
    listOwnership: async () => [],
    claimOwnership: async () => [],
    updateCheckpoint: async () => undefined
  }
  const client =
    'address' in connection
      ? new EventHubConsumerClient(group, namespace, hub, connection.credential, reading, OPTIONS)
      : new EventHubConsumerClient(group, connection.connectionString, hub, reading, OPTIONS)

  async function runPartition(partitionId: string): Promise<void> {
    const queue = createPartitionQueue<ReceivedEventData>(settings, signal)
    const checkpoint = await untilDone(() => checkpoints.load(partitionId))
    if (checkpoint) positions.set(partitionId, { ...place, partitionId, ...checkpoint })
    const subscription = client.subscribe(
      partitionId,
      {
        async processEvents(events) {
          const last = events.at(-1)
          if (!last) return
          const { offset, sequenceNumber } = last
          positions.set(partitionId, { ...place, partitionId, offset, sequenceNumber })
          await queue.add(events)
        },
        async processError(error) {
          // a lost connection and a displaced receiver are normal: the client subscribes again
          writeLog('debug', fn.name, `partition ${partitionId}: ${messageOf(error)}`)
        }
      },
      {
        startPosition: earliestEventPosition,
        maxBatchSize: settings.maxEventBatchSize,
        maxWaitTimeInSeconds: RECEIVE_WAIT_S,
        prefetchCount: settings.prefetchCount,
        skipParsingBodyAsJson: true
      }
    )
    for await (const batch of queue.batches()) {
      const invocation = toInvocation(batch, { ...place, partitionId }, withEmptyEntries)
      if (!(await invokeWithRetry(fn, invoke, invocation, signal))) break
      const last = batch.at(-1)
      if (last) await untilDone(() => checkpoints.save(partitionId, last))
    }
    await subscription.close()
  }

  /** Does what needs the hub or the storage account, which may be away for a while. */
  async function untilDone<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
    while (!signal.aborted) {
      try {
        return await work()
      } catch (error) {
        writeLog('warning', fn.name, `${hub}: ${messageOf(error)}`)
        await pause(RESUBSCRIBE_INTERVAL_MS, signal)
      }
    }
    return undefined
  }

  async function run(): Promise<void> {
    await untilDone(() => checkpoints.prepare())
    const partitions = await untilDone(() => client.getPartitionIds())
    await Promise.all((partitions ?? []).map(runPartition))
    await client.close()
  }
  return run()
}
