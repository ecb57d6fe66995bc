import { type Document, isObject, type Json, toPath } from './document.ts'
import { badRequest, notServed, preconditionFailed } from './errors.ts'
import { parse } from './query/parser.ts'

/** Most operations of one patch. */
const OPERATIONS_MAX = 10
/** The service's own properties, and the id: never changed by a patch. */
const FIXED = ['id', '_rid', '_self', '_etag', '_attachments', '_ts']

/** The document with the operations of a patch body applied in order, if its condition holds for it. */
export function patch(document: Document, body: Json | undefined): Document {
  const { operations, condition }: Document = isObject(body) ? body : { operations: body ?? null }
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > OPERATIONS_MAX)
    throw badRequest(`A patch has 1 to ${OPERATIONS_MAX} operations.`)
  if (typeof condition === 'string' && !parse(`SELECT * ${condition}`).matches(document, new Map()))
    throw preconditionFailed('The condition of the patch does not hold.', 1110)
  const patched = structuredClone(document)
  for (const operation of operations) apply(patched, operation)
  return patched
}

function apply(document: Document, operation: Json): void {
  const { op, path, value }: Document = isObject(operation) ? operation : {}
  if (typeof op !== 'string' || typeof path !== 'string' || !isServed(op))
    throw notServed(`Patch operation ${op}`)
  if (op !== 'remove' && value === undefined) throw badRequest(`The ${op} of ${path} has no value.`)
  const names = toPath(path)
  if (FIXED.includes(names[0]!)) throw badRequest(`The path ${path} cannot be patched.`)
  const name = names.pop()!
  const parent = names.reduce<Json | undefined>(step, document)
  if (Array.isArray(parent)) {
    // `-` is the place after the last; an add elsewhere moves the rest up.
    const index = name === '-' ? parent.length : Number(name)
    if (op !== 'add' || !(index >= 0 && index <= parent.length))
      throw notServed(`Patch operation ${op} of an array at ${path}`)
    parent.splice(index, 0, value!)
    return
  }
  if (!isObject(parent)) throw badRequest(`The way to ${path} does not exist.`)
  const old = Object.hasOwn(parent, name) ? parent[name] : undefined
  if (op === 'remove') {
    if (old === undefined) throw badRequest(`There is nothing at ${path} to remove.`)
    delete parent[name]
  } else parent[name] = op === 'incr' ? sum(old ?? 0, value!) : value!
}

const isServed = (op: string) => ['add', 'set', 'incr', 'remove'].includes(op)

const step = (value: Json | undefined, name: string): Json | undefined =>
  Array.isArray(value) ? value[Number(name)] : isObject(value) ? value[name] : undefined

function sum(old: Json, value: Json): number {
  if (typeof old === 'number' && typeof value === 'number') return old + value
  throw badRequest('Only a number can be incremented, and by a number.')
}
