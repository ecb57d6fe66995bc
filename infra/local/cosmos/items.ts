import type { Account } from './account.ts'
import { type Answer, type Call, partitionOf, type Right } from './call.ts'
import type { Container, Item } from './container.ts'
import { isObject, type Json } from './document.ts'
import { badRequest, CosmosRefusal, notServed } from './errors.ts'
import { type Operation, type Outcome, perform, readCharge } from './operations.ts'
import { runQuery } from './query/run.ts'
import { Transaction } from './transaction.ts'

/** Items of a feed page whose size is not asked for. */
const FEED_PAGE_ITEMS = 100
/** Most operations of one batch. */
const BATCH_MAX = 100
/** What a query costs beside the reading of its rows, in RU. */
const QUERY_CHARGE = 1.5
const KINDS: Record<string, string> = {
  GET: 'Read',
  PUT: 'Replace',
  PATCH: 'Patch',
  DELETE: 'Delete'
}

/** Answers what is under a container's `docs`; `demand` refuses who lacks a right. */
export function answerItems(
  account: Account,
  container: Container,
  call: Call,
  demand: (right: Right) => void
): Answer {
  const { method, header, segments, body } = call
  const has = (name: string) => header(name)?.toLowerCase() === 'true'
  const trigger = (when: string) => header(`x-ms-documentdb-${when}-trigger-include`)
  if (trigger('pre') ?? trigger('post')) throw notServed('Triggers')
  if (segments.length === 6) return answerItem(KINDS[method] ?? method, segments[5])
  if (method === 'GET' && header('a-im')) {
    demand('feed')
    return readFeed(container, call)
  }
  if (method !== 'POST') throw notServed(`${method} of all items`)
  // The client asks for a plan beside every query and does without when the query itself is answered.
  if (has('x-ms-cosmos-is-query-plan-request')) throw notServed('Query plans')
  if (has('x-ms-documentdb-isquery')) {
    demand('read')
    return query(container, call)
  }
  if (!has('x-ms-cosmos-is-batch-request'))
    return answerItem(has('x-ms-documentdb-is-upsert') ? 'Upsert' : 'Create')
  if (!has('x-ms-cosmos-batch-atomic')) throw notServed('Bulk operations')
  const operations = Array.isArray(body) ? body.map(toOperation) : []
  if (operations.length === 0 || operations.length > BATCH_MAX)
    throw badRequest(`A batch has 1 to ${BATCH_MAX} operations.`)
  for (const { kind } of operations) demand(kind.toLowerCase() as Right)
  return batch(operations)

  function answerItem(kind: string, id?: string): Answer {
    demand(kind.toLowerCase() as Right)
    const transaction = begin()
    const [ifMatch, ifNoneMatch] = [header('if-match'), header('if-none-match')]
    const outcome = perform(transaction, { kind, id, body, ifMatch, ifNoneMatch })
    account.commit(container, transaction.change)
    const { status, item, charge } = outcome
    if (!item) return { status, charge }
    const headers = { etag: item.document._etag }
    return { status, headers, charge, ...(status !== 304 && { text: item.text }) }
  }

  /** All operations or none: after a failure the others have 424. */
  function batch(all: Operation[]): Answer {
    const transaction = begin()
    const done: Outcome[] = []
    try {
      for (const operation of all) done.push(perform(transaction, operation))
    } catch (error) {
      if (!(error instanceof CosmosRefusal)) throw error
      const { status: statusCode, substatus: subStatusCode, message } = error
      const results: object[] = all.map(() => ({ statusCode: 424, requestCharge: 0 }))
      results[done.length] = { statusCode, subStatusCode, requestCharge: 1, message }
      return { status: 207, text: JSON.stringify(results) }
    }
    account.commit(container, transaction.change)
    const results = done.map(({ status, item, charge }) => ({
      statusCode: status,
      requestCharge: charge,
      ...(item && { eTag: item.document._etag, resourceBody: item.document })
    }))
    const charge = done.reduce((sum, one) => sum + one.charge, 0)
    return { status: 200, text: JSON.stringify(results), charge }
  }

  function begin(): Transaction {
    const partition = partitionOf(call)
    if (partition === undefined) throw badRequest('The partition key header is missing.', 1001)
    return new Transaction(container, partition)
  }
}

function toOperation(value: Json): Operation {
  const { operationType, id, ifMatch, ifNoneMatch, resourceBody } = isObject(value) ? value : {}
  if (typeof operationType !== 'string') throw badRequest('A batch operation needs operationType.')
  if (ifNoneMatch !== undefined) throw notServed('ifNoneMatch in a batch')
  const text = (part: Json | undefined) => (typeof part === 'string' ? part : undefined)
  return { kind: operationType, id: text(id), body: resourceBody, ifMatch: text(ifMatch) }
}

/** The latest version of each item written after the position in If-None-Match; `*` is the present one. */
function readFeed(container: Container, call: Call): Answer {
  const { header } = call
  if (header('a-im') !== 'Incremental Feed') throw notServed('The feed of all versions and deletes')
  if (header('if-modified-since')) throw notServed('A feed from a point in time')
  if (header('x-ms-start-epk') !== undefined) throw notServed('A feed of a part of the range')
  const partition = partitionOf(call)
  const from = header('if-none-match') ?? '"0"'
  const lsn = from === '*' ? container.lsn : Number(from.replaceAll('"', ''))
  if (!Number.isInteger(lsn)) throw badRequest(`The feed position ${from} is malformed.`)
  const limit = Number(header('x-ms-max-item-count')) || FEED_PAGE_ITEMS
  const admits = (item: Item) =>
    (partition === undefined || item.partition === partition) && container.isLive(item)
  const { items, last = container.lsn } = container.feed.after(lsn, limit, admits)
  const headers = { etag: `"${last}"` }
  if (items.length === 0) return { status: 304, headers }
  const texts = items.map(item => `${item.text.slice(0, -1)},"_lsn":${item.lsn}}`)
  return toAnswer(container, texts, headers)
}

function query(container: Container, call: Call): Answer {
  const { rows, continuation } = runQuery(container, call.body, {
    partition: partitionOf(call),
    limit: Number(call.header('x-ms-max-item-count') ?? 0),
    continuation: call.header('x-ms-continuation')
  })
  const texts = rows.map(row => JSON.stringify(row))
  const headers = continuation === undefined ? {} : { 'x-ms-continuation': continuation }
  const answer = toAnswer(container, texts, headers)
  return { ...answer, charge: QUERY_CHARGE + readCharge(texts.join().length) }
}

function toAnswer({ definition }: Container, texts: string[], headers: Answer['headers']): Answer {
  const text = `{"_rid":"${definition._rid}","Documents":[${texts.join()}],"_count":${texts.length}}`
  return { status: 200, text, headers: { ...headers, 'x-ms-item-count': texts.length } }
}
