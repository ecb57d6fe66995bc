import { EventHubConsumerClient, type PartitionProperties } from '@azure/event-hubs'
import topology from '#topology'
import { credential } from './credential.ts'
import { setting } from './settings.ts'

/** A reader of the hub in a consumer group; close it when done. */
export const openHub = (group: string): EventHubConsumerClient =>
  new EventHubConsumerClient(
    group,
    setting('EVENT_HUBS__fullyQualifiedNamespace'),
    topology.eventHubs.hub,
    credential,
    { retryOptions: { maxRetries: 3, retryDelayInMs: 500, timeoutInMs: 10_000 } }
  )

/** How far the hub's partitions reach now, in any order; rejects when the hub failed. */
export async function partitionsOf(hub: EventHubConsumerClient): Promise<PartitionProperties[]> {
  const ids = await hub.getPartitionIds()
  return Promise.all(ids.map(id => hub.getPartitionProperties(id)))
}
