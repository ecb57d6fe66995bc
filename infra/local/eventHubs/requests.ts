import rhea, { type Connection, type Message, type Sender } from 'rhea'
import { type Grants, pathOf } from './access.ts'
import { Refusal, toRefusal } from './errors.ts'
import { checkHub, findPartition, type Hub } from './hub.ts'
import type { Partition } from './partition.ts'

const { types } = rhea
const TOKEN_TYPES = ['jwt', 'servicebus.windows.net:sastoken']

type Answer = { status: number; description: string; body: unknown }

async function putToken(hub: Hub, grants: Grants, request: Message): Promise<Answer> {
  const { operation, name, type } = request.application_properties ?? {}
  if (operation !== 'put-token' || !TOKEN_TYPES.includes(type))
    throw new Refusal('notServed', `$cbs serves put-token of ${TOKEN_TYPES.join(' and ')} alone`)
  const path = pathOf(String(name))
  grants.add(path, await hub.access(String(request.body), path))
  return { status: 202, description: 'Accepted', body: '' }
}

function describeHub(hub: Hub) {
  const ids = hub.log.partitions.map(partition => partition.id)
  return {
    name: hub.name,
    type: 'com.microsoft:eventhub',
    created_at: types.wrap_timestamp(hub.createdAt),
    partition_count: types.wrap_int(ids.length),
    partition_ids: types.wrap_array(ids, 0xa1, undefined),
    georeplication_factor: types.wrap_int(1)
  }
}

function describePartition(hub: Hub, { id, reach }: Partition) {
  const { newest, nextSequence } = reach
  return {
    name: hub.name,
    type: 'com.microsoft:partition',
    partition: id,
    begin_sequence_number: types.wrap_long(0),
    last_enqueued_sequence_number: types.wrap_long(nextSequence - 1),
    last_enqueued_offset: String(newest?.position ?? -1),
    last_enqueued_time_utc: types.wrap_timestamp(newest?.enqueuedAt ?? 0),
    is_partition_empty: newest === undefined
  }
}

async function readEntity(hub: Hub, request: Message): Promise<Answer> {
  const { operation, name, type, partition } = request.application_properties ?? {}
  const isPartition = type === 'com.microsoft:partition'
  if (operation !== 'READ' || !(isPartition || type === 'com.microsoft:eventhub'))
    throw new Refusal('notServed', `$management serves READ of a hub or partition alone`)
  checkHub(hub, String(name))
  const entity = isPartition
    ? describePartition(hub, findPartition(hub, String(name), String(partition)))
    : describeHub(hub)
  return { status: 200, description: 'OK', body: types.wrap_map(entity) }
}

/** Answers a request to `$cbs` or `$management` on the link that its sender named for the reply. */
export async function answer(
  hub: Hub,
  node: string,
  grants: Grants,
  connection: Connection,
  request: Message
): Promise<void> {
  const work = node === '$cbs' ? putToken(hub, grants, request) : readEntity(hub, request)
  const { status, description, body } = await work.catch((error: unknown): Answer => {
    const refusal = toRefusal(error)
    return { status: refusal.status, description: refusal.message, body: '' }
  })
  const reply = connection.find_sender((sender: Sender) => sender.name === request.reply_to)
  reply?.send({
    ...(request.message_id === undefined ? {} : { correlation_id: request.message_id }),
    application_properties: {
      'status-code': types.wrap_int(status),
      'status-description': description
    },
    body
  })
}
