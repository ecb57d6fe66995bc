import { randomUUID } from 'node:crypto'
import type { Catalog } from './catalog.ts'
import { entityTarget } from './entities.ts'
import { type Instance, isRunning } from './instances.ts'
import type { TaskHub } from './taskHub.ts'

/** Where durable clients reach the task hub, below the host's own address. */
export const RPC_PATH = '/durabletask/'

/** A status with, if any, a JSON text as the body. */
export type RpcAnswer = { status: number; body?: string }

/** Query options of the client that change what a call means and that no call of ours uses. */
const REFUSED_OPTIONS = ['showHistory', 'createdTimeFrom', 'createdTimeTo', 'version', 'taskHub']
const MAX_ID_LENGTH = 100

/**
 * The JSON that a durable client input receives. With `rpcBaseUrl` the client sends every call
 * there; the public management addresses, which it only insists on being given, are not served.
 */
export function clientBinding(origin: string, taskHubName: string): string {
  const rpcBaseUrl = `${origin}${RPC_PATH}`
  return JSON.stringify({ taskHubName, creationUrls: {}, managementUrls: {}, rpcBaseUrl })
}

/** Answers a durable client's call; a 202 is given only when its effect is on disk. */
export async function serveRpc(
  { store, instances, entities }: TaskHub,
  catalog: Catalog,
  method: string,
  url: URL,
  body: string
): Promise<RpcAnswer> {
  const path = url.pathname.slice(RPC_PATH.length).split('/').map(decodeURIComponent)
  const [kind, id = '', action, event] = path
  const refused = REFUSED_OPTIONS.find(name => url.searchParams.has(name))
  if (refused) return problem(501, `${refused} is not served by the local Functions host`)
  if (body && !isJson(body)) return problem(400, 'The body is not JSON')
  const [input, call] = [body || 'null', `${method} ${kind}`]

  if (call === 'POST orchestrators') {
    const instanceId = action ?? randomUUID().replaceAll('-', '')
    if (!catalog('orchestration', id)) return problem(400, `The app has no orchestration ${id}`)
    if (!isInstanceId(instanceId)) return problem(400, `${instanceId} cannot be an instance id`)
    if (await instances.start(instanceId, id, input))
      return { status: 202, body: JSON.stringify({ id: instanceId }) }
    return problem(409, `The instance ${instanceId} is already running`)
  }
  if (kind === 'entities' && action !== undefined) {
    if (!catalog('entity', id)) return problem(400, `The app has no entity ${id}`)
    const target = entityTarget(id, action)
    if (method === 'GET') {
      const state = entities.readState(target)
      return state === undefined ? { status: 404 } : { status: 200, body: state ?? 'null' }
    }
    const operation = { op: url.searchParams.get('op') ?? '', ...(body && { input: body }) }
    await store.commit(() => store.post(target, null, operation))
    return { status: 202 }
  }
  if (call === 'GET instances' && action === undefined) {
    if (!id) return list(store.all('SELECT * FROM instance ORDER BY created, id'), url)
    const instance = instances.find(id)
    if (!instance) return { status: 404 }
    return { status: isRunning(instance) ? 202 : 200, body: JSON.stringify(toStatus(instance)) }
  }
  const statuses = { missing: 404, finished: 410, done: 202 }
  if (call === 'POST instances' && action === 'raiseEvent' && event)
    return { status: statuses[await instances.raise(id, event, input)] }
  if (call === 'POST instances' && action === 'terminate')
    return { status: statuses[await instances.terminate(id, url.searchParams.get('reason') ?? '')] }
  return problem(501, `${method} ${url.pathname} is not served by the local Functions host`)
}

function list(instances: Instance[], url: URL): RpcAnswer {
  const wanted = url.searchParams.get('runtimeStatus')?.split(',')
  const found = instances.filter(({ status }) => !wanted || wanted.includes(status))
  return { status: 200, body: JSON.stringify(found.map(toStatus)) }
}

/** The client rejects a status that lacks a field, so what is absent is null. */
function toStatus(instance: Instance): object {
  const { name, id, created, updated, status, input, output, customStatus } = instance
  return {
    name,
    instanceId: id,
    createdTime: created,
    lastUpdatedTime: updated,
    runtimeStatus: status,
    input: JSON.parse(input),
    output: JSON.parse(output ?? 'null'),
    customStatus: JSON.parse(customStatus ?? 'null')
  }
}

function isInstanceId(text: string): boolean {
  return text.length > 0 && text.length <= MAX_ID_LENGTH && !/^@|[/\\#?\p{Cc}]/u.test(text)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const problem = (status: number, message: string): RpcAnswer => ({
  status,
  body: JSON.stringify({ message })
})
