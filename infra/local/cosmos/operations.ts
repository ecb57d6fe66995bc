import type { Item } from './container.ts'
import { type Json, withId } from './document.ts'
import {
  badRequest,
  conflict,
  notFound,
  notServed,
  preconditionFailed,
  tooLarge
} from './errors.ts'
import { patch } from './patch.ts'
import type { Transaction } from './transaction.ts'

/** Largest item and largest request, in bytes of JSON. */
export const ITEM_MAX_BYTES = 2 * 1024 * 1024

export type Operation = {
  kind: string
  id?: string | undefined
  body?: Json | undefined
  ifMatch?: string | undefined
  ifNoneMatch?: string | undefined
}
export type Outcome = { status: number; item?: Item; charge: number }

/** Does one operation on an item within the transaction; throws the refusal where it cannot. */
export function perform(transaction: Transaction, operation: Operation): Outcome {
  const { kind, body, ifMatch, ifNoneMatch } = operation
  const isAnew = kind === 'Create' || kind === 'Upsert'
  const id = isAnew ? withId(body).id : (operation.id ?? '')
  const old = transaction.get(id)
  const put = (value: Json | undefined): Outcome => {
    const item = transaction.put(toItem(value, id), old)
    if (Buffer.byteLength(item.text) > ITEM_MAX_BYTES) throw tooLarge('The item is too large.')
    return { status: old ? 200 : 201, item, charge: writeCharge(item) }
  }
  if (!old && !isAnew) throw notFound('Entity with the specified id does not exist in the system.')
  if (old && kind === 'Create') throw conflict('Entity with the specified id already exists.')
  if (old && kind === 'Read') {
    const status = ifNoneMatch === old.document._etag ? 304 : 200
    return { status, item: old, charge: readCharge(old.text.length) }
  }
  if (ifMatch !== undefined && !(old && (ifMatch === '*' || ifMatch === old.document._etag)))
    throw preconditionFailed('One of the specified pre-condition is not met.')
  if (isAnew || kind === 'Replace') return put(body)
  if (old && kind === 'Patch') return put(patch(old.document, body))
  if (!old || kind !== 'Delete') throw notServed(`Operation ${kind}`)
  transaction.remove(id)
  return { status: 204, charge: writeCharge(old) }
}

function toItem(value: Json | undefined, id: string) {
  const item = withId(value)
  const { ttl } = item
  if (item.id !== id) throw badRequest('The id of an item cannot be changed.')
  if (ttl !== undefined && ttl !== -1 && !(typeof ttl === 'number' && ttl >= 1 && ttl % 1 === 0))
    throw badRequest('The ttl must be a positive number of seconds, or -1.')
  return item
}

/** A point read costs 1 RU at 1 KB and 10 RU at 100 KB. */
export const readCharge = (chars: number) => round(1 + 0.09 * kilobytesAboveOne(chars))
/** A write with few indexed properties costs 5 RU at 1 KB and 50 RU at 100 KB. */
const writeCharge = ({ text }: Item) => round(5 + 0.45 * kilobytesAboveOne(text.length))
const kilobytesAboveOne = (chars: number) => Math.max(0, chars / 1024 - 1)
const round = (units: number) => Math.round(units * 100) / 100
