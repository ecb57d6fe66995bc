import type { Line } from '#contract'

/** A place in the course's plane, in metres. */
export type Point = { x: number; y: number }

/** A car that stands no further than its own length beyond the line, in metres, starts its lap from standing. */
const STANDING_START_M = 0.3

/**
 * Where the step from `a` to `b` crosses the line, if it does: `share` of the step is made before it.
 * Forward is from the side where the line's first end is on the left.
 */
export function crossingOf(
  line: Line,
  a: Point,
  b: Point
): { share: number; forward: boolean } | undefined {
  const before = beyond(line, a)
  const after = beyond(line, b)
  if (before < 0 === after < 0) return undefined
  const share = before / (before - after)
  const x = a.x + share * (b.x - a.x)
  const y = a.y + share * (b.y - a.y)
  return isBetweenEnds(line, { x, y }) ? { share, forward: after >= 0 } : undefined
}

/** Whether a car is where a lap from standing begins: just beyond the line. */
export function isAtStart(line: Line, p: Point): boolean {
  const distance = beyond(line, p)
  return distance >= 0 && distance <= STANDING_START_M && isBetweenEnds(line, p)
}

/** How far a point lies beyond the line in driving direction, in metres; negative before it. */
function beyond(line: Line, p: Point): number {
  const dx = line.x2 - line.x1
  const dy = line.y2 - line.y1
  return (dx * (p.y - line.y1) - dy * (p.x - line.x1)) / Math.hypot(dx, dy)
}

function isBetweenEnds(line: Line, p: Point): boolean {
  const dx = line.x2 - line.x1
  const dy = line.y2 - line.y1
  const along = ((p.x - line.x1) * dx + (p.y - line.y1) * dy) / (dx * dx + dy * dy)
  return along >= 0 && along <= 1
}
