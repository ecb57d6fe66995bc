import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awaitArchive, readArchive } from '../../infra/operate/archive.ts'
import { type Connection, connectToLaptop } from '../../infra/operate/connection.ts'
import { rebuild } from '../../infra/operate/rebuild.ts'
import { rideRace } from '../simulators/ride.ts'
import {
  boardOf,
  eventually,
  latestFinal,
  type Product,
  shortRide,
  startProduct
} from './product.ts'

const RIDERS = 24
/** Longer than a window of Capture. */
const SECONDS = 12
const TRIAL = 'trial-1'

let product: Product
let other: Product
let source: Connection
let target: Connection

beforeAll(async () => {
  product = await startProduct()
  other = await startProduct()
  source = await connectToLaptop(product.endpoints)
  target = await connectToLaptop(other.endpoints)
  await Promise.all([ride('ride-1'), ride('ride-2'), timeTrial()])
}, 240_000)
afterAll(async () => {
  await source?.close()
  await target?.close()
  await product?.close()
  await other?.close()
})

async function ride(raceId: string): Promise<void> {
  const race = shortRide(raceId, { startsIn: 8, seconds: SECONDS, capacity: RIDERS })
  const startsAt = race.timetable.startsAt ?? 0
  await product.office.scheduleRide(race)
  await boardOf(product, raceId, head => head.phase !== 'scheduled')
  const account = await rideRace({
    gateway: product.cloud.url,
    raceId,
    riders: RIDERS,
    seed: 7,
    startsAt,
    endsAt: startsAt + SECONDS * 1_000,
    now: Date.now,
    faults: { duplicates: 0.05, late: 0.05, outOfOrder: 0.05 }
  })
  expect(account.acknowledged).toBeGreaterThan(RIDERS * (SECONDS - 2))
  await boardOf(product, raceId, head => head.phase === 'official')
}

/** An attended race of laps, which are facts: opened, started, closed and signed by officials. */
async function timeTrial(): Promise<void> {
  const { office } = product
  const timetable = { backlogMs: 500, protestMs: 500 }
  const { timetable: _, ...race } = shortRide(TRIAL, {}, { kind: 'fastestLap' })
  await office.openTimeTrial({ ...race, attended: true, timetable })
  for (const bib of [1, 2, 3]) {
    const run = { runId: `run-${bib}`, bib }
    await office.enter(TRIAL, bib, {
      competitorId: `driver-${bib}`,
      name: `Driver ${bib}`,
      country: '',
      class: ''
    })
    if (bib === 1) await office.start(TRIAL)
    await office.startRun(TRIAL, run)
    for (const lap of [1, 2, 3]) {
      // No lap is longer than since the start.
      await pause(300)
      await office.record({
        id: `lap-${bib}-${lap}`,
        raceId: TRIAL,
        kind: 'lap',
        ...run,
        lap,
        lapMs: 200 + ((bib * 7 + lap * 3) % 5),
        source: 'hand',
        valid: lap !== 2,
        by: 'timekeeper'
      })
    }
    await office.endRun(TRIAL, run)
  }
  await boardOf(product, TRIAL, head => head.phase === 'running')
  await office.close(TRIAL)
  await boardOf(product, TRIAL, head => head.phase === 'provisional')
  await office.confirm(TRIAL)
  await boardOf(product, TRIAL, head => head.phase === 'official')
}

/** The final when the board has it: what came last may still be on its way to the store. */
const finalOf = (raceId: string) =>
  eventually(`the final of ${raceId}`, () => latestFinal(product, raceId).catch(() => undefined))

test('a ride is rebuilt from archive and ledger in an empty cloud, equal to the byte', async () => {
  const told: string[] = []
  expect(await rebuild(source, target, 'ride-1', sentence => told.push(sentence))).toBeUndefined()
  expect((await finalOf('ride-1')).rows.filter(({ value }) => value !== null)).toHaveLength(RIDERS)
  expect(told.join('\n')).toMatch(/sent \d{3} of the race/)
})

test('a race of laps is rebuilt from its facts alone', async () => {
  expect(await rebuild(source, target, TRIAL, () => undefined)).toBeUndefined()
  expect((await finalOf(TRIAL)).rows[0]).toMatchObject({ rank: 1, status: 'finished' })
})

test('what is gone from the archive makes a difference, and it is told', async () => {
  await awaitArchive(source, 0, () => undefined)
  let partition = ''
  for await (const event of readArchive(source.archive, 0)) {
    if (event.properties.race === 'ride-2') partition = event.partition
  }
  const files: string[] = []
  for await (const { name } of source.archive.listBlobsFlat()) {
    if (name.split('/').at(-7) === partition) files.push(name)
  }
  // A race longer than a window lies in more files than one; the newest one Capture would write again.
  const gone = files.slice(0, -1)
  expect(gone.length).toBeGreaterThan(0)
  for (const name of gone) await source.archive.deleteBlob(name)
  expect(await rebuild(source, target, 'ride-2', () => undefined)).toMatch(/^Row \d+ differs/)
})

test('a race that the target knows already is not rebuilt there', async () => {
  await expect(rebuild(source, target, 'ride-1', () => undefined)).rejects.toThrow(
    'The target knows a race ride-1 already.'
  )
})
