import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import topology from '#topology' with { type: 'json' }
import { buildApp } from '../../infra/build.ts'
import type { RideAccount } from '../simulators/account.ts'
import { createRandom } from '../simulators/random.ts'
import { rideRace } from '../simulators/ride.ts'
import { columnsOf, type Expected, expectedFinal } from './oracle.ts'
import { boardOf, latestFinal, type Product, shortRide, startProduct } from './product.ts'

/** Another seed kills at other moments. */
const SEED = Number(process.env.KILL_SEED ?? 20_261_121)
const RIDERS = 20
const RACE_SECONDS = 24
/** Whoever could not send for this long gave up: longer than any restart. */
const BACKLOG_SECONDS = 15
/** Parts of the local cloud whose loss must cost nothing. */
const PARTS = [
  ...Object.keys(topology.apps),
  'gateway',
  'eventHubs',
  'cosmos',
  'webPubSub',
  'storage',
  'keyVault',
  'entra'
]
/** At this moment everything is killed at once. */
const ALL = 'all'

const temporary: string[] = []
afterAll(() => Promise.all(temporary.map(dir => rm(dir, { recursive: true, force: true }))))

describe('kill -9 in the middle of races', () => {
  it('costs no acknowledged reading and counts none twice, at every process and at all of them', async () => {
    const product = await startProduct()
    try {
      // Three races, each with every third part killed in it, and everything in the last.
      const victims = shuffled(PARTS)
      for (let race = 0; race < 3; race++) {
        const doomed = victims.filter((_, i) => i % 3 === race)
        if (race === 2) doomed.push(ALL)
        const { final, expected, account } = await raceWith(product, `killed-${race}`, doomed)
        expect(account.refused).toEqual({})
        expect(account.unanswered).toBe(0)
        expect(final).toEqual(expected)
      }
    } finally {
      await product.close()
    }
  })

  it('is caught in the act when the fence is taken out', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'grandstand-fenceless-'))
    temporary.push(dir)
    await buildApp('aggregate', dir, { 'functions/race/fence.ts': await fenceless() })
    const product = await startProduct(app => (app === 'aggregate' ? dir : `dist/${app}`))
    try {
      const { final, expected } = await raceWith(product, 'fenceless', ['aggregate', 'gateway'])
      expect(final).not.toEqual(expected)
    } finally {
      await product.close()
    }
  })
})

/** The fence with its answer always `new`. */
async function fenceless(): Promise<string> {
  const source = await readFile('functions/race/fence.ts', 'utf8')
  const open = source.replace(
    /\): Passage \{\n/,
    "$&  if (bib > 0) return (columns.high[bib - 1] = 1), 'new'\n"
  )
  expect(open).not.toBe(source)
  return open
}

async function raceWith(
  product: Product,
  raceId: string,
  doomed: string[]
): Promise<{ final: Expected[]; expected: Expected[]; account: RideAccount }> {
  const race = shortRide(raceId, {
    startsIn: 6,
    seconds: RACE_SECONDS,
    backlog: BACKLOG_SECONDS,
    capacity: RIDERS
  })
  const startsAt = race.timetable.startsAt ?? 0
  const times = { startsAt, endsAt: startsAt + RACE_SECONDS * 1_000 }
  await product.office.scheduleRide(race)
  const riding = rideRace({
    gateway: product.cloud.url,
    raceId,
    riders: RIDERS,
    seed: SEED,
    ...times,
    now: Date.now,
    faults: { duplicates: 0.02 }
  })
  await killInTurn(product, doomed, times)
  const account = await riding
  await boardOf(product, raceId, head => head.phase === 'official', 120_000)
  const final = columnsOf((await latestFinal(product, raceId)).rows)
  return {
    final,
    account,
    expected: expectedFinal(account, { kind: 'ride', metric: 'output' }, times)
  }
}

/** Kills each in turn at a seeded moment of its own share of the race. */
async function killInTurn(
  product: Product,
  doomed: string[],
  { startsAt, endsAt }: { startsAt: number; endsAt: number }
): Promise<void> {
  const random = createRandom(SEED, doomed.length)
  const share = (endsAt - startsAt) / doomed.length
  for (const [turn, name] of doomed.entries()) {
    await pause(Math.max(0, startsAt + (turn + random()) * share - Date.now()))
    const parts = [...product.cloud.parts.values()].filter(
      part => name === ALL || part.name === name
    )
    expect(parts.length).toBeGreaterThan(0)
    await Promise.all(parts.map(part => part.kill()))
  }
}

function shuffled(names: string[]): string[] {
  const random = createRandom(SEED)
  return names
    .map(name => ({ name, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ name }) => name)
}
