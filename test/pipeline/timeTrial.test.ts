import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FactOf, Head, LapLine, LapPage, LapSource } from '#contract'
import { feed, flush, newTimer } from '#race/lapTimer'
import { replayCar } from '../simulators/car.ts'
import { totalOf } from '../simulators/countedOutbox.ts'
import { pulsesOf } from '../simulators/mqttTimer.ts'
import { passingsOf } from '../simulators/passings.ts'
import {
  RECORDINGS,
  readBoundary,
  readDrivenAttempts,
  readRecording,
  readStartLine
} from '../simulators/recording.ts'
import { carsByHttps, openCars, openTimer } from '../simulators/trialFleet.ts'
import { holdRun, type Recorded, type RunAccount } from '../simulators/trialRun.ts'
import { boardOf, eventually, type Product, startProduct } from './product.ts'

const RACE = 'trial-1'
const COURSE = new URL('course.csv', RECORDINGS)
const line = await readStartLine(COURSE)
const course = { line, boundary: await readBoundary(COURSE), allowedResets: 3 }

/** Attempts of a recording as a run; without passings the timer is silent. */
async function recordedOf(name: string, attempts?: [number, number]): Promise<Recorded> {
  const driven = await readDrivenAttempts(new URL(`${name}.csv`, RECORDINGS), attempts)
  return { readings: driven.flat(), passings: passingsOf(line, driven) }
}
const steady = await recordedOf('evaluation-a')
const other = await recordedOf('evaluation-b')
/** How many times faster than recorded cars drive here. */
const SPEED = 8
/** One run a bib. */
const RUNS = [
  { bib: 1, recorded: steady, https: false },
  { bib: 2, recorded: await recordedOf('training-27', [2, 5]), https: false },
  { bib: 3, recorded: await recordedOf('training-19', [0, 12]), https: false },
  { bib: 4, recorded: { ...other, passings: [] }, https: false },
  { bib: 5, recorded: steady, https: true }
]

/** Laps and resets of the readings, by the rules alone. */
function derived({ readings }: Recorded) {
  const timer = newTimer(1)
  const told = [...feed(timer, course, readings), ...flush(timer, course)]
  return {
    laps: told.flatMap(each => (each.kind === 'lap' ? [each.lapMs] : [])),
    resets: told.filter(({ kind }) => kind === 'reset').length
  }
}
/** From passing to passing, each at the ms that the timer's clock shows. */
function sensed({ readings, passings }: Recorded): number[] {
  const zero = readings[0]!.t
  const moments = passings.map(passing => pulsesOf([passing], zero)[0]!.t)
  return moments.slice(1).map((t, i) => t - moments[i]!)
}

const ended = new AbortController()
let product: Product
const accounts: RunAccount[] = []
let underWay: Head | undefined

beforeAll(async () => {
  product = await startProduct()
  const { office } = product
  await office.openTimeTrial({
    id: RACE,
    raceId: RACE,
    name: 'Time trial',
    event: 'Grandstand Open',
    sponsor: 'Paddock Coffee',
    format: { kind: 'fastestLap' },
    course: { courseId: 'reinvent-2018', name: 're:Invent 2018', line, boundary: course.boundary },
    capacity: RUNS.length,
    timedBy: 'sensor',
    allowedResets: course.allowedResets,
    timetable: { backlogMs: 2_000 },
    attended: true
  })
  for (const { bib } of RUNS) {
    const competitorId = `driver-${bib}`
    await office.enter(RACE, bib, { competitorId, name: competitorId, country: '', class: '' })
  }
  await office.start(RACE)
  const log = (line: object) => console.log(JSON.stringify(line))
  const { signal } = ended
  const cast = { gateway: product.cloud.url, office, now: Date.now, log, signal }
  const { iotHub, caFile } = product.endpoints
  const fleet = { caFile, devices: iotHub.devices }
  const timer = await openTimer(cast, fleet)
  const cars = await openCars(cast, fleet)
  const byHttps = carsByHttps(cast, () => product.tokenOf('car'))
  for (const [index, { bib, recorded, https }] of RUNS.entries()) {
    const car = (https ? byHttps : cars)[index % cars.length]!
    const run = { raceId: RACE, runId: `${RACE}-${bib}`, bib, boot: index + 1 }
    const holding = holdRun(cast, { ...run, car, timer, recorded, speed: SPEED })
    const isPutBack = ({ racing }: Head) => racing[0]?.bib === 2 && racing[0].resets > 1
    if (bib === 2) underWay = await boardOf(product, RACE, isPutBack)
    accounts.push(await holding)
  }
}, 240_000)
afterAll(async () => {
  ended.abort()
  await product?.close()
})

const factsOf = async <K extends 'lap' | 'reset'>(kind: K): Promise<FactOf<K>[]> => {
  const query = 'SELECT * FROM c WHERE c.kind = @kind'
  const parameters = [{ name: '@kind', value: kind }]
  const found = await product
    .container('ledger')
    .items.query<FactOf<K>>({ query, parameters }, { partitionKey: RACE })
    .fetchAll()
  return found.resources
}
const lapTimes = (laps: FactOf<'lap'>[], bib: number, source: LapSource): number[] =>
  laps
    .filter(lap => lap.bib === bib && lap.source === source)
    .sort((a, b) => a.lap - b.lap)
    .map(({ lapMs }) => lapMs)
/** The board's laps of a bib. */
async function linesOf(bib: number): Promise<LapLine[]> {
  const answer = await product.get(`/races/${RACE}/standings/laps/0`)
  return ((await answer.json()) as LapPage).laps[bib - 1] ?? []
}

