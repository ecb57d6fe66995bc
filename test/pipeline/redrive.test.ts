import { EventHubProducerClient } from '@azure/event-hubs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeadLetter, Race, RideReading } from '#contract'
import { awaitArchive } from '../../infra/operate/archive.ts'
import { type Connection, connectToLaptop } from '../../infra/operate/connection.ts'
import { deleteLetters, resend } from '../../infra/operate/resend.ts'
import {
  boardOf,
  eventually,
  latestFinal,
  type Product,
  shortRide,
  startProduct
} from './product.ts'

const RACE = 'forgotten'
const RIDERS = [1, 2, 3]
/** Readings of each rider before the race was opened, and after. */
const BEFORE = 10
const AFTER = 10
/** So many seconds of the race are over when its readings come. */
const BEGUN_S = 30
const SECONDS = 60

let product: Product
let connection: Connection
let producer: EventHubProducerClient
let race: Race

beforeAll(async () => {
  product = await startProduct()
  connection = await connectToLaptop(product.endpoints)
  const { connectionString, hub } = product.endpoints.eventHubs
  producer = new EventHubProducerClient(connectionString, hub)
  // By its timetable it runs, but nobody has opened it.
  const { opensAt: _, ...timetable } = shortRide(RACE, {
    startsIn: -BEGUN_S,
    seconds: SECONDS
  }).timetable
  race = { ...shortRide(RACE), timetable }
  await product.office.scheduleRide(race)
})
afterAll(async () => {
  await producer?.close()
  await connection?.close()
  await product?.close()
})

const startsAt = () => race.timetable.startsAt ?? 0
const reading = (bib: number, second: number): RideReading => ({
  seq: second,
  t: startsAt() + second * 1_000,
  cadence: 80 + bib,
  resistance: 40,
  power: 200,
  distance: second * 10_000,
  work: second * 200
})
/** What one reading adds to the output. */
const worth = (bib: number) => (80 + bib + 35) * (40 + 65)

/** Sends readings of each rider as the gateway does, two in an event. */
async function ride(from: number, to: number): Promise<void> {
  const events = RIDERS.flatMap(bib =>
    Array.from({ length: (to - from) / 2 }, (_, pair) => ({
      body: [0, 1].map(half => reading(bib, from + 2 * pair + half)),
      properties: { race: RACE, bib: String(bib), session: '7' }
    }))
  )
  await producer.sendBatch(events, { partitionKey: `${RACE}.0` })
}

async function letters(): Promise<DeadLetter[]> {
  const query = product.container('deadLetters').items.query<DeadLetter>('SELECT * FROM c')
  return (await query.fetchAll()).resources
}

const lettersOf = (reason: string, wanted: number) =>
  eventually(`${wanted} letters of ${reason}`, async () => {
    const own = (await letters()).filter(letter => letter.reason === reason)
    return own.length === wanted ? own : undefined
  })

test('readings of a race that nobody opened are dead letters', async () => {
  await ride(0, BEFORE)
  // One was measured before the start: no opening will make it count.
  const early = { ...reading(1, 0), seq: BEFORE + AFTER, t: startsAt() - 1 }
  const properties = { race: RACE, bib: '1', session: '7' }
  await producer.sendBatch([{ body: early, properties }], { partitionKey: `${RACE}.0` })
  await lettersOf('no-race', RIDERS.length * BEFORE + 1)
})

test('once it is opened, later ones count', async () => {
  await product.office.record({ id: 'open', raceId: RACE, kind: 'open', race })
  await boardOf(product, RACE, head => head.phase === 'running')
  await ride(BEFORE, BEFORE + AFTER)
  await boardOf(product, RACE, head => head.folded === RIDERS.length * AFTER)
})

test('a dry run finds all of them and changes nothing', async () => {
  await awaitArchive(connection, 0, () => undefined)
  const found = RIDERS.length * BEFORE + 1
  const told = await resend(connection, { reason: 'no-race', raceId: RACE, dryRun: true })
  expect(Object.fromEntries(told)).toEqual({
    'no-race': { found, sent: found, missing: 0, ofDevices: 0 }
  })
  expect(await letters()).toHaveLength(found)
})

test('a redrive of another race finds nothing', async () => {
  expect((await resend(connection, { raceId: 'other' })).size).toBe(0)
})

test('a redrive counts every reading once, and what is refused again is a dead letter again', async () => {
  const found = RIDERS.length * BEFORE + 1
  const told = await resend(connection, { reason: 'no-race' })
  expect(told.get('no-race')).toMatchObject({ found, sent: found, missing: 0 })
  await boardOf(product, RACE, head => head.folded === RIDERS.length * (BEFORE + AFTER))
  await lettersOf('before-start', 1)
  await lettersOf('no-race', 0)
  const again = await resend(connection, { reason: 'before-start' })
  expect(again.get('before-start')).toMatchObject({ found: 1, sent: 1 })
  await eventually('the letter to be written again', async () => {
    const [letter] = await letters()
    return letter?.reason === 'before-start' ? letter : undefined
  })
  await boardOf(product, RACE, head => head.phase === 'official', 120_000)
  const { rows } = await latestFinal(product, RACE)
  const columns = rows.map(({ bib, value, laps }) => ({ bib, value, laps }))
  const readings = BEFORE + AFTER
  expect(columns).toEqual(
    RIDERS.toReversed().map(bib => ({ bib, value: worth(bib) * readings, laps: readings }))
  )
})

test('a letter that was written again since it was read is not deleted', async () => {
  const container = product.container('deadLetters')
  const letter = { id: 'ride.1-7-3-too-old', source: 'ride.1', reason: 'too-old' }
  const { resource: read } = await container.items.upsert(letter)
  const { resource: again } = await container.items.upsert(letter)
  await deleteLetters(connection, [{ ...letter, _etag: read!._etag }])
  expect((await container.item(letter.id, letter.source).read()).resource?._etag).toBe(again!._etag)
  await deleteLetters(connection, [{ ...letter, _etag: again!._etag }])
  expect((await container.item(letter.id, letter.source).read()).resource).toBeUndefined()
  // Somebody else was faster: nothing is left to do.
  await deleteLetters(connection, [{ ...letter, _etag: again!._etag }])
})
