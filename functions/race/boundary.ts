import type { Course } from '#contract'
import type { Point } from './startLine.ts'

/** The track's edges. */
export type Boundary = NonNullable<Course['boundary']>

/** How far a place lies off the band between the two rings, in metres; 0 on it. */
export function metresOff({ inner, outer }: Boundary, place: Point): number {
  if (isInside(inner, place) !== isInside(outer, place)) return 0
  return Math.min(...[inner, outer].flatMap(edgesOf).map(([a, b]) => metresTo(a, b, place)))
}

/** Whether a ray from the place leaves the ring: it crosses an odd number of edges. */
const isInside = (ring: Point[], { x, y }: Point): boolean =>
  edgesOf(ring).filter(
    ([a, b]) => a.y > y !== b.y > y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)
  ).length %
    2 ===
  1

const edgesOf = (ring: Point[]): [Point, Point][] =>
  ring.map((point, i) => [ring.at(i - 1) ?? point, point])

/** From a place to the nearest of the points between `a` and `b`. */
function metresTo(a: Point, b: Point, { x, y }: Point): number {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)
  const share = Math.max(0, Math.min(1, along))
  return Math.hypot(x - a.x - share * dx, y - a.y - share * dy)
}
