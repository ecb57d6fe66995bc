import { randomUUID } from 'node:crypto'
import {
  ChangeFeedStartFrom,
  type Container,
  CosmosClient,
  type CosmosClientOptions,
  type OperationInput
} from '@azure/cosmos'
import topology from '#topology' with { type: 'json' }
import rights from '../../../infra/rights.json' with { type: 'json' }
import type { Attempt } from './attempt.ts'
import type { Cloud } from './cloud.ts'

const { read, feed, create, upsert, replace, patch, delete: remove } = rights.dataActions.cosmos

type Use = (container: Container, id: string) => Promise<unknown>

/** All partition keys are the id, so that one item fits every container. */
const item = (id: string) => ({
  ...{ id, raceId: id, competitorId: id },
  ...{ courseId: id, kind: id, source: id }
})

const USES: [right: string, actions: string[], use: Use][] = [
  ['read', read, (container, id) => container.item(id, id).read()],
  ['read', read, container => container.items.query('SELECT * FROM c').fetchAll()],
  ['feed', feed, container => startFeed(container).readNext()],
  ['create', create, container => container.items.create(item(randomUUID()))],
  ['create', create, container => createInBatch(container, randomUUID())],
  ['upsert', upsert, (container, id) => container.items.upsert(item(id))],
  ['replace', replace, (container, id) => container.item(id, id).replace(item(id))],
  ['replace', replace, (container, id) => replaceInBatch(container, id)],
  ['patch', patch, (container, id) => container.item(id, id).patch(MARK)],
  ['patch', patch, (container, id) => patchInBatch(container, id)],
  ['delete', remove, (container, id) => container.item(id, id).delete()]
]
const MARK = [{ op: 'add' as const, path: '/seen', value: true }]

const startFeed = (container: Container) =>
  container.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning() })

const createInBatch = (container: Container, id: string) =>
  inBatch(container, id, { operationType: 'Create', resourceBody: item(id) })
const replaceInBatch = (container: Container, id: string) =>
  inBatch(container, id, { operationType: 'Replace', id, resourceBody: item(id) })
const patchInBatch = (container: Container, id: string) =>
  inBatch(container, id, { operationType: 'Patch', id, resourceBody: { operations: MARK } })

/** The client wraps what the account answered to a batch. */
const inBatch = (container: Container, id: string, operation: OperationInput) =>
  container.items.batch([operation], id).catch((error: Error) => {
    throw error.cause ?? error
  })

/** Every use of every container's items, each of an item that is there. */
export function cosmosAttempts({ outside: { cosmos } }: Cloud): Attempt[] {
  async function within<T>(
    where: string,
    options: Partial<CosmosClientOptions>,
    work: (container: Container) => Promise<T>
  ): Promise<T> {
    const client = new CosmosClient({
      endpoint: cosmos.endpoint,
      connectionPolicy: { enableBackgroundEndpointRefreshing: false },
      ...options
    })
    try {
      return await work(client.database(cosmos.database).container(where))
    } finally {
      client.dispose()
    }
  }
  return Object.keys(topology.cosmos.containers).flatMap(where =>
    USES.map(([right, actions, use]) => ({
      service: 'cosmos',
      where,
      right,
      actions,
      async call(by) {
        const id = randomUUID()
        await within(where, { key: cosmos.key }, owned => owned.items.create(item(id)))
        await within(where, { aadCredentials: by }, container => use(container, id))
      }
    }))
  )
}
