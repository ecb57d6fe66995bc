import { expect, test } from 'vitest'
import type { Crossing } from '#contract'
import { crossingOf } from '#race/startLine'
import type { SensorEvent, SensorOperation } from '../../../functions/stages/runSignal.ts'
import {
  longestStepMs,
  RECORDINGS,
  readRecording,
  readStartLine,
  recordedLaps
} from '../../simulators/recording.ts'
import { aCar, at } from '../../stories/cars.ts'
import { GUN } from '../../stories/races.ts'
import { aSensor, pulsesAt } from '../../stories/sensors.ts'

/** What the timer's clock shows at `GUN`. */
const ZERO = 500_000

const run = (runId = 'run-1', ms = 0, bib = 3): SensorOperation => ({
  name: 'run',
  input: { runId, raceId: 'evening-race', bib, at: GUN + ms }
})
const runEnd = (ms: number, runId = 'run-1'): SensorOperation => ({
  name: 'runEnd',
  input: { runId, at: GUN + ms }
})
const settle = (ms: number, runId = 'run-1'): SensorOperation => ({
  name: 'settle',
  input: { runId, at: GUN + ms }
})
const crossings = (...input: SensorEvent[]): SensorOperation => ({ name: 'crossings', input })
/** A message for each car that passes, `ms` after the gun, at the hub 80 ms after its first pulse. */
const passing = (...ms: number[]): SensorEvent[] => sent(pulsesAt(ms.map(one => ZERO + one)))
const sent = (pulses: Crossing[], boot = 1, zero = ZERO): SensorEvent[] =>
  [...Map.groupBy(pulses, ({ seq }) => Math.floor(seq / 4)).values()].map(readings => ({
    boot,
    readings,
    enqueued: GUN + readings[0]!.t - zero + 80
  }))

test('the first to pass in a run starts its clock, each further one completes a lap, to the ms', async () => {
  const { laps, letters, hears } = aSensor()
  await hears(run(), crossings(...passing(2_000, 14_345, 26_001)), runEnd(30_000))
  expect(
    laps.map(({ lap, lapMs, source, valid, runId, bib }) => [lap, lapMs, source, valid, runId, bib])
  ).toEqual([
    [1, 12_345, 'sensor', true, 'run-1', 3],
    [2, 11_656, 'sensor', true, 'run-1', 3]
  ])
  expect(laps.map(({ id }) => id)).toEqual(['run-1-sensor-1-4', 'run-1-sensor-1-8'])
  // By hub time, late by the way of the fastest message.
  expect(laps.map(lap => lap.at)).toEqual([GUN + 14_345 + 16, GUN + 26_001 + 16])
  expect(letters).toEqual([])
})

test('laps of the recordings come to the ms of interpolation from two axles at two strips', async () => {
  const line = await readStartLine(new URL('course.csv', RECORDINGS))
  for (const name of ['evaluation-a', 'evaluation-b']) {
    const file = new URL(`${name}.csv`, RECORDINGS)
    const readings = await readRecording(file)
    const instants = readings.slice(1).flatMap((reading, i) => {
      const last = readings[i]!
      const crossing = crossingOf(line, last, reading)
      return crossing?.forward ? [last.t + crossing.share * (reading.t - last.t)] : []
    })
    expect(instants.length).toBeGreaterThan(1)
    const zero = readings[0]!.t
    const { laps, hears } = aSensor()
    await hears(run(), crossings(...sent(pulsesAt(instants.map(Math.round)), 1, zero)))
    const between = instants.slice(1).map((t, i) => t - instants[i]!)
    expect(laps).toHaveLength(between.length)
    const recorded = (await recordedLaps(file)).slice(1)
    for (const [i, { lapMs }] of laps.entries()) {
      expect(Math.abs(lapMs - between[i]!)).toBeLessThanOrEqual(1)
      // The simulator puts the car at the start in between, and does not count that.
      expect(Math.abs(lapMs - recorded[i]!.lapMs)).toBeLessThan(3 * (await longestStepMs(file)))
    }
  }
})

