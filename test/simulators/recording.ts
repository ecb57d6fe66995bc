import { readFile } from 'node:fs/promises'
import { BATCH_MAX_READINGS, type CarReading, type Line } from '#contract'

/** The folder of the recorded runs and their course. */
export const RECORDINGS = new URL('../recordings/', import.meta.url)

/** One lap of a recording: what the simulator itself says of it. */
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

/** A recorded run as the car itself knew it, `seq` from 0. What the simulator judged stays in the file. */
export async function readRecording(file: string | URL): Promise<CarReading[]> {
  const rows = await readCsv(file)
  return rows.map((cell, seq) => ({
    seq,
    t: milliseconds(cell('tstamp')),
    x: Number(cell('X')),
    y: Number(cell('Y')),
    // The simulator writes degrees; a car's own heading is in radians.
    yaw: (Number(cell('yaw')) * Math.PI) / 180,
    speed: Number(cell('throttle')),
    wheelsOnTrack: cell('all_wheels_on_track') === 'True'
  }))
}

/** The recording's own lap times, for tests alone: no reading carries them. */
export async function recordedLaps(file: string | URL): Promise<RecordedLap[]> {
  const episodes = Map.groupBy(await readCsv(file), cell => cell('episode'))
  return [...episodes.values()].map(rows => ({
    lapMs: milliseconds(rows.at(-1)!('tstamp')) - milliseconds(rows[0]!('tstamp')),
    complete: rows.at(-1)!('episode_status') === 'lap_complete'
  }))
}

/** The start line of a course: across the track at its first point, from the inner border to the outer. */
export async function readStartLine(file: string | URL): Promise<Line> {
  const [first] = await readCsv(file)
  if (!first) throw new Error(`${file}: the course has no points`)
  return {
    x1: Number(first('inner_x')),
    y1: Number(first('inner_y')),
    x2: Number(first('outer_x')),
    y2: Number(first('outer_y'))
  }
}

/** Packs readings by the second of the car's clock since its first reading, within the size of a request. */
export function packBySecond(readings: CarReading[]): CarReading[][] {
  const zero = readings[0]?.t ?? 0
  const seconds = Map.groupBy(readings, reading => Math.floor((reading.t - zero) / 1_000))
  return [...seconds.values()].flatMap(second =>
    Array.from({ length: Math.ceil(second.length / BATCH_MAX_READINGS) }, (_, part) =>
      second.slice(part * BATCH_MAX_READINGS, (part + 1) * BATCH_MAX_READINGS)
    )
  )
}
