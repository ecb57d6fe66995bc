import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Directory,
  type Entry,
  type Fact,
  type Head,
  type Negotiation,
  PEOPLE,
  type Person,
  type StartListOutcome
} from '#contract'
import topology from '#topology' with { type: 'json' }
import { screenLink } from '../../infra/local/screenLink.ts'
import { trial } from './apiCase.ts'
import { boardOf, eventually, type Product, startProduct } from './product.ts'

const RACE = 'people-trial'
/** What only `people` may hold; a number as it is typed and one that is refused, too. */
const SECRETS = {
  walkUp: { email: 'quagga-walks-up@paddock.example', phone: '+31 20 555 7391' },
  listed: { email: 'okapi-is-listed@paddock.example', phone: '+31 20 555 7392' },
  refused: { email: 'bongo at paddock' }
}
const CONTACTS = Object.values(SECRETS).flatMap(contact => Object.values(contact))
const NAMES = ['Quagga Quill', 'Okapi Olsen']
const WALK_UP = { name: NAMES[0], country: 'NLD', contact: SECRETS.walkUp }
const LIST = [
  'Bib;Name;Email;Phone',
  `3;${NAMES[1]};${SECRETS.listed.email};${SECRETS.listed.phone}`
].join('\r\n')
/** What begins with it is the database itself. */
const DATABASE = 'cosmos'

let product: Product
let entry: Entry
const frames: string[] = []
const watching: WebPubSubClient[] = []

beforeAll(async () => {
  product = await startProduct()
  await product.office.openTimeTrial(trial(RACE))
  await boardOf(product, RACE, head => head.phase === 'open')
  await watch()
  const answer = await enter(WALK_UP)
  expect(answer.status).toBe(201)
  entry = (await answer.json()) as Entry
  expect((await enter({ name: 'Bongo', contact: SECRETS.refused }, 'key-of-bongo')).status).toBe(
    400
  )
  expect(await list(LIST, true)).toMatchObject({ applied: true, faults: [] })
  await eventually('both names', async () => ((await names()).length === 2 ? true : undefined))
  await boardOf(product, RACE, head => head.competitors === 2)
})
afterAll(async () => {
  for (const client of watching) client.stop()
  await product?.close()
})

/** Listens as a venue screen does. */
async function watch(): Promise<void> {
  const key = await screenLink(product.cloud.plan, 'hall')
  const headers = { authorization: `Bearer ${key}` }
  const getClientAccessUrl = async () => {
    const asked = `${product.cloud.url}/races/${RACE}/negotiate`
    const answer = await fetch(asked, { method: 'POST', headers })
    return ((await answer.json()) as Negotiation).url
  }
  const client = new WebPubSubClient({ getClientAccessUrl }, { protocol: WebPubSubJsonProtocol() })
  client.on('group-message', ({ message }) => frames.push(JSON.stringify(message.data)))
  await client.start()
  watching.push(client)
}

async function send(
  role: 'admin' | 'timekeeper',
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {}
): Promise<Response> {
  const authorization = `Bearer ${await product.tokenOf(role)}`
  const init = { method, headers: { authorization, ...headers } }
  return fetch(`${product.cloud.url}${path}`, body === undefined ? init : { ...init, body })
}
const enter = (request: object, key = 'key-of-quagga') =>
  send('timekeeper', 'POST', `/races/${RACE}/entries`, {
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(request)
  })
const postList = (csv: string, apply: boolean) =>
  send('admin', 'POST', `/races/${RACE}/startlist${apply ? '?apply=true' : ''}`, {
    headers: { 'content-type': 'text/csv' },
    body: csv
  })
const list = async (csv: string, apply: boolean) =>
  (await (await postList(csv, apply)).json()) as StartListOutcome

async function names(): Promise<string[]> {
  const answer = await product.get(`/races/${RACE}/competitors`)
  if (!answer.ok) return []
  return ((await answer.json()) as Directory).entries.map(({ name }) => name)
}
const itemsOf = async (container: string): Promise<string> => {
  const { resources } = await product.container(container).items.query('SELECT * FROM c').fetchAll()
  return JSON.stringify(resources)
}
const facts = async (kind: Fact['kind']) =>
  (
    await product
      .container('ledger')
      .items.query<Fact>('SELECT * FROM c', { partitionKey: PEOPLE })
      .fetchAll()
  ).resources.filter(fact => fact.kind === kind)
const heldOf = (text: string, wanted: string[]) => wanted.filter(one => text.includes(one))

test('a competitor who walks up, and one of a list, are on the board with their names', async () => {
  expect(entry).toEqual({ raceId: RACE, bib: 1, competitorId: entry.competitorId })
  expect(await names()).toEqual(NAMES)
})

test('the same entry and the same list again are the same answer and nobody new', async () => {
  const again = await enter(WALK_UP)
  expect([again.status, await again.json()]).toEqual([201, entry])
  expect((await enter({ ...WALK_UP, contact: {} })).status).toBe(422)
  expect((await enter({ name: 'Bongo', bib: 3 }, 'key-of-bongo')).status).toBe(409)
  const { applied, entries } = await list(LIST, true)
  expect({ applied, entries }).toMatchObject({ applied: true, entries: [{ known: true }] })
  expect(await names()).toEqual(NAMES)
})

