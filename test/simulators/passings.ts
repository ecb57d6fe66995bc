import type { CarReading, Line } from '#contract'

/** A car's passing over a line: when, in ms of its recording's clock, interpolated, and how fast, in m/s. */
export type Passing = { t: number; speed: number }

/** Passings of the line as they were driven: a car that is carried over it between two attempts passes nothing. */
export const passingsOf = (line: Line, attempts: CarReading[][]): Passing[] =>
  attempts.flatMap(readings =>
    readings.slice(1).flatMap((to, i) => passing(line, readings[i] ?? to, to))
  )

function passing(line: Line, from: CarReading, to: CarReading): Passing[] {
  const before = across(line, from)
  const after = across(line, to)
  if (before < 0 === after < 0) return []
  const share = before / (before - after)
  const [dx, dy, ms] = [to.x - from.x, to.y - from.y, to.t - from.t]
  const along = alongLine(line, { x: from.x + share * dx, y: from.y + share * dy })
  if (along < 0 || along > 1) return []
  return [{ t: from.t + share * ms, speed: Math.hypot(dx, dy) / (ms / 1_000) }]
}

type Point = Pick<CarReading, 'x' | 'y'>

/** On which side of the line a point lies, by sign, and how far in relation to others. */
const across = ({ x1, y1, x2, y2 }: Line, { x, y }: Point): number =>
  (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)

/** Where along the line a point lies: 0 at its first end, 1 at its second. */
const alongLine = ({ x1, y1, x2, y2 }: Line, { x, y }: Point): number =>
  ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
