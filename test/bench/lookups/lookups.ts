import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Competitor } from '#contract'
import topology from '#topology' with { type: 'json' }
import { buildApp } from '../../../infra/build.ts'
import { boardOf, type Product, shortRide, startProduct } from '../../pipeline/product.ts'
import { createCard } from '../../simulators/names.ts'
import type { Ask } from '../../simulators/phone.ts'
import { measureCorrections } from './corrections.ts'
import { gather } from './crowd.ts'
import { createEdge, noEdgeCounts } from './edge.ts'
import type { FieldOptions } from './field.ts'
import { startInstances } from './instances.ts'
import { openOrigin } from './origin.ts'

const RACE = 'lookups'
const RIDERS = 1_000
const INSTANCES = 2
/** From the timetable to the start, and how long the ride lasts: longer than all that is measured, in s. */
const LEAD_S = 6
const RACE_S = 600
/** Between two runs, in ms: all that caches hold is old by then. */
const REST_MS = 1_200
/** Names written at once. */
const NAMES_AT_ONCE = 32

/** One run: how many phones come within how long, and which edges there are. */
export type Run = {
  phones: number
  withinS: 1 | 10
  edges: number
  singleFlight: boolean
  roams: boolean
}
export type RunFigures = Awaited<ReturnType<typeof run>>
export type LookupFigures = Awaited<ReturnType<typeof measureLookups>>

const runsOf = (many: number): Run[] => {
  const [few, fewest] = [Math.ceil(many / 10), Math.ceil(many / 50)]
  const usual = { singleFlight: true, roams: false }
  return [
    { phones: few, withinS: 10, edges: 1, ...usual },
    { phones: many, withinS: 10, edges: 1, ...usual },
    { phones: many, withinS: 1, edges: 1, ...usual },
    { phones: few, withinS: 10, edges: 20, ...usual },
    { phones: many, withinS: 10, edges: 20, ...usual },
    { phones: many, withinS: 1, edges: 20, ...usual },
    { phones: many, withinS: 1, edges: 20, singleFlight: true, roams: true },
    // Few: while an answer is under way the whole of a crowd reaches the gateway, which refuses a larger one.
    { phones: fewest, withinS: 1, edges: 1, singleFlight: false, roams: false },
    { phones: fewest, withinS: 1, edges: 20, singleFlight: false, roams: false }
  ]
}
/** How long a run lasts: time for two polls of most phones, in ms. */
const LASTS_MS = { 1: 9_000, 10: 12_000 }

/**
 * Builds and starts everything with two processes of the app `public`, lets a field of a thousand ride, and has crowds
 * of phones look it up through a model of Front Door, whose misses go to the gateway. Counts at every stage.
 */
export async function measureLookups(many: number) {
  await using last = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-bench-'))
  last.defer(() => rm(dir, { recursive: true, force: true }))
  const built = (name: string) => join(dir, name)
  await Promise.all(Object.keys(topology.apps).map(app => buildApp(app, built(app))))
  const product = await startProduct(built)
  last.defer(() => product.close())
  const instances = await startInstances(product.cloud, built('public'), INSTANCES)
  last.defer(() => instances.close())
  last.defer(await startRide(product))

  const runs: RunFigures[] = []
  for (const one of runsOf(many)) {
    await pause(REST_MS)
    runs.push(await run(product, instances, one))
  }
  const edges = openEdges(product, { edges: 1, singleFlight: true })
  last.defer(() => edges.close())
  const corrections = await measureCorrections(product, edges.ask[0] as Ask)
  return { runs, corrections, sameness: instances.balancer.sameness() }
}

