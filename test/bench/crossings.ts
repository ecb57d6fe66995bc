import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import type { Fact, Head } from '#contract'
import topology from '#topology' with { type: 'json' }
import { buildApp } from '../../infra/build.ts'
import { startPages } from '../../infra/local/pages.ts'
import { screenLink } from '../../infra/local/screenLink.ts'
import { launchChromium } from '../browser/chromium.ts'
import { boardOf, startProduct } from '../pipeline/product.ts'
import { openMqttTimer } from '../simulators/mqttTimer.ts'
import { createRandom } from '../simulators/random.ts'
import { openScreen } from './screen.ts'
import { openSocket } from './socket.ts'
import { spreadOf } from './spread.ts'

const RACE = 'crossings'
const RUN = { runId: 'crossings-1', bib: 1, sensorId: 'timer-1' }
/** Between two passings, in ms: longer than one passing may take, at no fixed part of a second. */
const LAP_MS = { from: 2_150, to: 2_950 }
/** Metres a second over the line. */
const SPEED = 2

export type CrossingFigures = Awaited<ReturnType<typeof timeCrossings>>

/**
 * One car passes a lap timer again and again, on the whole product: from the moment at the line to the lap in the
 * board and to the painted row. All instants by `Date.now()` of one host.
 */
export async function timeCrossings(crossings: number) {
  await using last = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'grandstand-bench-'))
  last.defer(() => rm(dir, { recursive: true, force: true }))
  const built = (name: string) => join(dir, name)
  await Promise.all([
    ...Object.keys(topology.apps).map(app => buildApp(app, built(app))),
    build({ configFile: 'web/vite.config.ts', logLevel: 'warn', build: { outDir: built('web') } })
  ])
  const product = await startProduct(built)
  last.defer(() => product.close())
  const { office, endpoints, cloud } = product
  const config = { apiBase: cloud.url }
  const pages = await startPages({ dir: built('web'), port: cloud.plan.ports.screen, config })
  last.defer(() => pages.close())
  const browser = await launchChromium()
  last.defer(() => browser.close())

  await office.openTimeTrial({
    id: RACE,
    raceId: RACE,
    name: 'Crossings',
    format: { kind: 'mostLaps' },
    course: { courseId: 'line', name: 'A line' },
    capacity: 1,
    timedBy: 'sensor',
    timetable: {},
    attended: true
  })
  const face = { competitorId: 'driver-1', name: 'Driver 1', country: '', class: '' }
  await office.enter(RACE, RUN.bib, face)
  await office.start(RACE)
  await office.startRun(RACE, RUN)
  await boardOf(product, RACE, ({ racing }: Head) => racing.length === 1)
  const key = await screenLink(cloud.plan, 'bench')
  const socket = await openSocket(`${cloud.url}/races/${RACE}`, key)
  last.defer(() => socket.stop())
  const paintsOf = await openScreen(browser, pages.url, RACE, key)

  const stopped = new AbortController()
  last.defer(() => stopped.abort())
  const device = endpoints.iotHub.devices.find(({ deviceId }) => deviceId === RUN.sensorId)
  if (!device) throw new Error(`the IoT Hub has no device ${RUN.sensorId}`)
  const log = (line: object) => console.log(JSON.stringify(line))
  const { caFile } = endpoints
  const timer = await openMqttTimer(device, { caFile, log, signal: stopped.signal })
  const random = createRandom(1)
  let t = 0
  const passings = Array.from({ length: crossings + 1 }, () => {
    t += LAP_MS.from + Math.round(random() * (LAP_MS.to - LAP_MS.from))
    return { t, speed: SPEED }
  })
  // The first look at the clock is the run's zero.
  let zero: number | undefined
  const now = () => {
    const at = Date.now()
    zero ??= at
    return at
  }
  const account = await timer.time({ boot: 1, zero: 0, passings, now })
  const head = await boardOf(product, RACE, ({ top }) => top[0]?.laps === crossings)

  const moments = passings.slice(1).map(passing => (zero ?? 0) + passing.t)
  const { resources } = await product
    .container('ledger')
    .items.query<Fact>('SELECT * FROM c', { partitionKey: RACE })
    .fetchAll()
  const told = resources.filter(fact => fact.kind === 'lap')
  const paints = await paintsOf()
  const paintedAt = (laps: number) =>
    paints.find(({ rows }) =>
      rows.some(row => Number.parseInt(row.split(' ')[1] ?? '', 10) >= laps)
    )?.at ?? Number.NaN
  const closedAt = (laps: number) =>
    socket.received.find(({ board }) => (board.top[0]?.laps ?? 0) >= laps)?.board.closedAt ??
    Number.NaN
  const leg = (from: (laps: number) => number, to: (laps: number) => number) =>
    spreadOf(moments.map((_, i) => to(i + 1) - from(i + 1)))
  const crossedAt = (laps: number) => moments[laps - 1]!
  return {
    crossings,
    pulses: account,
    lapsInLedger: told.length,
    wrongLaps: told.filter(lap => lap.lapMs !== passings[lap.lap]!.t - passings[lap.lap - 1]!.t)
      .length,
    lapsOnBoard: head.top[0]?.laps ?? 0,
    latencies: {
      crossingToBoard: leg(crossedAt, closedAt),
      boardToScreen: leg(closedAt, paintedAt),
      crossingToScreen: leg(crossedAt, paintedAt)
    }
  }
}

/** Prints the figures and says whether they hold: 0 when every crossing became its lap and was shown. */
export function judgeCrossings(figures: CrossingFigures): 0 | 1 {
  const { latencies, crossings, lapsInLedger, lapsOnBoard, wrongLaps } = figures
  console.table(latencies)
  console.log(
    `${crossings} crossings, ${lapsInLedger} laps in the ledger, ${lapsOnBoard} on the board, ${wrongLaps} wrong`
  )
  const holds = lapsInLedger === crossings && lapsOnBoard === crossings && wrongLaps === 0
  if (!holds) console.log('FAILED: not every crossing became its lap')
  return holds && Number.isFinite(latencies.crossingToScreen.max) ? 0 : 1
}
