import { setTimeout as pause } from 'node:timers/promises'
import { EventHubProducerClient, RetryMode } from '@azure/event-hubs'
import type { TokenCredential } from '@azure/identity'
import type { Entry } from './registry.ts'
import type { Bag } from './topics.ts'

/** Before an event hub that did not take a message is asked again, ms. */
const RETRY_MS = 200
/** How long the client may take to say goodbye, ms. */
const CLOSE_MS = 1_000
/** Short, so that a hub that was away is found again soon; the client's defaults wait 60 s and 30 s. */
const OPTIONS = {
  retryOptions: {
    maxRetries: 1,
    retryDelayInMs: RETRY_MS,
    mode: RetryMode.Fixed,
    timeoutInMs: 3_000
  }
}

/** A device's message on its way to the event hub. */
export type Routed = { entry: Entry; bag: Bag; body: Buffer }

export type Route = {
  /**
   * Stores a message, after all earlier ones of its device. Tries until the event hub has it; rejects only once
   * `isWanted` says that nobody waits any more: a device sends again what it has no acknowledgement of.
   */
  send(message: Routed, isWanted: () => boolean): Promise<void>
  close(): Promise<void>
}

/** The route of device messages to the event hub, by the IoT Hub's own identity. */
export function openRoute(target: {
  namespace: string
  hub: string
  credential: TokenCredential
}): Route {
  const { namespace, hub, credential } = target
  const client = new EventHubProducerClient(namespace, hub, credential, OPTIONS)
  const last = new Map<string, Promise<void>>()
  const closing = new AbortController()
  const { signal } = closing

  async function store(message: Routed, isWanted: () => boolean): Promise<void> {
    for (;;) {
      if (signal.aborted || !isWanted()) throw new Error('nobody waits for the message any more')
      try {
        return await client.sendBatch([annotated(message)], { abortSignal: signal })
      } catch (error) {
        console.error(`IoT Hub: the route to ${hub} waits: ${error}`)
        await pause(RETRY_MS)
      }
    }
  }

  return {
    send(message, isWanted) {
      const { deviceId } = message.entry.device
      const before = last.get(deviceId) ?? Promise.resolve()
      const stored = before.catch(() => undefined).then(() => store(message, isWanted))
      last.set(deviceId, stored)
      return stored
    },
    async close() {
      closing.abort()
      // Of a hub that went away in the middle of something it waits for an answer that never comes.
      await Promise.race([client.close(), pause(CLOSE_MS)])
    }
  }
}

/** The event as consumers see it: what the hub knows of the device is in the annotations, out of the device's reach. */
function annotated({ entry, bag, body }: Routed) {
  const { properties: applicationProperties, ...properties } = bag
  const { deviceId, key } = entry.device
  const auth =
    key === undefined ? { type: 'x509', issuer: 'external' } : { type: 'sas', issuer: 'iothub' }
  return {
    body,
    bodyType: 'data' as const,
    properties,
    applicationProperties,
    messageAnnotations: {
      'x-opt-partition-key': deviceId,
      'iothub-connection-device-id': deviceId,
      'iothub-connection-auth-method': JSON.stringify({ scope: 'device', ...auth }),
      'iothub-connection-auth-generation-id': entry.generationId,
      'iothub-enqueuedtime': new Date(),
      'iothub-message-source': 'Telemetry'
    }
  }
}
