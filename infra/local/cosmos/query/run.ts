import type { Container } from '../container.ts'
import { isObject, type Json, valueAt } from '../document.ts'
import { badRequest } from '../errors.ts'
import { PAGE_MAX_CHARS } from '../feed.ts'
import { type Parameters, parse, type Query } from './parser.ts'
import { order } from './values.ts'

/** Rows of a page whose size is not asked for. */
const PAGE_ROWS = 1_000

/** A row's place: its sort value, absent where undefined, and its item's resource id. */
type Place = { value?: Json | undefined; rid: string }

/** One page of a query over a partition or all, after where `continuation` says. Answers whole: one range needs no plan. */
export function runQuery(
  container: Container,
  body: Json | undefined,
  page: { partition?: string | undefined; limit: number; continuation?: string | undefined }
): { rows: Json[]; continuation?: string } {
  const { query: text, parameters: list } = isObject(body) ? body : {}
  if (typeof text !== 'string') throw badRequest('The query must be text.')
  const { select, matches, orderBy, filtered } = parse(text)
  requireIndexes(container, orderBy, filtered)
  const parameters: Parameters = new Map()
  for (const one of Array.isArray(list) ? list : [])
    if (isObject(one) && one.value !== undefined) parameters.set(String(one.name), one.value)
  const sign = orderBy?.isDescending ? -1 : 1
  const compare = (a: Place, b: Place) => sign * order(a.value, b.value) || order(a.rid, b.rid)

  const after = page.continuation === undefined ? undefined : toPlace(page.continuation)
  const found = []
  for (const item of container.items(page.partition)) {
    if (!matches(item.document, parameters)) continue
    const place: Place = { rid: item.document._rid }
    if (orderBy) place.value = valueAt(item.document, orderBy.path)
    if (!after || compare(place, after) > 0) found.push({ item, ...place })
  }
  found.sort(compare)

  const limit = page.limit > 0 ? page.limit : PAGE_ROWS
  let chars = 0
  const cut = found.findIndex(({ item }, i) => {
    chars += item.text.length
    return i > 0 && (i >= limit || chars > PAGE_MAX_CHARS)
  })
  const taken = cut < 0 ? found : found.slice(0, cut)
  const rows = taken.map(({ item }) => select(item.document)).filter(row => row !== undefined)
  if (cut < 0) return { rows }
  const { value, rid } = taken.at(-1)!
  return { rows, continuation: Buffer.from(JSON.stringify({ value, rid })).toString('base64') }
}

/** Azure would scan the container for a filter that no index serves; on a live path that is a mistake. */
function requireIndexes(
  { indexing }: Container,
  orderBy: Query['orderBy'],
  filtered: Query['filtered']
): void {
  if (orderBy && !indexing.isIndexed(orderBy.path))
    throw badRequest(
      `The index path corresponding to the specified order-by item is excluded: /${orderBy.path.join('/')}`
    )
  const scanned = filtered.find(path => !indexing.isIndexed(path))
  if (scanned) throw badRequest(`The filter needs the excluded path /${scanned.join('/')}`)
}

function toPlace(continuation: string): Place {
  try {
    return JSON.parse(Buffer.from(continuation, 'base64').toString())
  } catch {
    throw badRequest('The continuation token is malformed.')
  }
}
