import { badRequest } from './errors.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type Document = { [name: string]: Json }
/** Property names from the document's root down. */
export type Path = string[]

/** Longest id, in characters. */
const ID_MAX_CHARS = 255

export const isObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `/a/b` as a path. */
export const toPath = (text: string): Path => text.slice(1).split('/')

/** The value at `path`, undefined where a part of the way is missing. */
export function valueAt(document: Json, path: Path): Json | undefined {
  let value: Json | undefined = document
  for (const name of path)
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/** The document's partition key as the client writes it in its header: a JSON array, `[{}]` where the property is missing. */
export function partitionOf(document: Document, path: Path): string {
  const value = valueAt(document, path)
  if (typeof value === 'object' && value !== null)
    throw badRequest('The partition key must be a string, number, boolean or null.')
  return JSON.stringify([value === undefined ? {} : value])
}

/** The body as an object with an id that Azure takes. */
export function withId(body: Json | undefined): Document & { id: string } {
  const { id }: Document = isObject(body) ? body : {}
  if (typeof id !== 'string' || !/^[^/\\?#]+$/.test(id) || id.length > ID_MAX_CHARS)
    throw badRequest(`The id must be 1 to ${ID_MAX_CHARS} characters without / \\ ? #`)
  return { ...(body as Document), id }
}
