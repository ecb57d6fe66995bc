import { answered, type ContainerName, container } from './database.ts'

/** Reads one item by id and partition key; undefined where there is none. */
export async function readItem<T extends object>(
  name: ContainerName,
  id: string,
  partitionKey: string,
  signal?: AbortSignal
): Promise<{ item: T; etag: string } | undefined> {
  const { resource, etag } = await container(name).item(id, partitionKey).read<T>(aborting(signal))
  return resource && { item: resource, etag }
}

/** Creates an item; false when one with its id is there already. */
export async function createItem(
  name: ContainerName,
  item: object,
  signal?: AbortSignal
): Promise<boolean> {
  try {
    await container(name).items.create(item, aborting(signal))
    return true
  } catch (error) {
    if (answered(error, 409)) return false
    throw error
  }
}

/**
 * Replaces an item under its etag, or creates it where `etag` is null.
 * Answers the new etag, or `conflict` when the stored item is another than the caller knew.
 */
export async function replaceItem<T extends { id: string }>(
  name: ContainerName,
  item: T,
  partitionKey: string,
  etag: string | null,
  signal?: AbortSignal
): Promise<{ etag: string } | 'conflict'> {
  const options = aborting(signal)
  try {
    if (etag === null) {
      const created = await container(name).items.create(item, options)
      return { etag: created.etag }
    }
    const replaced = await container(name)
      .item(item.id, partitionKey)
      .replace(item, { ...options, accessCondition: { type: 'IfMatch', condition: etag } })
    return { etag: replaced.etag }
  } catch (error) {
    // 404: the item was deleted under a known etag; the caller reads and finds nothing.
    if (answered(error, 404, 409, 412)) return 'conflict'
    throw error
  }
}

/** The request option of a signal, where there is one. */
export const aborting = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } =>
  signal ? { abortSignal: signal } : {}

/** What the other operations of a failed batch answer. */
const FAILED_DEPENDENCY = 424

/** The operation for which a batch failed; undefined where none did. */
export const failedOf = <T extends { statusCode: number }>(result: readonly T[]): T | undefined =>
  result.find(({ statusCode }) => statusCode >= 400 && statusCode !== FAILED_DEPENDENCY)