test('nothing is recorded twice when every signal comes twice, in any order of messages', async () => {
  const { laps, hears } = aSensor()
  const [a, b, c, d] = passing(2_000, 14_000, 26_000, 38_000)
  await hears(run(), run())
  await hears(crossings(b!, a!), crossings(a!, a!), crossings(d!), crossings(c!, b!), crossings(d!))
  await hears(run(), crossings(a!, b!, c!, d!))
  expect(laps.map(({ lap, lapMs }) => [lap, lapMs])).toEqual([
    [1, 12_000],
    [2, 12_000],
    [3, 12_000]
  ])
})

test('a car whose first pulse was before the run does not start its clock by the others', async () => {
  const { laps, letters, clock, hears } = aSensor()
  const [start, ...others] = passing(-100, 12_000, 24_000)
  // The first axle is at the hub before the run begins, the second one after that.
  const [first, second] = [start!.readings.slice(0, 2), start!.readings.slice(2)]
  clock.now = GUN + 6_000
  await hears(run(), crossings({ boot: 1, readings: first, enqueued: GUN - 90 }))
  await hears(crossings({ boot: 1, readings: second, enqueued: GUN + 5 }, ...others))
  expect(laps.map(({ lap, lapMs }) => [lap, lapMs])).toEqual([[1, 12_000]])
  expect(letters.map(({ id }) => id)).toEqual(['timer-1-1-0-no-run'])
})

test('pulses before any run wait five seconds for it, and are dead letters of the device after that', async () => {
  const { clock, laps, letters, hears } = aSensor()
  clock.now = GUN + 1_000
  await hears(crossings(...passing(500)))
  expect(letters).toEqual([])
  await hears(run(), crossings(...passing(500, 12_500)))
  expect(laps.map(({ lapMs }) => lapMs)).toEqual([12_000])
  const alone = aSensor()
  alone.clock.now = GUN + 5_580
  await alone.hears(crossings(...passing(500)))
  expect(alone.letters.map(({ source, reason }) => [source, reason])).toEqual([
    ['timer-1', 'no-run']
  ])
})

test('of another run’s sensor nothing counts', async () => {
  const { clock, laps, letters, hears } = aSensor()
  clock.now = GUN + 60_000
  // The run is bound to another timer: this one is told nothing of it.
  await hears(crossings(...passing(1_000, 13_000)))
  expect(laps).toEqual([])
  expect(letters).toHaveLength(2)
})

test('late messages of an ended run are its own, and those after the next one began are the next one’s', async () => {
  const { laps, letters, clock, hears } = aSensor()
  const late = passing(2_000, 14_000, 26_000, 40_000, 52_500).map((message, i) => ({
    ...message,
    // The link was away from the second car to the fourth.
    enqueued: i && i < 4 ? GUN + 45_000 : message.enqueued
  }))
  clock.now = GUN + 55_000
  await hears(run('run-1', 0, 3), crossings(late[0]!), runEnd(28_000), run('run-2', 35_000, 4))
  await hears(crossings(...late.slice(1)))
  expect(laps.map(({ runId, bib, lap, lapMs }) => [runId, bib, lap, lapMs])).toEqual([
    ['run-1', 3, 1, 12_000],
    ['run-1', 3, 2, 12_000],
    ['run-2', 4, 1, 12_500]
  ])
  expect(letters).toEqual([])
})

test('a lap that waits for a missing pulse is recorded when its run is settled, and once', async () => {
  const { laps, clock, hears, state } = aSensor()
  const events = passing(2_000, 14_000)
  const [first, second] = events
  const lacking = { ...first!, readings: first!.readings.slice(0, 3) }
  clock.now = GUN + 20_000
  await hears(run(), crossings(lacking, second!), runEnd(15_000))
  expect(laps).toEqual([])
  // The process' clock is behind: the word that it is settled holds.
  await hears(settle(15_000), settle(15_000))
  expect(laps.map(({ lap, lapMs }) => [lap, lapMs])).toEqual([[1, 12_000]])
  expect(state().line.waiting).toEqual([])
})

