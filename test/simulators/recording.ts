import { readFile } from 'node:fs/promises'
import { BATCH_MAX_READINGS, type CarReading, type Course, type Line } from '#contract'

/** The folder of the recorded runs and their course. */
export const RECORDINGS = new URL('../recordings/', import.meta.url)

/** One attempt of a recording: what the simulator itself says of it. */
export type RecordedLap = { lapMs: number; complete: boolean }

/** Rows of a CSV file with a header, each as a look-up by column. Throws where a row or a column is missing. */
async function readCsv(file: string | URL): Promise<Array<(column: string) => string>> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).trimEnd().split(/\r?\n/)
  const columns = new Map(header.split(',').map((name, index) => [name, index]))
  return lines.map((line, row) => {
    const cells = line.split(',')
    if (cells.length !== columns.size) throw new Error(`${file}: row ${row + 1} is broken`)
    return column => {
      const cell = cells[columns.get(column) ?? -1]
      if (cell === undefined) throw new Error(`${file}: there is no column ${column}`)
      return cell
    }
  })
}

const milliseconds = (seconds: string): number => Math.round(Number(seconds) * 1_000)

/**
 * The attempts of a recorded run as the car itself knew them, `seq` from 0 over all. What the simulator judged stays in
 * the file. With `first` and `last` only those attempts, counted from 0.
 */
export async function readDrivenAttempts(
  file: string | URL,
  [first, last] = [0, Number.POSITIVE_INFINITY]
): Promise<CarReading[][]> {
  let seq = 0
  return (await readAttempts(file)).slice(first, last + 1).map(rows =>
    rows.map(cell => ({
      seq: seq++,
      t: milliseconds(cell('tstamp')),
      x: Number(cell('X')),
      y: Number(cell('Y')),
      // The simulator writes degrees; a car's own heading is in radians.
      yaw: (Number(cell('yaw')) * Math.PI) / 180,
      speed: Number(cell('throttle')),
      wheelsOnTrack: cell('all_wheels_on_track') === 'True'
    }))
  )
}

/** A whole recorded run as the car itself knew it. */
export const readRecording = async (file: string | URL): Promise<CarReading[]> =>
  (await readDrivenAttempts(file)).flat()

/** The recording's own lap times, for tests alone: no reading carries them. */
export async function recordedLaps(file: string | URL): Promise<RecordedLap[]> {
  const attempts = await readAttempts(file)
  return attempts.map(rows => ({
    lapMs: milliseconds(rows.at(-1)!('tstamp')) - milliseconds(rows[0]!('tstamp')),
    complete: rows.at(-1)!('episode_status') === 'lap_complete'
  }))
}

/** The longest time between two readings of one attempt, in ms: no lap can be told more exactly for sure. */
export async function longestStepMs(file: string | URL): Promise<number> {
  const attempts = await readAttempts(file)
  const stamps = attempts.map(rows => rows.map(cell => milliseconds(cell('tstamp'))))
  return Math.max(...stamps.flatMap(own => own.slice(1).map((t, i) => t - own[i]!)))
}

const readAttempts = async (file: string | URL) => [
  ...Map.groupBy(await readCsv(file), cell => cell('episode')).values()
]

/**
 * A start line of a course: across the track from the inner border to the outer,
 * at the course's first point or a share of its length further on (0 to 1, along the centre line).
 */
export async function readStartLine(file: string | URL, share = 0): Promise<Line> {
  const points = (await readCsv(file)).map(cell => ({
    centre: point(cell, 'centre'),
    inner: point(cell, 'inner'),
    outer: point(cell, 'outer')
  }))
  const stretches = points.slice(1).map((to, i) => {
    const from = points[i] ?? to
    const { x, y } = from.centre
    return { from, to, metres: Math.hypot(to.centre.x - x, to.centre.y - y) }
  })
  let left = share * stretches.reduce((sum, { metres }) => sum + metres, 0)
  for (const { from, to, metres } of stretches) {
    if (left < metres) {
      const { x: x1, y: y1 } = between(from.inner, to.inner, left / metres)
      const { x: x2, y: y2 } = between(from.outer, to.outer, left / metres)
      return { x1, y1, x2, y2 }
    }
    left -= metres
  }
  throw new Error(`${file}: the course has no point at ${share} of its length`)
}

type Point = { x: number; y: number }
const point = (cell: (column: string) => string, name: string): Point => ({
  x: Number(cell(`${name}_x`)),
  y: Number(cell(`${name}_y`))
})
const between = (a: Point, b: Point, part: number): Point => ({
  x: a.x + part * (b.x - a.x),
  y: a.y + part * (b.y - a.y)
})

/** The edges of a course; its last point repeats the first. */
export async function readBoundary(file: string | URL): Promise<NonNullable<Course['boundary']>> {
  const points = (await readCsv(file)).slice(0, -1)
  return {
    inner: points.map(cell => point(cell, 'inner')),
    outer: points.map(cell => point(cell, 'outer'))
  }
}

/** Packs readings by the second (or so many ms) of the car's clock since its first reading, within the size of a request. */
export function packBySecond(readings: CarReading[], secondMs = 1_000): CarReading[][] {
  const zero = readings[0]?.t ?? 0
  const seconds = Map.groupBy(readings, reading => Math.floor((reading.t - zero) / secondMs))
  return [...seconds.values()].flatMap(second =>
    Array.from({ length: Math.ceil(second.length / BATCH_MAX_READINGS) }, (_, part) =>
      second.slice(part * BATCH_MAX_READINGS, (part + 1) * BATCH_MAX_READINGS)
    )
  )
}
