import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ManagedIdentityCredential } from '@azure/identity'
import { NotServedError } from './errors.ts'

/** The parts of host.json that this host obeys; durations in milliseconds. */
export type HostSettings = {
  routePrefix: string
  taskHub: string
  maxEntityOperationBatchSize: number
  eventHubs: EventHubsSettings
}

/** Batches of the Event Hubs trigger. */
export type EventHubsSettings = {
  maxEventBatchSize: number
  minEventBatchSize: number
  maxWaitTime: number
  prefetchCount: number
}

/** How to reach a service: with a connection string, or by address with the app's identity. */
export type Connection =
  | { connectionString: string }
  | { address: string; credential: ManagedIdentityCredential }

type HostJson = {
  extensions?: {
    http?: { routePrefix?: string }
    eventHubs?: {
      maxEventBatchSize?: number
      minEventBatchSize?: number
      maxWaitTime?: string
      prefetchCount?: number
      batchCheckpointFrequency?: number
      initialOffsetOptions?: { type?: string }
    }
    durableTask?: { hubName?: string; maxEntityOperationBatchSize?: number }
  }
}

/** Reads `appDir`/host.json; what is absent has the service's default. */
export function readHostSettings(appDir: string): HostSettings {
  const json: HostJson = JSON.parse(readFileSync(join(appDir, 'host.json'), 'utf8'))
  const { http, eventHubs, durableTask } = json.extensions ?? {}
  if ((eventHubs?.initialOffsetOptions?.type ?? 'fromStart') !== 'fromStart')
    throw new NotServedError('initialOffsetOptions other than fromStart')
  if ((eventHubs?.batchCheckpointFrequency ?? 1) !== 1)
    throw new NotServedError('batchCheckpointFrequency other than 1')
  return {
    routePrefix: http?.routePrefix ?? 'api',
    taskHub: durableTask?.hubName ?? 'TestHubName',
    maxEntityOperationBatchSize: durableTask?.maxEntityOperationBatchSize ?? 50,
    eventHubs: {
      maxEventBatchSize: eventHubs?.maxEventBatchSize ?? 100,
      minEventBatchSize: eventHubs?.minEventBatchSize ?? 1,
      maxWaitTime: parseTimeSpan(eventHubs?.maxWaitTime ?? '00:01:00'),
      prefetchCount: eventHubs?.prefetchCount ?? 300
    }
  }
}

/** `hh:mm:ss` with an optional fraction, in milliseconds. */
function parseTimeSpan(text: string): number {
  const parts = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text)
  if (!parts) throw new Error(`host.json: ${text} is not hh:mm:ss`)
  return (Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3])) * 1000
}

/**
 * The connection `name`: a connection string in the setting itself, or `name__suffix` with the
 * managed identity (`name__clientId` for a user-assigned one). Throws if neither is set.
 */
export function readConnection(name: string, suffix: string): Connection {
  const connectionString = process.env[name]
  if (connectionString) return { connectionString }
  const address = process.env[`${name}__${suffix}`]
  if (!address) throw new Error(`Neither ${name} nor ${name}__${suffix} is set`)
  const clientId = process.env[`${name}__clientId`]
  const credential = clientId
    ? new ManagedIdentityCredential({ clientId })
    : new ManagedIdentityCredential()
  return { address, credential }
}
