import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FactOf, Head, LapPage } from '#contract'
import { replayCar } from '../simulators/car.ts'
import { RECORDINGS, readRecording, readStartLine, recordedLaps } from '../simulators/recording.ts'
import { boardOf, eventually, type Product, startProduct } from './product.ts'

const RACE = 'trial-1'
const CARS = [
  { bib: 1, deviceId: 'car-1', recording: 'evaluation-a.csv', competitorId: 'driver-1' },
  { bib: 2, deviceId: 'car-2', recording: 'evaluation-b.csv', competitorId: 'driver-2' }
]
/** The recordings hold about 15 readings a second; this is the longest step between two, in ms. */
const INTERVAL_MS = 72
/** How much faster than real time they are replayed here. */
const SPEED = 4

describe('a time trial of two recorded cars', () => {
  let product: Product
  let underWay: Head

  beforeAll(async () => {
    product = await startProduct()
    const line = await readStartLine(new URL('course.csv', RECORDINGS))
    await product.office.openTimeTrial({
      id: RACE,
      raceId: RACE,
      name: 'Time trial',
      format: { kind: 'fastestLap' },
      course: { courseId: 'reinvent-2018', name: 're:Invent 2018', line },
      capacity: 2,
      timetable: { backlogMs: 2_000 },
      attended: true
    })
    for (const { bib, competitorId } of CARS) {
      await product.office.enter(RACE, bib, {
        competitorId,
        name: competitorId,
        country: '',
        class: ''
      })
    }
    await product.office.start(RACE)
    const token = () => product.tokenOf('car')
    const bothLapped = boardOf(
      product,
      RACE,
      ({ racing }) => racing.length === 2 && racing.every(({ laps }) => laps > 0)
    )
    await Promise.all(
      CARS.map(async ({ bib, deviceId, recording }) => {
        const run = { runId: `${RACE}-${bib}`, bib, deviceId }
        await product.office.startRun(RACE, run)
        const readings = await readRecording(new URL(recording, RECORDINGS))
        const gateway = product.cloud.url
        await replayCar({
          gateway,
          deviceId,
          boot: 1,
          readings,
          token,
          now: Date.now,
          speed: SPEED
        })
        await product.office.endRun(RACE, run)
      })
    )
    underWay = await bothLapped
  })
  afterAll(() => product?.close())

  it('records every complete lap in the ledger, none invented, each within one reading of the recorded time', async () => {
    const laps = await eventually('six laps', async () => {
      const query = `SELECT * FROM c WHERE c.kind = 'lap'`
      const options = { partitionKey: RACE }
      const found = await product
        .container('ledger')
        .items.query<FactOf<'lap'>>(query, options)
        .fetchAll()
      return found.resources.length >= 6 ? found.resources : undefined
    })
    for (const { bib, recording } of CARS) {
      const ours = laps.filter(lap => lap.bib === bib).sort((a, b) => a.lap - b.lap)
      const recorded = await recordedLaps(new URL(recording, RECORDINGS))
      const complete = recorded.filter(lap => lap.complete)
      expect(ours).toHaveLength(complete.length)
      for (const [i, lap] of ours.entries()) {
        expect(Math.abs(lap.lapMs - complete[i]!.lapMs)).toBeLessThanOrEqual(INTERVAL_MS)
      }
    }
  })

  it('shows the two bests on the board, the faster car first', async () => {
    const head = await boardOf(product, RACE, ({ top }) => top.every(row => row.laps === 3))
    const [first, second] = head.top
    expect(first).toMatchObject({ bib: 2, rank: 1, gap: 0, status: 'running' })
    expect(second).toMatchObject({ bib: 1, rank: 2 })
    expect(Math.abs((first?.value ?? 0) - 15_932)).toBeLessThanOrEqual(INTERVAL_MS)
    expect(Math.abs((second?.value ?? 0) - 16_199)).toBeLessThanOrEqual(INTERVAL_MS)
    expect(second?.gap).toBe((second?.value ?? 0) - (first?.value ?? 0))
  })

  it('tells who is racing while runs are under way, and nobody when they have ended', async () => {
    expect(underWay.racing.map(({ bib }) => bib).toSorted()).toEqual([1, 2])
    for (const { last, best } of underWay.racing) {
      expect(last).toMatchObject({ valid: true })
      expect(best).toBeLessThanOrEqual(last?.ms ?? 0)
    }
    await boardOf(product, RACE, ({ racing }) => racing.length === 0)
  })

  it('shows the laps of each by page and by competitor', async () => {
    const { laps } = (await (
      await product.get(`/races/${RACE}/standings/laps/0`)
    ).json()) as LapPage
    const { top } = await boardOf(product, RACE, ({ racing }) => racing.length === 0)
    expect(laps).toHaveLength(2)
    for (const { bib, competitorId } of CARS) {
      const row = top.find(row => row.bib === bib)
      const own = laps[bib - 1] ?? []
      expect(own.map(({ lap, source }) => [lap, source])).toEqual(
        [1, 2, 3].map(lap => [lap, 'telemetry'])
      )
      expect(Math.min(...own.map(({ ms }) => ms))).toBe(row?.value)
      const one = await product.get(`/races/${RACE}/competitors/${bib}`)
      const competitor = { bib, name: competitorId, country: '', class: '' }
      expect(await one.json()).toMatchObject({ competitor, row, laps: own })
    }
  })

  it('is finished by its officials: closed, provisional, then official', async () => {
    await product.office.close(RACE)
    await boardOf(product, RACE, head => head.phase === 'provisional')
    await product.office.confirm(RACE)
    const head = await boardOf(product, RACE, head => head.phase === 'official')
    expect(head.top.map(row => row.status)).toEqual(['finished', 'finished'])
  })

  it('turns readings of a car that drives for nobody into dead letters', async () => {
    const token = () => product.tokenOf('car')
    const readings = (await readRecording(new URL('evaluation-a.csv', RECORDINGS))).slice(0, 20)
    for (const boot of [1, 2]) {
      const gateway = product.cloud.url
      const deviceId = 'car-lost'
      await replayCar({ gateway, deviceId, boot, readings, token, now: Date.now, speed: 20 })
      // Readings wait some seconds for a run before they are given up, when the next ones come.
      await new Promise(resolve => setTimeout(resolve, 5_500))
    }
    const letters = await eventually('dead letters', async () => {
      const query = 'SELECT * FROM c'
      const found = await product
        .container('deadLetters')
        .items.query<{ reason: string }>(query, { partitionKey: 'car-lost' })
        .fetchAll()
      return found.resources.length ? found.resources : undefined
    })
    expect(letters[0]?.reason).toBe('no-run')
  })
})
