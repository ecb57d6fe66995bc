import { describe, expect, it } from 'vitest'
import type { CarReading } from '#contract'
import { DRIVERS } from '../../simulators/drivers.ts'
import { pulsesOf } from '../../simulators/mqttTimer.ts'
import { passingsOf } from '../../simulators/passings.ts'
import { RECORDINGS, readDrivenAttempts, readStartLine } from '../../simulators/recording.ts'

const LINE = { x1: 0, y1: 1, x2: 0, y2: -1 }
const at = (t: number, x: number, y = 0): CarReading => ({
  seq: 0,
  t,
  x,
  y,
  yaw: 0,
  speed: 1,
  wheelsOnTrack: true
})

describe('a passing of the line', () => {
  it('is interpolated between two readings, either way', () => {
    const drive = [at(1_000, -0.2), at(1_100, -0.1), at(1_200, 0.3), at(1_400, -0.1)]
    const passings = passingsOf(LINE, [drive])
    expect(passings.map(({ t }) => t)).toEqual([1_125, 1_350])
    expect(passings.map(({ speed }) => speed)).toEqual([expect.closeTo(4), expect.closeTo(2)])
  })

  it('is none where the line has ended, where no step crosses it, or where the car was carried', () => {
    expect(passingsOf(LINE, [[at(0, -0.1, 1.1), at(100, 0.1, 1.1)]])).toEqual([])
    expect(passingsOf(LINE, [[at(0, 0.1), at(100, 0.4), at(200, 0.2)]])).toEqual([])
    expect(passingsOf(LINE, [[at(0, -0.1)], [at(100, 0.1)]])).toEqual([])
  })

  it('comes once a lap in the evaluations, and never more than once an attempt', async () => {
    const line = await readStartLine(new URL('course.csv', RECORDINGS))
    for (const { recording, attempts } of DRIVERS) {
      const driven = await readDrivenAttempts(new URL(recording, RECORDINGS), attempts)
      const counts = driven.map(attempt => passingsOf(line, [attempt]).length)
      if (recording.startsWith('evaluation')) expect(counts).toEqual([1, 1, 1])
      expect(Math.max(...counts)).toBe(1)
    }
  })
})

describe('the pulses of a lap timer', () => {
  it('are four a passing: two strips feel two axles, the first pulse at the passing itself', () => {
    const pulses = pulsesOf([{ t: 16_360.4, speed: 2 }], 6_211)
    expect(pulses).toEqual([
      { seq: 0, t: 10_149, sensor: 0 },
      { seq: 1, t: 10_159, sensor: 1 },
      { seq: 2, t: 10_231, sensor: 0 },
      { seq: 3, t: 10_241, sensor: 1 }
    ])
  })

  it('count on over all passings', () => {
    const pulses = pulsesOf(
      [0, 5_000].map(t => ({ t, speed: 1 })),
      0
    )
    expect(pulses.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(pulses[4]).toEqual({ seq: 4, t: 5_000, sensor: 0 })
  })
})
