import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs'
import topology from '#topology' with { type: 'json' }
import rights from '../../../infra/rights.json' with { type: 'json' }
import { count, receive } from '../eventHubsNamespace.ts'
import { type Attempt, ask } from './attempt.ts'
import type { Cloud } from './cloud.ts'

const { hub } = topology.eventHubs
/** The client tries again what is refused for want of a right. */
const ONCE = { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } }

/** Sending both ways, and receiving what another has sent. */
export function eventHubsAttempts({ outside, plan: { ports } }: Cloud): Attempt[] {
  const { send, receive: read } = rights.builtIn.eventHubs
  const address = `localhost:${ports.amqps}`
  const sending = { service: 'eventHubs', where: hub, right: 'send', actions: [send.name] }
  return [
    {
      ...sending,
      async call(by) {
        const producer = new EventHubProducerClient(address, hub, by, ONCE)
        const sent = producer.sendBatch([{ body: 'sent' }])
        await sent.finally(() => producer.close())
      }
    },
    {
      ...sending,
      call(by) {
        const url = `https://localhost:${ports.eventHubsRest}/${hub}/messages`
        const init = { method: 'POST', body: 'sent' }
        return ask(by, 'https://eventhubs.azure.net', url, init)
      }
    },
    {
      service: 'eventHubs',
      where: hub,
      right: 'receive',
      actions: [read.name],
      async call(by) {
        const owner = new EventHubProducerClient(outside.eventHubs.connectionString, hub)
        await owner.sendBatch([{ body: 'to be read' }], { partitionId: '0' })
        await owner.close()
        const consumer = new EventHubConsumerClient('aggregate', address, hub, by, ONCE)
        await receive(consumer, count(1), { partition: '0' }).finally(() => consumer.close())
      }
    }
  ]
}
