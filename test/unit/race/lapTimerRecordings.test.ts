import { describe, expect, it } from 'vitest'
import type { Driven } from '#race/driven'
import { feed, flush, newTimer } from '#race/lapTimer'
import {
  longestStepMs,
  packBySecond,
  RECORDINGS,
  type RecordedLap,
  readBoundary,
  readRecording,
  readStartLine,
  recordedLaps
} from '../../simulators/recording.ts'
import { lapsOf, resetsOf } from '../../stories/cars.ts'

const COURSE = new URL('course.csv', RECORDINGS)
const EVALUATIONS = ['evaluation-a', 'evaluation-b']
const TRAININGS = ['training-5', 'training-19', 'training-27']
/** Training begins each attempt a twentieth of the course further on. */
const STARTS = 20

type Timed = { driven: Driven[]; recorded: RecordedLap[]; longestStep: number }

/** A recording timed at a line a share of the course beyond its first point, and what it says itself. */
async function timeAt(name: string, share: number, allowedResets?: number): Promise<Timed> {
  const file = new URL(`${name}.csv`, RECORDINGS)
  const [line, boundary, readings, recorded] = await Promise.all([
    readStartLine(COURSE, share),
    readBoundary(COURSE),
    readRecording(file),
    recordedLaps(file)
  ])
  const course = { line, boundary, allowedResets }
  const timer = newTimer(1)
  const driven = packBySecond(readings).flatMap(packet => feed(timer, course, packet))
  driven.push(...flush(timer, course))
  return { driven, recorded, longestStep: await longestStepMs(file) }
}

type TableRow = { recording: string; attempt: number; recorded: number; ours: number }
const table: TableRow[] = []

/** Exactly the laps expected, all valid, each within one reading; adds them to the table. */
function expectLaps(name: string, timed: Timed, attempts: number[]): void {
  const { recorded, longestStep } = timed
  const laps = lapsOf(timed.driven)
  expect(laps.map(({ fault }) => fault)).toEqual(attempts.map(() => undefined))
  for (const [i, attempt] of attempts.entries()) {
    const [ours, theirs] = [laps[i]!.lapMs, recorded[attempt]!.lapMs]
    expect(Math.abs(ours - theirs), `${name}, attempt ${attempt}`).toBeLessThanOrEqual(longestStep)
    table.push({ recording: name, attempt, recorded: theirs, ours })
  }
}

describe.each(EVALUATIONS)('%s', name => {
  it('has the same laps where resets are allowed, and none', async () => {
    const [timed, without] = await Promise.all([timeAt(name, 0, 1), timeAt(name, 0)])
    expect(timed.driven).toEqual(without.driven)
  })

  it('has its three laps, each within one reading, and no other', async () => {
    const timed = await timeAt(name, 0)
    expect(timed.recorded.map(({ complete }) => complete)).toEqual([true, true, true])
    expectLaps(name, timed, [0, 1, 2])
    expect(resetsOf(timed.driven)).toEqual([])
  })
})

describe.each(TRAININGS)('%s', name => {
  it('has at the start line the lap that began there, if it was completed, and no other', async () => {
    const timed = await timeAt(name, 0)
    expectLaps(name, timed, timed.recorded[0]!.complete ? [0] : [])
  })

  it('has each completed attempt at a line where that began, and no other there', async () => {
    for (let start = 1; start < STARTS; start++) {
      const timed = await timeAt(name, start / STARTS)
      expectLaps(name, timed, timed.recorded[start]!.complete ? [start] : [])
    }
  })

  it.each([undefined, 3])(
    'is reset once for each attempt that its simulator ended, with %s allowed',
    async allowedResets => {
      const { driven, recorded } = await timeAt(name, 0, allowedResets)
      const resets = resetsOf(driven)
      const left = resets.filter(({ reason }) => reason === 'left the track')
      expect(left).toHaveLength(recorded.filter(({ complete }) => !complete).length)
      // After the last attempt nobody put it back.
      const completed = recorded.slice(0, -1).filter(({ complete }) => complete)
      expect(resets.length - left.length).toBe(completed.length)
    }
  )
})

describe('all recordings', () => {
  it('hold twenty completed laps, one of six and fourteen of sixty attempts', () => {
    const lines = table
      .toSorted((a, b) => a.recording.localeCompare(b.recording) || a.attempt - b.attempt)
      .map(({ recording, attempt, recorded, ours }) =>
        [
          recording.padEnd(12),
          `attempt ${attempt}`.padEnd(10),
          `recorded ${recorded}`,
          `ours ${ours}`,
          `${ours - recorded}`.padStart(4)
        ].join('  ')
      )
    console.info(`laps in ms\n${lines.join('\n')}`)
    expect(table).toHaveLength(20)
  })

  it('of evaluations have the order that was recorded, but where that differs by less than a reading', async () => {
    const steps = EVALUATIONS.map(name => longestStepMs(new URL(`${name}.csv`, RECORDINGS)))
    const longestStep = Math.max(...(await Promise.all(steps)))
    const laps = table.filter(({ recording }) => EVALUATIONS.includes(recording))
    const pairs = laps.flatMap(a => laps.map(b => ({ a, b })))
    const apart = pairs.filter(({ a, b }) => b.recorded - a.recorded >= longestStep)
    expect(apart.length).toBeGreaterThan(10)
    for (const { a, b } of apart) expect(b.ours).toBeGreaterThan(a.ours)
  })
})