/** Enters a thousand names, starts the ride and waits for its first board; returns what ends the riders. */
async function startRide(product: Product) {
  const competitors = product.container('competitors')
  const enter = async (from: number) => {
    for (let bib = from; bib <= RIDERS; bib += NAMES_AT_ONCE) {
      const { nickname, country = '', class: raced = '' } = createCard(1, bib)
      const id = `rider-${bib}`
      const face = { id, competitorId: id, name: nickname, country, class: raced }
      await competitors.items.create({
        ...face,
        entries: [{ raceId: RACE, bib }]
      } satisfies Competitor)
    }
  }
  await Promise.all(Array.from({ length: NAMES_AT_ONCE }, (_, i) => enter(i + 1)))
  const times = { startsIn: LEAD_S, seconds: RACE_S, backlog: 1, capacity: RIDERS }
  const race = shortRide(RACE, times, { kind: 'ride', metric: 'distance' })
  await product.office.scheduleRide(race)
  const startsAt = race.timetable.startsAt ?? 0
  const options: FieldOptions = {
    ...product.endpoints.eventHubs,
    ...{ raceId: RACE, riders: RIDERS, startsAt, endsAt: startsAt + RACE_S * 1_000 }
  }
  const file = fileURLToPath(new URL('./field.ts', import.meta.url))
  const field = fork(file, [JSON.stringify(options)])
  await boardOf(product, RACE, head => head.phase === 'running' && head.competitors === RIDERS)
  return () => void field.kill()
}

function openEdges(product: Product, { edges, singleFlight }: Pick<Run, 'edges' | 'singleFlight'>) {
  const counts = noEdgeCounts()
  const statuses: Record<number, number> = {}
  const origins = Array.from({ length: edges }, (_, i) => openOrigin(product.cloud.url, i))
  const ask = origins.map(({ ask: askOrigin }): Ask => {
    const origin: typeof askOrigin = async (target, etag) => {
      const answer = await askOrigin(target, etag)
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
      return answer
    }
    return createEdge({ origin, now: () => performance.now(), singleFlight, counts }).get
  })
  const close = () => {
    for (const origin of origins) origin.close()
  }
  return { ask, counts, statuses, close }
}

async function run(
  product: Product,
  { doors, balancer }: Awaited<ReturnType<typeof startInstances>>,
  of: Run
) {
  const { phones, withinS, roams } = of
  const edges = openEdges(product, of)
  const before = await boardVersion(product)
  balancer.take()
  for (const door of doors) door.take()
  const crowd = await gather({
    ...{ raceId: RACE, competitors: RIDERS, phones, edges: edges.ask, roams },
    withinMs: withinS * 1_000,
    forMs: LASTS_MS[withinS]
  })
  const app = balancer.take()
  const store = doors.map(door => door.take())
  const versions = (await boardVersion(product)) - before
  edges.close()
  return {
    of,
    crowd,
    edge: edges.counts,
    gateway: edges.statuses,
    app: summaryOf(app),
    store,
    versions
  }
}

/** The head's version, past API and caches. */
async function boardVersion(product: Product): Promise<number> {
  const item = product.container('standings').item('head', RACE)
  return (await item.read<{ body: { version: number } }>()).resource?.body.version ?? 0
}

type AppCounts = ReturnType<Awaited<ReturnType<typeof startInstances>>['balancer']['take']>

/** `busiest` is the most requests that one page had in one second, `most` in the whole run. */
function summaryOf({ pages, ...counts }: AppCounts) {
  const highest = (found: { page: string; count: number }[]) =>
    found.reduce((a, b) => (b.count > a.count ? b : a), { page: '', count: 0 })
  const bySecond = [...pages].map(([page, by]) => ({ page, seconds: [...by.values()] }))
  return {
    ...counts,
    standingsPages: bySecond.filter(({ page }) => /\/(ranks|bibs|laps)\//.test(page)).length,
    busiest: highest(bySecond.map(({ page, seconds }) => ({ page, count: Math.max(...seconds) }))),
    most: highest(
      bySecond.map(({ page, seconds }) => ({ page, count: seconds.reduce((a, b) => a + b, 0) }))
    )
  }
}
