import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { CarReading, Line } from '#contract'
import {
  packBySecond,
  RECORDINGS,
  readDrivenAttempts,
  readRecording,
  readStartLine,
  recordedLaps
} from '../../simulators/recording.ts'

const file = (name: string) => new URL(name, RECORDINGS)

describe('the recordings', () => {
  it.each([
    ['evaluation-a.csv', 737, [16_401, 16_199, 16_340]],
    ['evaluation-b.csv', 742, [15_932, 17_002, 16_330]]
  ])('%s has its rows and its laps', async (name, rows, laps) => {
    expect(await readRecording(file(name))).toHaveLength(rows)
    const complete = laps.map(lapMs => ({ lapMs, complete: true }))
    expect(await recordedLaps(file(name))).toEqual(complete)
  })

  it('give a car what it knows and nothing of what the simulator judged', async () => {
    const known = ['seq', 't', 'x', 'y', 'yaw', 'speed', 'wheelsOnTrack']
    for (const [index, reading] of (await readRecording(file('evaluation-a.csv'))).entries()) {
      expect(Object.keys(reading)).toEqual(known)
      expect(v.safeParse(CarReading, reading).issues).toBeUndefined()
      expect(reading.seq).toBe(index)
    }
    const [first] = await readRecording(file('evaluation-a.csv'))
    expect(first).toMatchObject({ t: 6_211, x: 3.199869998172519, speed: 1, wheelsOnTrack: true })
  })

  it('can be read attempt by attempt, some of them alone', async () => {
    const all = await readDrivenAttempts(file('training-27.csv'))
    expect(all).toHaveLength(20)
    const some = await readDrivenAttempts(file('training-27.csv'), [8, 10])
    expect(some.map(readings => readings.map(({ t }) => t))).toEqual(
      all.slice(8, 11).map(readings => readings.map(({ t }) => t))
    )
    expect(some.flat().map(({ seq }) => seq)).toEqual(some.flat().map((_, index) => index))
  })

  it('have a start line across the track', async () => {
    const line = v.parse(Line, await readStartLine(file('course.csv')))
    expect(line).toEqual({ x1: 3.05937, y1: 1.063655, x2: 3.060097, y2: 0.301656 })
  })
})

describe('a recorded heading', () => {
  it('is in radians and points where the car goes', async () => {
    const readings = await readRecording(file('evaluation-a.csv'))
    const strays = readings.slice(1).filter((reading, index) => {
      const [dx, dy] = [reading.x - readings[index]!.x, reading.y - readings[index]!.y]
      const moved = Math.hypot(dx, dy)
      const along = (dx * Math.cos(reading.yaw) + dy * Math.sin(reading.yaw)) / moved
      return moved > 0.02 && moved < 0.5 && along < 0.9
    })
    expect(strays.length).toBeLessThan(readings.length / 20)
  })
})

describe('packing by the second', () => {
  const reading = (seq: number, t: number): CarReading => ({
    seq,
    t,
    x: 0,
    y: 0,
    yaw: 0,
    speed: 1,
    wheelsOnTrack: true
  })

  it('keeps every reading in order, each packet within one second of the car', async () => {
    const readings = await readRecording(file('evaluation-b.csv'))
    const packets = packBySecond(readings)
    expect(packets.flat()).toEqual(readings)
    expect(packets).toHaveLength(50)
    for (const packet of packets) expect(packet.at(-1)!.t - packet[0]!.t).toBeLessThan(1_000)
  })

  it('takes a second for as long as it is told', async () => {
    const packets = packBySecond(
      [0, 120, 130, 251].map((t, seq) => reading(seq, 500 + t)),
      125
    )
    expect(packets.map(packet => packet.map(({ seq }) => seq))).toEqual([[0, 1], [2], [3]])
  })

  it('splits a second that does not fit into one request', () => {
    const packets = packBySecond(Array.from({ length: 150 }, (_, seq) => reading(seq, 500 + seq)))
    expect(packets.map(packet => packet.length)).toEqual([64, 64, 22])
  })

  it('has nothing to pack where nothing was driven', () => {
    expect(packBySecond([])).toEqual([])
  })
})
