import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { BACKLOG_MS, type RideMetric } from '#contract'
import topology from '#topology' with { type: 'json' }
import { buildApp } from '../../infra/build.ts'
import { startPages } from '../../infra/local/pages.ts'
import { screenLink } from '../../infra/local/screenLink.ts'
import { launchChromium } from '../browser/chromium.ts'
import { columnsOf, type Expected } from '../pipeline/oracle.ts'
import { boardOf, latestFinal, type Product, shortRide, startProduct } from '../pipeline/product.ts'
import { delaysOf } from './delays.ts'
import type { Generated, GeneratorOptions } from './generator.ts'
import { openScreen } from './screen.ts'
import { openSocket } from './socket.ts'
import { usageOf } from './usage.ts'

const RACE = 'bench'
/** From the timetable to the start, in ms: riders take their seats in it. */
const LEAD_MS = 8_000
const LEAD_PER_RIDER_MS = 20
/** Share of readings that are sent twice. */
const DUPLICATES = 0.05
const APPS = Object.keys(topology.apps)

type LiveOptions = { riders: number; seconds: number; screens: number; raceMetric: RideMetric }
export type LiveFigures = Awaited<ReturnType<typeof rideLive>>

/** Builds everything, rides one race through all of it and watches from the other end. All instants by `Date.now()` of one host. */
export async function rideLive({ riders, seconds, screens, raceMetric }: LiveOptions) {
  await using last = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-bench-'))
  last.defer(() => rm(dir, { recursive: true, force: true }))
  const built = (name: string) => join(dir, name)
  await Promise.all([
    ...APPS.map(app => buildApp(app, built(app))),
    build({ configFile: 'web/vite.config.ts', logLevel: 'warn', build: { outDir: built('web') } })
  ])
  const product = await startProduct(built)
  last.defer(() => product.close())
  const { plan, url: gateway } = product.cloud
  const config = { apiBase: gateway }
  const pages = await startPages({ dir: built('web'), port: plan.ports.screen, config })
  last.defer(() => pages.close())
  const browser = await launchChromium()
  last.defer(() => browser.close())

  const format = { kind: 'ride', metric: raceMetric } as const
  const startsIn = (LEAD_MS + riders * LEAD_PER_RIDER_MS) / 1_000
  const times = { startsIn, seconds, backlog: BACKLOG_MS / 1_000, capacity: riders }
  const race = shortRide(RACE, times, format)
  const startsAt = race.timetable.startsAt ?? 0
  const endsAt = startsAt + seconds * 1_000
  await product.office.scheduleRide(race)
  await boardOf(product, RACE, head => head.phase !== 'scheduled')
  const generator = startGenerator({
    ...{ gateway, raceId: RACE, riders, seed: 1, startsAt, endsAt, format },
    faults: { duplicates: DUPLICATES }
  })
  last.defer(() => void generator.process.kill())
  const key = await screenLink(plan, 'bench')
  const socket = await openSocket(`${gateway}/races/${RACE}`, key)
  last.defer(() => socket.stop())
  const watching = Array.from({ length: screens }, () => openScreen(browser, pages.url, RACE, key))
  const paintsOf = await Promise.all(watching)

  await pause(startsAt - Date.now())
  const before = await usageOfAll(product, generator.process, browser)
  await pause(endsAt - Date.now())
  const after = await usageOfAll(product, generator.process, browser)
  const { expected, latency, lag, ...sent } = await generator.done
  await boardOf(product, RACE, head => head.phase === 'official', 2 * BACKLOG_MS)
  const counted = columnsOf((await latestFinal(product, RACE)).rows)
  const paints = await Promise.all(paintsOf.map(paintsOfPage => paintsOfPage()))
  const { closes, slowest, latencies } = delaysOf(startsAt, socket.received, paints)
  return {
    readings: { ...sent, ...compare(expected, counted) },
    latencies: {
      dueToAcknowledged: { ...latency, n: sent.acknowledged },
      ...latencies,
      scheduleLag: lag
    },
    windows: { closes, secondsRaced: seconds, slowest },
    usage: after.map((part, i) => ({ ...part, cpu: part.cpu - before[i]!.cpu })),
    entityBytes: entityBytes(product)
  }
}

function startGenerator(options: GeneratorOptions) {
  const file = fileURLToPath(new URL('./generator.ts', import.meta.url))
  const process = fork(file, [JSON.stringify(options)])
  const ended = once(process, 'exit').then(([code]): never => {
    throw new Error(`the riders' process ended with ${code}`)
  })
  const told = once(process, 'message').then(([generated]) => generated as Generated)
  return { process, done: Promise.race([told, ended]) }
}

/** The final against what follows from the acknowledgements, in readings; `wrong` are riders with another value. */
function compare(expected: Expected[], counted: Expected[]) {
  const [due, got] = [expected, counted].map(rows => new Map(rows.map(row => [row.bib, row])))
  const sum = { due: 0, counted: 0, lost: 0, double: 0, wrong: 0 }
  for (const bib of new Set([...due!.keys(), ...got!.keys()])) {
    const none = { laps: 0, value: null }
    const [want, has] = [due!.get(bib) ?? none, got!.get(bib) ?? none]
    sum.due += want.laps
    sum.counted += has.laps
    sum.lost += Math.max(0, want.laps - has.laps)
    sum.double += Math.max(0, has.laps - want.laps)
    if (want.value !== has.value) sum.wrong++
  }
  return sum
}

/** What every process has used so far; those of the browser are one. */
async function usageOfAll({ cloud }: Product, generator: ChildProcess, browser: Browser) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const pages = processInfo.map(({ id }) => id)
  const row = (name: string, pids: number[], group = name) => ({ group, name, ...usageOf(pids) })
  const kind = (name: string) => (APPS.includes(name) ? 'apps, each in its host' : 'stand-ins')
  return [
    ...[...cloud.parts].map(([name, part]) => row(name, [part.pid() ?? 0], kind(name))),
    row('generator', [generator.pid ?? 0]),
    row('browser', pages),
    row('bench', [process.pid])
  ]
}

/** Size of the race entity's state as its host keeps it. */
function entityBytes({ cloud }: Product): number {
  const file = join(cloud.plan.dir, 'hosts/aggregate/taskHub.sqlite')
  const hub = new DatabaseSync(file, { readOnly: true })
  const sql = `SELECT max(length(state)) AS bytes FROM entity WHERE id LIKE '%@${RACE}'`
  const bytes = Number(hub.prepare(sql).get()?.bytes)
  hub.close()
  return bytes
}
