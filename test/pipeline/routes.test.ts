import { mkdir, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROBLEM_MEDIA_TYPE } from '#contract'
import topology from '#topology' with { type: 'json' }
import { callersOf, identityToken } from './callers.ts'
import { boardOf, type Product, shortRide, startProduct } from './product.ts'
import { HOLDS, OTHER_RACE, RIDE, ROUTE_TABLE, type Route } from './routeTable.ts'

/** Where the table as run is left for who wants to read it. */
const REPORT = new URL('../../node_modules/.vitest/routes.txt', import.meta.url)
/** A seat that is given back serves nothing more, so that comes last. */
const WALK = topology.routes.toSorted(
  (a, b) => Number(a.operationId === 'leaveSeat') - Number(b.operationId === 'leaveSeat')
)
const APPS = topology.routes.filter(({ backend }) => backend !== 'eventHubs')

let product: Product
let callers: Record<string, string | undefined>
let gatewayToken: string
/** Route, who, and what the gateway and the app behind it answered. */
const seen: string[] = []

beforeAll(async () => {
  product = await startProduct()
  for (const raceId of [RIDE, OTHER_RACE]) {
    const ride = shortRide(raceId, { startsIn: 600, seconds: 600 })
    await product.office.scheduleRide({ ...ride, idleMs: 600_000 })
    await boardOf(product, raceId, head => head.phase === 'open')
  }
  callers = await callersOf(product)
  gatewayToken = await identityToken(product, 'gateway')
})
afterAll(async () => {
  await mkdir(new URL('.', REPORT), { recursive: true })
  await writeFile(REPORT, `${seen.join('\n')}\n`)
  await product?.close()
})

/** Sends the route's request and tells the status, or that the address is not there. */
async function ask(base: string, method: string, route: Route, headers: Record<string, string>) {
  const { path, body, mediaType = 'application/json' } = route
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await fetch(base + path, {
    method,
    headers: {
      'idempotency-key': 'table-key-0001',
      ...(body === undefined ? {} : { 'content-type': mediaType }),
      ...headers
    },
    ...(body === undefined ? {} : { body: text ?? '' })
  })
  const said = await answer.text()
  const isProblem = answer.headers.get('content-type') === PROBLEM_MEDIA_TYPE
  const isAbsent = answer.status === 404 && !(isProblem && !said.includes('No such address'))
  return isAbsent ? 'no such route' : answer.status
}

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

/** What the table says of a caller: `may`, or the status of the refusal. */
function wanted({ may, tokens }: Route, who: string): 'may' | 401 | 403 {
  if (!tokens || may?.includes(who)) return 'may'
  return HOLDS[tokens].includes(who) ? 403 : 401
}

/** An answer as the table has it: what is done, or refused for another reason than who asks, is `may`. */
const judged = (status: number | string) =>
  [401, 403, 500, 'no such route'].includes(status) ? status : 'may'

test('the table has every route of the topology, and no other', () => {
  const routes = topology.routes.map(({ operationId }) => operationId)
  expect(Object.keys(ROUTE_TABLE).sort()).toEqual(routes.sort())
})

test('the table names callers that there are, and each of those who have tokens', () => {
  const named = Object.values(ROUTE_TABLE).flatMap(({ may = [] }) => may)
  for (const who of [...named, ...HOLDS.entra, ...HOLDS.seat])
    expect(Object.keys(callers)).toContain(who)
})

test.each(WALK)('$operationId serves whom the table names', async route => {
  const { operationId, method, backend } = route
  const row = ROUTE_TABLE[operationId]!
  const port = product.cloud.plan.ports[backend as 'public']
  const answers = await Promise.all(
    Object.entries(callers).map(async ([who, token]) => {
      const atGateway = await ask(product.cloud.url, method, row, bearer(token))
      if (backend === 'eventHubs') return { who, atGateway, atApp: undefined }
      const headers = { ...bearer(token), 'x-gateway-token': gatewayToken }
      const atApp = await ask(`http://127.0.0.1:${port}`, method, row, headers)
      return { who, atGateway, atApp }
    })
  )
  for (const { who, atGateway, atApp = '-' } of answers)
    seen.push([operationId, who, wanted(row, who), atGateway, atApp].join('\t'))
  const expected = answers.map(({ who, atApp }) => {
    const atGateway = wanted(row, who)
    return { who, atGateway, atApp: atApp && atGateway }
  })
  const found = answers.map(({ who, atGateway, atApp }) => {
    return { who, atGateway: judged(atGateway), atApp: atApp && judged(atApp) }
  })
  expect(found).toEqual(expected)
})

test.each(APPS)('$operationId is not served past the gateway', async route => {
  const { operationId, method, backend } = route
  const row = ROUTE_TABLE[operationId]!
  const base = `http://127.0.0.1:${product.cloud.plan.ports[backend as 'public']}`
  const best = bearer(callers[row.may?.at(-1) ?? 'nobody'])
  const strangers = [
    '',
    'none',
    callers['person: timekeeper and admin'] ?? '',
    callers['identity of another app'] ?? ''
  ]
  for (const stranger of strangers)
    expect(await ask(base, method, row, { ...best, 'x-gateway-token': stranger })).toBe(403)
})