test('contact details are in people and in no other container, names in no ledger', async () => {
  const found = new Map<string, string[]>()
  for (const name of Object.keys(topology.cosmos.containers)) {
    const held = heldOf(await itemsOf(name), CONTACTS)
    if (held.length) found.set(name, held)
  }
  const { walkUp, listed } = SECRETS
  const kept = [...Object.values(walkUp), ...Object.values(listed)]
  expect(Object.fromEntries(found)).toEqual({ people: kept })
  const ledger = await itemsOf('ledger')
  expect(ledger).toContain(entry.competitorId)
  expect(heldOf(ledger, [...NAMES, 'key-of-quagga'])).toEqual([])
})

const reads = topology.routes.filter(
  ({ method, operationId }) => method === 'GET' && operationId !== 'getPerson'
)
test.each(reads)('no answer of $operationId holds contact details', async route => {
  const path = route.path
    .replace('{raceId}', RACE)
    .replace('{page}', '0')
    .replace('{bib}', '1')
    .replace('{what}', 'racers')
    .replace('{form}', 'json')
    .replace('{courseId}', 'oval')
    .replace('{competitorId}', entry.competitorId)
  const role = route.backend === 'timekeeper' ? 'timekeeper' : 'admin'
  const queries: Record<string, string> = {
    getBoardAt: `?at=${Date.now()}`,
    getPersonalBest: '?board=fastest-lap',
    getGhosts: '?board=fastest-lap',
    getGhost: '?board=fastest-lap'
  }
  const query = queries[route.operationId] ?? ''
  const answer = await send(role, 'GET', path + query)
  // Of results and bests there are none yet.
  expect(answer.status).toBeOneOf(/form|courseId/.test(route.path) ? [200, 404] : [200])
  expect(heldOf(await answer.text(), CONTACTS)).toEqual([])
})

test('no message to a screen holds contact details or names', async () => {
  await eventually('a message', async () => frames[0])
  expect(heldOf(frames.join(), [...CONTACTS, ...NAMES])).toEqual([])
})

test('an admin sees contact details, and each look is in the ledger', async () => {
  const answer = await send('admin', 'GET', `/people/${entry.competitorId}`)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect((await answer.json()) as Person).toMatchObject(SECRETS.walkUp)
  expect((await send('admin', 'GET', '/people/nobody')).status).toBe(404)
  expect((await send('timekeeper', 'GET', `/people/${entry.competitorId}`)).status).toBe(403)
  const looks = (await facts('look')) as { competitorId?: string }[]
  expect(looks.map(({ competitorId }) => competitorId)).toEqual([entry.competitorId, 'nobody'])
})

test('a list of 5 MB is refused with the limit, and one with faults is told line by line', async () => {
  const answer = await postList(`bib,name\n${'1,Racer\n'.repeat(650_000)}`, true)
  expect(answer.status).toBe(413)
  expect(((await answer.json()) as { detail: string }).detail).toContain('1000000')
  const { applied, faults } = await list('bib,name\n1,Somebody\n0,"Else', true)
  expect(applied).toBe(false)
  expect(faults.map(({ line }) => line)).toEqual([2, 3])
})

test('who is erased leaves the names, memory and search, and keeps number and place', async () => {
  const erasedAt = Date.now()
  const headPath = `/races/${RACE}/standings`
  const before = await product.get(headPath)
  const { version, names: named } = (await before.json()) as Head
  const tag = before.headers.get('etag') ?? ''
  const path = `/people/${entry.competitorId}`
  expect((await send('admin', 'DELETE', path)).status).toBe(204)
  await eventually('the name to go', async () => ((await names()).length === 1 ? true : undefined))
  console.info(`the name was gone after ${Date.now() - erasedAt} ms`)
  expect(await names()).toEqual([NAMES[1]])
  const found = await product.get(`/races/${RACE}/competitors?q=quagga`)
  expect(((await found.json()) as Directory).entries).toEqual([])
  for (const name of Object.keys(topology.cosmos.containers)) {
    expect(heldOf(await itemsOf(name), [NAMES[0]!, ...Object.values(SECRETS.walkUp)])).toEqual([])
  }
  const after = await eventually('the head to tell', async () => {
    const answer = await product.get(headPath, { 'If-None-Match': tag })
    return answer.status === 200 ? answer : undefined
  })
  const told = (await after.json()) as Head
  expect([told.version, told.names]).toEqual([version, (named ?? 0) + 1])
  console.info(
    `the head told of it after ${Date.now() - erasedAt} ms, ${tag} ${after.headers.get('etag')}`
  )
  const one = await product.get(`/races/${RACE}/competitors/${entry.bib}`)
  expect(one.status).toBe(200)
  expect(await one.json()).toMatchObject({ competitor: { name: '' }, row: { bib: entry.bib } })
  const { top } = await boardOf(product, RACE, head => head.competitors === 2)
  expect(top.map(({ bib }) => bib)).toEqual([1, 3])
  expect((await send('admin', 'GET', path)).status).toBe(404)
  expect((await send('admin', 'DELETE', path)).status).toBe(204)
  expect(await facts('erase')).toMatchObject([{ competitorId: entry.competitorId }])
  expect((await enter(WALK_UP)).status).toBe(201)
  expect(await itemsOf('people')).not.toContain(SECRETS.walkUp.email)
})

test('no log, event, blob or other file of the product holds contact details, but the database', async () => {
  const { dir } = product.cloud.plan
  const files = await readdir(dir, { recursive: true, withFileTypes: true })
  const holding: string[] = []
  for (const file of files.filter(each => each.isFile())) {
    const path = join(file.parentPath, file.name)
    if (heldOf(await readFile(path, 'latin1'), CONTACTS).length) holding.push(relative(dir, path))
  }
  const areas = holding.map(path => path.split('/')[0])
  expect(new Set(areas)).toEqual(new Set([DATABASE]))
})