test('settling a run leaves what the next one waits for', async () => {
  const { laps, clock, hears } = aSensor()
  const events = passing(2_000, 14_000, 30_000, 42_000)
  const lacking = (i: number) => ({ ...events[i]!, readings: events[i]!.readings.slice(0, 3) })
  await hears(run(), run('run-2', 20_000), crossings(lacking(0), events[1]!, lacking(2)))
  clock.now = GUN + 41_500
  await hears(settle(15_000))
  expect(laps.map(({ runId }) => runId)).toEqual(['run-1'])
  const missing = { boot: 1, readings: events[2]!.readings.slice(3), enqueued: GUN + 42_100 }
  await hears(crossings(events[3]!, missing))
  expect(laps.map(({ runId, lapMs }) => [runId, lapMs])).toEqual([
    ['run-1', 12_000],
    ['run-2', 12_000]
  ])
})

test('a clock that was put back and a boot in the middle of a lap end it, and the next whole one counts', async () => {
  const { laps, hears } = aSensor()
  const back = sent(pulsesAt([ZERO - 60_000, ZERO - 47_000], 8), 1, ZERO - 86_000)
  const boot = sent(pulsesAt([1_000, 12_000]), 2, -49_000)
  await hears(run(), crossings(...passing(2_000, 14_000)), crossings(...back), crossings(...boot))
  expect(laps.map(({ id, lap, lapMs }) => [id, lap, lapMs])).toEqual([
    ['run-1-sensor-1-4', 1, 12_000],
    ['run-1-sensor-1-12', 2, 13_000],
    ['run-1-sensor-2-4', 3, 11_000]
  ])
})

test('a flood is refused message by message, as a dead letter of the device, and laps go on', async () => {
  const { laps, letters, hears, state } = aSensor()
  const flood = Array.from({ length: 6_400 }, (_, i) => ({
    seq: 4 + i,
    t: ZERO + 5_000 + Math.floor(i / 64),
    sensor: i % 16
  }))
  const messages = [...Map.groupBy(flood, ({ seq }) => Math.floor((seq - 4) / 64)).values()]
  await hears(run(), crossings(...passing(2_000)))
  for (const readings of messages) {
    await hears(crossings({ boot: 1, readings, enqueued: GUN + 5_100 }))
  }
  expect(letters).toHaveLength(99)
  expect(new Set(letters.map(({ source, reason }) => `${source} ${reason}`))).toEqual(
    new Set(['timer-1 too-fast'])
  )
  expect(JSON.stringify(state()).length).toBeLessThan(20_000)
  const after = pulsesAt([ZERO + 14_000, ZERO + 26_000, ZERO + 38_000], 6_404)
  await hears(crossings(...sent(after)))
  expect(laps.at(-1)?.lapMs).toBe(12_000)
})

test('a car that sends pulses and a timer that sends readings are in no run', async () => {
  const timer = aCar()
  timer.clock.now = GUN + 60_000
  await timer.hears({
    name: 'readings',
    input: [{ boot: 1, readings: [at(0, 0, 0)], enqueued: GUN }]
  })
  const car = aSensor()
  car.clock.now = GUN + 60_000
  await car.hears(crossings(...passing(100)))
  expect([timer, car].map(({ letters }) => letters.map(({ reason }) => reason))).toEqual([
    ['no-run'],
    ['no-run']
  ])
})

test('laps that the ledger did not take are recorded with the next signal', async () => {
  const { laps, away, warnings, hears } = aSensor()
  away.record = true
  await hears(run(), crossings(...passing(2_000, 14_000, 26_000)))
  expect([laps.length, warnings.length > 0]).toEqual([0, true])
  away.record = false
  await hears(crossings())
  expect(laps.map(({ lap }) => lap)).toEqual([1, 2])
})
