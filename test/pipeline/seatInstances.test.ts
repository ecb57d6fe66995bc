import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Seat, type SeatItem } from '#contract'
import { appSettings, identitySettings } from '../../infra/local/appSettings.ts'
import { type Kept, keepRunning } from '../../infra/local/processes.ts'
import { identityToken } from './callers.ts'
import { boardOf, type Product, shortRide, startProduct } from './product.ts'

const RACE = 'crowded'
const CAPACITY = 60
/** Who asks, each twice under one key: as many as there are seats three times over. */
const RIDERS = 3 * CAPACITY

let product: Product
let other: { host: Kept; url: string }

beforeAll(async () => {
  product = await startProduct()
  other = await secondRider(product)
  const race = { ...shortRide(RACE, { startsIn: 3_600, capacity: CAPACITY }), idleMs: 600_000 }
  expect(await product.office.scheduleRide(race)).toBe(true)
  await boardOf(product, RACE, head => head.phase === 'open')
})
afterAll(async () => {
  await other?.host.stop()
  await product?.close()
})

/** Another instance of the rider app beside the product's. */
async function secondRider({ cloud: { plan } }: Product): Promise<typeof other> {
  const port = await freePort()
  const identities = await identitySettings(plan)
  const host = await keepRunning(
    {
      name: 'second-rider',
      file: fileURLToPath(new URL('../../infra/local/parts/functionsHost.ts', import.meta.url)),
      options: { appDir: 'dist/rider', dir: `${plan.dir}/hosts/second-rider`, port },
      env: { ...appSettings('rider', plan), ...identities('rider') }
    },
    `${plan.dir}/logs`
  )
  return { host, url: `http://127.0.0.1:${port}` }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

test('two instances give each seat once between them, and each key one', async () => {
  const gateway = await identityToken(product, 'gateway')
  const ask = async (url: string, rider: number, attempts = 5): Promise<Response> => {
    const answer = await fetch(`${url}/races/${RACE}/seats`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `key-of-rider-${rider}`,
        'x-gateway-token': gateway
      },
      body: JSON.stringify({ nickname: `Rider ${rider}` })
    })
    // A busy machine: the same key is the same request again.
    return answer.status < 500 || attempts === 1 ? answer : ask(url, rider, attempts - 1)
  }
  const doors = [product.cloud.url, other.url]
  const answers = await Promise.all(
    Array.from({ length: RIDERS }, (_, rider) => doors.map(url => ask(url, rider))).flat()
  )
  const seats = await Promise.all(
    answers.map(async (answer, i) => {
      const body = await answer.json()
      if (answer.status === 409) return []
      return [{ ...v.parse(Seat, body), rider: Math.floor(i / 2), instance: i % 2 }]
    })
  )
  const given = seats.flat()
  const upTo = Array.from({ length: CAPACITY }, (_, i) => i + 1)
  const bibs = [...new Set(given.map(({ bib }) => bib))].toSorted((a, b) => a - b)
  expect(bibs).toEqual(upTo)
  expect(new Set(given.map(({ bib, rider }) => `${bib} ${rider}`)).size).toBe(CAPACITY)
  expect(new Set(given.map(({ instance }) => instance)).size).toBe(2)
  const query = `SELECT * FROM c WHERE c.kind = 'seat'`
  const items = product.container('seats').items
  const { resources } = await items.query<SeatItem>(query, { partitionKey: RACE }).fetchAll()
  expect(resources.map(({ bib }) => bib).toSorted((a, b) => a - b)).toEqual(upTo)
})