test('Cars and timer send all that they drive and feel', () => {
  for (const [i, { recorded }] of RUNS.entries()) {
    const { readings, passings } = recorded
    expect(accounts[i]!.car).toMatchObject({ acknowledged: readings.length, unanswered: 0 })
    expect(totalOf(accounts[i]!.timer)).toBe(4 * passings.length)
    expect(accounts[i]!.timer.acknowledged).toBe(4 * passings.length)
  }
})

test('The ledger holds every lap that was derived and every one that was sensed, as the recordings have them', async () => {
  const wanted = RUNS.map(({ bib, recorded }) => ({
    bib,
    telemetry: derived(recorded).laps,
    sensor: sensed(recorded)
  }))
  const count = wanted.flatMap(({ telemetry, sensor }) => [...telemetry, ...sensor]).length
  const laps = await eventually('all laps', async () => {
    const all = await factsOf('lap')
    return all.length >= count ? all : undefined
  })
  expect(
    RUNS.map(({ bib }) => ({
      bib,
      telemetry: lapTimes(laps, bib, 'telemetry'),
      sensor: lapTimes(laps, bib, 'sensor')
    }))
  ).toEqual(wanted)
  expect(wanted.map(({ telemetry, sensor }) => [telemetry.length, sensor.length])).toEqual([
    [3, 2],
    [1, 1],
    [1, 0],
    [3, 0],
    [3, 2]
  ])
  console.info('laps in ms', JSON.stringify(wanted))
})

test('A car has the same laps by HTTPS as by MQTT', async () => {
  const laps = await factsOf('lap')
  for (const source of ['telemetry', 'sensor'] as const) {
    expect(lapTimes(laps, 5, source)).toEqual(lapTimes(laps, 1, source))
  }
})

test('The ledger holds every put-back that was driven', async () => {
  const wanted = RUNS.map(({ recorded }) => derived(recorded).resets)
  const resets = await eventually('all resets', async () => {
    const all = await factsOf('reset')
    return all.length >= wanted.reduce((sum, count) => sum + count) ? all : undefined
  })
  expect(RUNS.map(({ bib }) => resets.filter(reset => reset.bib === bib).length)).toEqual(wanted)
  for (const { source } of resets) expect(source).toBe('telemetry')
})

test('The board counts what the sensor timed, to the ms, and shows it with its put-backs', async () => {
  const isDone = ({ top, racing }: Head) =>
    !racing.length && top.every(row => row.laps || row.bib === 3)
  const { top, event, sponsor } = await boardOf(product, RACE, isDone)
  expect({ event, sponsor }).toEqual({ event: 'Grandstand Open', sponsor: 'Paddock Coffee' })
  for (const { bib, recorded } of RUNS.filter(({ recorded }) => sensed(recorded).length > 0)) {
    const lines = await linesOf(bib)
    expect(lines.map(({ ms, source }) => ({ ms, source }))).toEqual(
      sensed(recorded).map(ms => ({ ms, source: 'sensor' }))
    )
    expect(top.find(row => row.bib === bib)?.value).toBe(Math.min(...sensed(recorded)))
  }
  expect(await linesOf(2)).toMatchObject([{ valid: true, resets: 3 }])
})

test('The board shows a run that the timer was silent in by its derived laps', async () => {
  const { laps } = derived(other)
  const lines = await linesOf(4)
  expect(lines.map(({ ms, source, valid }) => ({ ms, source, valid }))).toEqual(
    laps.map(ms => ({ ms, source: 'telemetry', valid: true }))
  )
  const answer = await product.get(`/races/${RACE}/competitors/4`)
  expect(await answer.json()).toMatchObject({ row: { value: Math.min(...laps) }, laps: lines })
})

test('A lap with more put-backs than allowed is shown and does not count', async () => {
  const lines = await linesOf(3)
  expect(lines).toMatchObject([{ valid: false, source: 'telemetry' }])
  expect(lines[0]!.resets).toBeGreaterThan(course.allowedResets)
  const { top } = await boardOf(product, RACE, () => true)
  expect(top.find(row => row.bib === 3)).toMatchObject({ laps: 0, value: null })
})

test('The board tells while a run is under way how often the car was put back in its lap', async () => {
  expect(underWay?.racing).toMatchObject([{ bib: 2, allowedResets: 3, deviceId: 'car-3' }])
  await boardOf(product, RACE, ({ racing }) => racing.length === 0)
})

test('A time trial is finished by its officials: closed, provisional, then official', async () => {
  await product.office.close(RACE)
  await boardOf(product, RACE, head => head.phase === 'provisional')
  await product.office.confirm(RACE)
  const head = await boardOf(product, RACE, head => head.phase === 'official')
  expect(head.top.filter(row => row.status === 'finished')).toHaveLength(RUNS.length - 1)
})

test('Readings of a car that drives for nobody become dead letters', async () => {
  const token = () => product.tokenOf('car')
  const readings = (await readRecording(new URL('evaluation-a.csv', RECORDINGS))).slice(0, 20)
  for (const boot of [1, 2]) {
    const gateway = product.cloud.url
    const deviceId = 'car-lost'
    await replayCar({ gateway, deviceId, boot, readings, token, now: Date.now, speed: 20 })
    // Readings wait some seconds for a run before they are given up, when the next ones come.
    await pause(5_500)
  }
  const letters = await eventually('dead letters', async () => {
    const found = await product
      .container('deadLetters')
      .items.query<{ reason: string }>('SELECT * FROM c', { partitionKey: 'car-lost' })
      .fetchAll()
    return found.resources.length ? found.resources : undefined
  })
  expect(letters[0]?.reason).toBe('no-run')
})
